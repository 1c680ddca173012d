import { wireMoment } from '../core/dates.ts';
import type { ApiAnswer, ApiCall, Member, Operation } from './api-call.ts';
import { notFound } from './api-error.ts';
import { answerList } from './envelope.ts';
import { answerListing } from './list.ts';
import type { BrandingTheme } from './settings-model.ts';
import type { Wire } from './wire-common.ts';
import { wireJson } from './wire-json.ts';

const WIRE_ROLES: Readonly<Record<string, string>> = {
  ADVISER: 'FINANCIALADVISER',
  STANDARD: 'STANDARD',
  INVOICEONLY: 'INVOICEONLY',
  READONLY: 'READONLY',
};

/** A person of the organisation, as a row that can be listed. The first one subscribed. */
interface User extends Member {
  readonly id: string;
  readonly isSubscriber: boolean;
}

function usersOf(call: ApiCall): User[] {
  return call
    .members()
    .map((member, i) => ({ ...member, id: member.userId, isSubscriber: i === 0 }));
}

function roleOf(user: User): string {
  return WIRE_ROLES[user.role] ?? 'UNKNOWN';
}

function wireUser(call: ApiCall, user: User): Wire {
  return {
    UserID: user.id,
    EmailAddress: user.email,
    FirstName: user.givenName,
    LastName: user.familyName,
    UpdatedDateUTC: wireMoment(call.books.organisation().createdAtMs),
    IsSubscriber: user.isSubscriber,
    OrganisationRole: roleOf(user),
  };
}

function listUsers(call: ApiCall): ApiAnswer {
  const users = usersOf(call);
  return answerListing(call, {
    name: 'Users',
    isUnpaged: true,
    collection: { all: () => users, size: users.length },
    fields: {
      userid: (user) => user.id,
      emailaddress: (user) => user.email,
      firstname: (user) => user.givenName,
      lastname: (user) => user.familyName,
      issubscriber: (user) => user.isSubscriber,
      organisationrole: roleOf,
    },
    updatedAtMs: () => call.books.organisation().createdAtMs,
    toJson: (user) => wireJson(wireUser(call, user)),
  });
}

function getUser(call: ApiCall): ApiAnswer {
  const user = usersOf(call).find((one) => one.id === call.params.UserID?.toLowerCase());
  if (!user) throw notFound();
  return answerList(call, 'Users', [wireUser(call, user)]);
}

function wireTheme(theme: BrandingTheme): Wire {
  return {
    BrandingThemeID: theme.id,
    Name: theme.name,
    SortOrder: theme.sortOrder,
    CreatedDateUTC: wireMoment(theme.createdAtMs),
    Type: 'INVOICE',
  };
}

function listThemes(call: ApiCall): ApiAnswer {
  const themes = [...call.books.brandingThemes.all()].sort((a, b) => a.sortOrder - b.sortOrder);
  return answerList(call, 'BrandingThemes', themes.map(wireTheme));
}

function getTheme(call: ApiCall): ApiAnswer {
  const theme = call.books.brandingThemes.get((call.params.BrandingThemeID ?? '').toLowerCase());
  if (!theme) throw notFound();
  return answerList(call, 'BrandingThemes', [wireTheme(theme)]);
}

export const peopleOperations: readonly Operation[] = [
  { id: 'getUsers', method: 'GET', path: '/Users', handle: listUsers },
  { id: 'getUser', method: 'GET', path: '/Users/:UserID', handle: getUser },
  { id: 'getBrandingThemes', method: 'GET', path: '/BrandingThemes', handle: listThemes },
  {
    id: 'getBrandingTheme',
    method: 'GET',
    path: '/BrandingThemes/:BrandingThemeID',
    handle: getTheme,
  },
];
