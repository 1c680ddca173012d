import { describe, expect, test } from 'vitest';
import { PERMISSIONS, roleMay, rolesThatMay } from './permissions.ts';

describe('the table of permissions', () => {
  test('lets an owner do everything', () => {
    for (const permission of PERMISSIONS) expect(roleMay('owner', permission)).toBe(true);
  });

  test('keeps money from staff and learners from finance', () => {
    expect(roleMay('staff', 'documents.view')).toBe(false);
    expect(roleMay('finance', 'learners.edit')).toBe(false);
    expect(roleMay('finance', 'learners.sync')).toBe(true);
    expect(roleMay('admin', 'people.manage')).toBe(false);
  });

  test('names who may in words', () => {
    expect(rolesThatMay('connections.manage')).toBe('an Owner or Admin');
    expect(rolesThatMay('people.manage')).toBe('an Owner');
    expect(rolesThatMay('documents.view')).toBe('an Owner, Admin or Finance');
  });
});
