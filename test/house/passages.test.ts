import { expect, it } from 'vitest';
import { codeSources, isTest, withoutComments } from './sources.ts';

/**
 * The files that may look across providers, each with the reason. Everything else works for one
 * provider at a time and sees no row of another, whatever it asks for.
 */
const ACROSS_PROVIDERS: Record<string, string> = {
  'src/platform/database.ts': 'defines it',
  'src/platform/mail-delivery.ts': 'finds the mails that are due',
  'src/platform/installation.ts': 'which Bursar this is',
  'src/platform/jobs/worker.ts': 'heartbeats of processes',
  'src/platform/schema-watch.ts': 'the schema is everybody’s',
  'src/providers/accept-invitation.ts': 'an invitation’s link says whose it is',
  'src/providers/authenticate.ts': 'whose session or key it is, is only known after the look-up',
  'src/providers/providers.ts': 'makes and lists providers for the command line',
  'src/providers/forgotten-password.ts': 'a person may belong to several providers',
  'src/providers/own-account.ts': 'a person may belong to several providers',
  'src/providers/session-routes.ts': 'a person may belong to several providers',
  'src/providers/tell-person.ts': 'a person may belong to several providers',
  'src/providers/sign-in-attempts.ts': 'guesses at passwords are nobody’s yet',
  'src/audit/seal-events.ts': 'one walk ties the events of all providers into their chains',
  'src/audit/check-chains.ts':
    'compares a chain with how far the one sealer has come, and finds what was erased',
  'src/audit/daily-checks.ts': 'finds whose chain is due',
  'src/audit/accept-restore.ts': 'compares a chain with how far the one sealer has come',
  'src/platform/reseal.ts': 'a key is renewed for the secrets of everybody',
  'src/connections/keep-grants-alive.ts': 'a grant may serve several providers',
  'src/providers/spent-codes.ts': 'a person’s codes belong to no provider',
  'src/webhooks/webhooks.ts': 'finds the endpoints at which something is due',
  'src/webhooks/forget-deliveries.ts': 'lets old messages of all providers go',
  'src/connections/let-grants-go.ts': 'a grant belongs to no provider',
  'src/connections/expire-choices.ts': 'finds the choices that nobody made in time',
  'src/connections/across-providers.ts': 'an organisation may serve one provider at a time',
  'src/learners/imports/carry-out.ts': 'sweeps out-of-date imports of all providers',
  'src/providers/forget-people.ts': 'a person may belong to several providers',
  'src/support/across-providers.ts': 'whoever runs Bursar answers all providers',
  'src/closing/across-providers.ts':
    'behind the wall of a provider that is erased nothing may stay',
  'src/sync/pull/renew-papers.ts': 'finds a provider whose papers are of an older reading',
  'src/sync/pull/take-notices.ts': 'a webhook names an organisation, not a provider',
  'src/sync/sync.ts': 'finds the lanes that are due',
  'src/sync/forget-old.ts': 'lets old runs and comparisons of all providers go',
  'src/connections/life/look-after.ts': 'finds the connections that are due for a look',
  'src/xero/grant-standing.ts': 'a grant may serve several providers',
  'src/xero/webhook-arrivals.ts': 'Xero has one webhook address for all organisations',
  'src/platform/metric-gauges.ts': 'figures of the whole Bursar',
  'src/platform/metrics.ts': 'sums over the whole Bursar',
  'src/xero/budget.ts': 'calls are counted over all providers of an organisation',
  'src/xero/grant-vault.ts': 'a grant may serve several providers',
  'src/xero/take-over.ts': 'a grant may serve several providers',
  'src/xero/reseal-copies.ts': 'a grant may serve several providers',
};

it('lets only the named files look across providers', () => {
  const passages = codeSources()
    .filter(({ path }) => path.startsWith('src/') && !isTest(path))
    .filter(({ text }) => /\basSystem\b/.test(withoutComments(text)))
    .map(({ path }) => path);
  expect(passages.sort()).toEqual(Object.keys(ACROSS_PROVIDERS).sort());
});

it('lets only the platform open connections to the database', () => {
  const openers = codeSources()
    .filter(({ path }) => path.startsWith('src/') && !isTest(path))
    .filter(({ text }) => /\bnew pg\.(Pool|Client)\b|\bopenDatabase\(/.test(withoutComments(text)))
    .map(({ path }) => path)
    .filter((path) => !path.startsWith('src/platform/'));
  expect(openers).toEqual(['src/entry/context.ts']);
});
