import { linkOptions } from '@tanstack/react-router';

/** Every address of the pages, by name: links are built here and nowhere else. */
export const paths = {
  signIn: linkOptions({ to: '/sign-in' }),
  forgottenPassword: linkOptions({ to: '/forgotten-password' }),
  overview: linkOptions({ to: '/overview' }),
  learners: linkOptions({ to: '/learners' }),
  addLearner: linkOptions({ to: '/learners/new' }),
  learner: (learnerId: string) =>
    linkOptions({ to: '/learners/$learnerId', params: { learnerId } }),
  learnerInvoices: (learnerId: string) =>
    linkOptions({
      to: '/learners/$learnerId',
      params: { learnerId },
      search: { tab: 'invoices' },
    }),
  learnerStatement: (learnerId: string) =>
    linkOptions({
      to: '/learners/$learnerId',
      params: { learnerId },
      search: { tab: 'statement' },
    }),
  statement: (learnerId: string) =>
    linkOptions({ to: '/learners/$learnerId/statement', params: { learnerId } }),
  learnerDiagnosis: (learnerId: string) =>
    linkOptions({ to: '/learners/$learnerId/diagnosis', params: { learnerId } }),
  mergeLearner: (learnerId: string) =>
    linkOptions({ to: '/learners/$learnerId', params: { learnerId }, search: { act: 'merge' } }),
  relinkLearner: (learnerId: string) =>
    linkOptions({ to: '/learners/$learnerId', params: { learnerId }, search: { act: 'relink' } }),
  editLearner: (learnerId: string) =>
    linkOptions({ to: '/learners/$learnerId/edit', params: { learnerId } }),
  workplaces: linkOptions({ to: '/workplaces' }),
  addWorkplace: linkOptions({ to: '/workplaces/new' }),
  workplace: (workplaceId: string) =>
    linkOptions({ to: '/workplaces/$workplaceId', params: { workplaceId } }),
  workplaceInvoices: (workplaceId: string) =>
    linkOptions({
      to: '/workplaces/$workplaceId',
      params: { workplaceId },
      search: { tab: 'invoices' },
    }),
  workplaceDiagnosis: (workplaceId: string) =>
    linkOptions({ to: '/workplaces/$workplaceId/diagnosis', params: { workplaceId } }),
  relinkWorkplace: (workplaceId: string) =>
    linkOptions({
      to: '/workplaces/$workplaceId',
      params: { workplaceId },
      search: { act: 'relink' },
    }),
  editWorkplace: (workplaceId: string) =>
    linkOptions({ to: '/workplaces/$workplaceId/edit', params: { workplaceId } }),
  invoices: linkOptions({ to: '/invoices' }),
  missingPaper: linkOptions({ to: '/invoices/missing' }),
  imports: linkOptions({ to: '/imports' }),
  newImport: linkOptions({ to: '/imports/new' }),
  import: (importId: string) => linkOptions({ to: '/imports/$importId', params: { importId } }),
  syncInbox: linkOptions({ to: '/sync' }),
  syncProblem: (key: string) => linkOptions({ to: '/sync/problems/$key', params: { key } }),
  agreement: linkOptions({ to: '/sync/agreement' }),
  agreementCheck: (checkId: string) =>
    linkOptions({ to: '/sync/agreement/$checkId', params: { checkId } }),
  runs: linkOptions({ to: '/sync/runs' }),
  run: (runId: string) => linkOptions({ to: '/sync/runs/$runId', params: { runId } }),
  connectedApps: linkOptions({ to: '/settings/connected-apps' }),
  manageConnection: (connectionId: string) =>
    linkOptions({ to: '/settings/connected-apps/$connectionId/manage', params: { connectionId } }),
  organisationRules: linkOptions({ to: '/settings/connected-apps/rules' }),
  books: (connectionId: string) =>
    linkOptions({
      to: '/settings/connected-apps/$connectionId/books',
      params: { connectionId },
    }),
  chooseOrganisation: (connectionId: string) =>
    linkOptions({
      to: '/settings/connected-apps/$connectionId/choose',
      params: { connectionId },
    }),
  matching: (connectionId: string) =>
    linkOptions({
      to: '/settings/connected-apps/$connectionId/matching',
      params: { connectionId },
    }),
  connectedApp: (appKey: string) =>
    linkOptions({ to: '/settings/connected-apps/$appKey', params: { appKey } }),
  providerPackage: linkOptions({ to: '/settings/package' }),
  support: linkOptions({ to: '/settings/support' }),
  supportRequest: (requestId: string) =>
    linkOptions({ to: '/settings/support/$requestId', params: { requestId } }),
  outgoingMail: linkOptions({ to: '/settings/outgoing-mail' }),
  provider: linkOptions({ to: '/settings/provider' }),
  people: linkOptions({ to: '/settings/people' }),
  security: linkOptions({ to: '/settings/security' }),
  apiKeys: linkOptions({ to: '/settings/api-keys' }),
  syncRules: linkOptions({ to: '/settings/sync-rules' }),
  audit: linkOptions({ to: '/settings/audit-log' }),
  webhooks: linkOptions({ to: '/settings/webhooks' }),
  webhookEndpoint: (endpointId: string) =>
    linkOptions({ to: '/settings/webhooks/$endpointId', params: { endpointId } }),
};
