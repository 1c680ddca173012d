import { describe, expect, it } from 'vitest';
import { dayOf, instantOf, modifiedSinceHeader } from './date.ts';

describe('dayOf', () => {
  it('takes the plain twin when there is one', () => {
    expect(dayOf('/Date(1757808000000+0000)/', '2025-09-14T00:00:00')).toBe('2025-09-14');
  });

  it('takes the UTC date of the legacy spelling, whatever offset decorates it', () => {
    expect(dayOf('/Date(1757808000000+0000)/')).toBe('2025-09-14');
    expect(dayOf('/Date(1757808000000+1300)/')).toBe('2025-09-14');
    expect(dayOf('/Date(1757808000000)/')).toBe('2025-09-14');
  });

  it('reads days before 1970', () => {
    expect(dayOf('/Date(-86400000+0000)/')).toBe('1969-12-31');
  });

  it('is null for what it cannot read', () => {
    for (const text of [undefined, null, '', 'yesterday', '/Date()/']) {
      expect(dayOf(text)).toBeNull();
    }
  });
});

describe('instantOf', () => {
  it('keeps the milliseconds of the legacy spelling', () => {
    const instant = instantOf('/Date(1518685950940+0000)/', '2018-02-15T09:12:30Z');
    expect(instant?.getTime()).toBe(1518685950940);
  });

  it('reads the twin, with or without its zone, as UTC', () => {
    const right = Date.UTC(2026, 8, 14, 9, 29, 59);
    expect(instantOf(null, '2026-09-14T09:29:59Z')?.getTime()).toBe(right);
    expect(instantOf('2026-09-14T09:29:59')?.getTime()).toBe(right);
  });

  it('reads the seven decimals of the connections list', () => {
    expect(instantOf('2026-09-14T09:29:59.1234567')?.toISOString()).toBe(
      '2026-09-14T09:29:59.123Z',
    );
  });

  it('is null for what it cannot read', () => {
    expect(instantOf('soon', '')).toBeNull();
  });
});

it('asks for changes by whole seconds, rounded down', () => {
  expect(modifiedSinceHeader(new Date('2026-03-02T01:02:03.999Z'))).toBe('2026-03-02T01:02:03');
});
