import { agreementRoutes } from './agreement.ts';
import { auditRoutes } from './audit.ts';
import { billingRoutes } from './billing.ts';
import { bookRoutes } from './books.ts';
import { closingRoutes } from './closing.ts';
import { connectInvitationRoutes } from './connect-invitations.ts';
import { connectionLifeRoutes } from './connection-life.ts';
import { connectionRoutes } from './connections.ts';
import { diagnosisRoutes } from './diagnosis.ts';
import { driftRoutes } from './drift.ts';
import { importRoutes } from './imports.ts';
import { inboxRoutes } from './inbox.ts';
import { learnerRoutes } from './learners.ts';
import { mailRoutes } from './mails.ts';
import { matchingRoutes } from './matching-routes.ts';
import { mergeRoutes } from './merges.ts';
import { organisationRoutes } from './organisations.ts';
import { packageRoutes } from './package.ts';
import { peopleRoutes } from './people.ts';
import { providerRoutes } from './providers.ts';
import { runRoutes } from './runs.ts';
import { signInRoutes } from './sign-in.ts';
import { statementRoutes } from './statement.ts';
import { supportRoutes } from './support.ts';
import { syncRoutes } from './sync.ts';
import { webhookRoutes } from './webhooks.ts';
import { workplaceRoutes } from './workplaces.ts';
import { xeroSignInRoutes } from './xero-sign-in.ts';

/** Every route of the API, by name: the server must register them all, and no other. */
export const api = {
  ...providerRoutes,
  ...signInRoutes,
  ...peopleRoutes,
  ...xeroSignInRoutes,
  ...learnerRoutes,
  ...mergeRoutes,
  ...workplaceRoutes,
  ...importRoutes,
  ...connectionRoutes,
  ...connectionLifeRoutes,
  ...connectInvitationRoutes,
  ...organisationRoutes,
  ...syncRoutes,
  ...agreementRoutes,
  ...runRoutes,
  ...inboxRoutes,
  ...driftRoutes,
  ...diagnosisRoutes,
  ...matchingRoutes,
  ...billingRoutes,
  ...auditRoutes,
  ...webhookRoutes,
  ...statementRoutes,
  ...bookRoutes,
  ...packageRoutes,
  ...supportRoutes,
  ...mailRoutes,
  ...closingRoutes,
};

export type Api = typeof api;
