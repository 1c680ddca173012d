import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { LiveTopic } from '#contract/live';
import { toastFailure } from '../stores/toast.ts';
import { call } from './client.ts';
import { type AnswerOf, type GivenOf, type RouteName, renew, routesOfTopic } from './queries.ts';

/** What an action changes, so that the page that did it never waits for the live message. */
const topicsOf: Partial<Record<RouteName, readonly LiveTopic[]>> = {
  addLearner: ['learners'],
  editLearner: ['learners'],
  setLearnerSync: ['learners', 'sync'],
  setManyLearnerSync: ['learners', 'sync'],
  syncLearnerNow: ['sync'],
  addWorkplace: ['workplaces'],
  editWorkplace: ['workplaces', 'sync'],
  setWorkplaceSync: ['workplaces', 'sync'],
  setManyWorkplaceSync: ['workplaces', 'sync'],
  setLearnerWorkplace: ['learners', 'workplaces'],
  syncWorkplaceNow: ['sync'],
  decideWorkplaceMatch: ['sync'],
  startSyncRun: ['runs'],
  steerSyncRun: ['runs'],
  retryProblem: ['sync'],
  ignoreProblem: ['sync'],
  unignoreProblem: ['sync'],
  decideDrift: ['sync', 'learners', 'workplaces'],
  setSyncRules: ['sync'],
  decideProposal: ['sync'],
  acceptProposals: ['sync'],
  approveMatching: ['sync'],
  importMap: ['sync'],
  decideLearnerMatch: ['sync'],
  relinkLearner: ['sync', 'documents'],
  relinkWorkplace: ['sync', 'documents'],
  checkAgreement: ['sync'],
  mergeLearners: ['learners', 'sync', 'documents'],
  undoLearnerMerge: ['learners', 'sync', 'documents'],
  startImport: ['imports'],
  setImportOptions: ['imports'],
  commitImport: ['imports'],
  discardImport: ['imports'],
  chooseOrganisation: ['connections'],
  makeConnectInvitation: ['connections'],
  sendConnectInvitation: ['connections'],
  revokeConnectInvitation: ['connections'],
  setOrganisationRules: ['connections', 'learners', 'sync'],
  disconnect: ['connections', 'sync'],
  readBooksNow: ['connections'],
  addWebhookEndpoint: ['webhooks'],
  changeWebhookEndpoint: ['webhooks'],
  removeWebhookEndpoint: ['webhooks'],
  rotateWebhookSecret: ['webhooks'],
  testWebhookEndpoint: ['webhooks'],
  replayWebhookDelivery: ['webhooks'],
  replayFailedWebhooks: ['webhooks'],
  testConnection: ['connections', 'sync'],
  pauseConnection: ['connections', 'sync'],
  resumeConnection: ['connections', 'sync'],
};
const alsoRenews: Partial<Record<RouteName, readonly RouteName[]>> = {
  invitePerson: ['listInvitations'],
  revokeMemberInvitation: ['listInvitations'],
  changeRole: ['listMembers', 'listInvitations', 'listApiKeys', 'me'],
  removeMember: ['listMembers', 'listInvitations', 'listApiKeys'],
  confirmAuthenticator: ['security', 'me'],
  renewRecoveryCodes: ['security'],
  turnOffAuthenticator: ['security', 'me'],
  addPasskey: ['security', 'me'],
  renamePasskey: ['security'],
  removePasskey: ['security', 'me'],
  changePassword: ['security'],
  endSession: ['security'],
  endOtherSessions: ['security'],
  untieXero: ['security'],
  openSupportRequest: ['listSupportRequests', 'listMails'],
  replyToSupportRequest: ['listSupportRequests', 'getSupportRequest', 'listMails'],
  closeSupportRequest: ['listSupportRequests', 'getSupportRequest'],
  reopenSupportRequest: ['listSupportRequests', 'getSupportRequest'],
  closeProvider: ['getProviderStanding', 'listApps'],
  reopenProvider: ['getProviderStanding', 'listApps'],
  createApiKey: ['listApiKeys'],
  checkAudit: ['auditStanding', 'listAudit'],
  revokeApiKey: ['listApiKeys'],
};

interface Follow<Name extends RouteName> {
  onDone?: (answer: AnswerOf<Name>, given: GivenOf<Name>) => void;
  /** `inline` for forms, which show the failure themselves; else a toast tells it. */
  failure?: 'toast' | 'inline';
}

/** One act of a person: calls the route, renews what it changed, tells a failure once. */
export function useAction<Name extends RouteName>(name: Name, follow: Follow<Name> = {}) {
  const client = useQueryClient();
  return useMutation<AnswerOf<Name>, Error, GivenOf<Name>>({
    mutationFn: (given) => call(name, given),
    onSuccess: (answer, given) => {
      const touched = (topicsOf[name] ?? []).flatMap((topic) => routesOfTopic[topic]);
      renew(client, [...touched, ...(alsoRenews[name] ?? [])]);
      follow.onDone?.(answer, given);
    },
    onError: (error) => {
      if (follow.failure !== 'inline') toastFailure(error);
    },
  });
}
