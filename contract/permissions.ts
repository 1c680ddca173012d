import { z } from 'zod';

/** What a person is at one provider, from most to least. */
export const ROLES = ['owner', 'admin', 'finance', 'staff'] as const;
export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;

export const roleNames: Record<Role, string> = {
  owner: 'Owner',
  admin: 'Admin',
  finance: 'Finance',
  staff: 'Staff',
};

/**
 * The one table of permissions: what each allows, in the words a page uses ("You need to be able
 * to ..."), and which roles hold it. The server checks it; pages read it to say who here may act.
 */
export const permissions = {
  'learners.view': { allows: 'see learners', roles: ['owner', 'admin', 'finance', 'staff'] },
  'learners.edit': { allows: 'add and edit learners', roles: ['owner', 'admin', 'staff'] },
  'learners.merge': { allows: 'merge two learners into one', roles: ['owner', 'admin'] },
  'learners.import': { allows: 'import learners', roles: ['owner', 'admin'] },
  'learners.sync': {
    allows: 'turn Sync to Xero on or off for learners',
    roles: ['owner', 'admin', 'finance'],
  },
  'workplaces.view': { allows: 'see workplaces', roles: ['owner', 'admin', 'finance', 'staff'] },
  'workplaces.edit': { allows: 'add and edit workplaces', roles: ['owner', 'admin', 'staff'] },
  'workplaces.sync': {
    allows: 'turn Sync to Xero on or off for workplaces',
    roles: ['owner', 'admin', 'finance'],
  },
  'documents.view': {
    allows: 'see invoices and payments',
    roles: ['owner', 'admin', 'finance'],
  },
  'connections.view': {
    allows: 'see connected apps',
    roles: ['owner', 'admin', 'finance', 'staff'],
  },
  'connections.manage': { allows: 'connect and disconnect apps', roles: ['owner', 'admin'] },
  'people.view': { allows: 'see who works here', roles: ['owner', 'admin', 'finance', 'staff'] },
  'people.manage': { allows: 'invite people and change their roles', roles: ['owner'] },
  'audit.view': { allows: 'see the audit log', roles: ['owner', 'admin'] },
  'api-keys.manage': { allows: 'make and revoke API keys', roles: ['owner', 'admin'] },
  'package.view': {
    allows: 'see what the package includes',
    roles: ['owner', 'admin', 'finance', 'staff'],
  },
  'support.use': {
    allows: 'ask the people who run Bursar',
    roles: ['owner', 'admin', 'finance', 'staff'],
  },
  'mails.view': { allows: 'see outgoing mail', roles: ['owner'] },
  'provider.close': { allows: 'take out all data and close this provider', roles: ['owner'] },
} as const satisfies Record<string, { allows: string; roles: readonly Role[] }>;

export type Permission = keyof typeof permissions;
export const PERMISSIONS = Object.keys(permissions) as Permission[];

/** Whether a role holds a permission. */
export function roleMay(role: Role, permission: Permission): boolean {
  return (permissions[permission].roles as readonly Role[]).includes(role);
}

/** The roles that hold a permission, as a person would read them: "an Owner or Admin". */
export function rolesThatMay(permission: Permission): string {
  const names = permissions[permission].roles.map((role) => roleNames[role]);
  const last = names.at(-1) ?? '';
  const list = names.length > 1 ? `${names.slice(0, -1).join(', ')} or ${last}` : last;
  return `${/^[AEIOU]/.test(list) ? 'an' : 'a'} ${list}`;
}
