import { wireMoment } from '../core/dates.ts';
import type { ApiAnswer, ApiCall, Operation } from './api-call.ts';
import { notFound } from './api-error.ts';
import { answerList } from './envelope.ts';
import type { BrandingTheme } from './settings-model.ts';
import type { Wire } from './wire-common.ts';

const WIRE_ROLES: Readonly<Record<string, string>> = {
  ADVISER: 'FINANCIALADVISER',
  STANDARD: 'STANDARD',
  INVOICEONLY: 'INVOICEONLY',
  READONLY: 'READONLY',
};

function wireUsers(call: ApiCall): Wire[] {
  return call.members().map((member, i) => ({
    UserID: member.userId,
    EmailAddress: member.email,
    FirstName: member.givenName,
    LastName: member.familyName,
    UpdatedDateUTC: wireMoment(call.books.organisation().createdAtMs),
    IsSubscriber: i === 0,
    OrganisationRole: WIRE_ROLES[member.role] ?? 'UNKNOWN',
  }));
}

function getUser(call: ApiCall): ApiAnswer {
  const user = wireUsers(call).find((one) => one.UserID === call.params.UserID?.toLowerCase());
  if (!user) throw notFound();
  return answerList(call, 'Users', [user]);
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
  {
    id: 'getUsers',
    method: 'GET',
    path: '/Users',
    handle: (call) => answerList(call, 'Users', wireUsers(call)),
  },
  { id: 'getUser', method: 'GET', path: '/Users/:UserID', handle: getUser },
  { id: 'getBrandingThemes', method: 'GET', path: '/BrandingThemes', handle: listThemes },
  {
    id: 'getBrandingTheme',
    method: 'GET',
    path: '/BrandingThemes/:BrandingThemeID',
    handle: getTheme,
  },
];
