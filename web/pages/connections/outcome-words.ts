import type { ConsentOutcome } from '#contract/connections';
import { type ErrorCode, errorTexts } from '#contract/errors';

export interface OutcomeWords {
  isGood: boolean;
  title: string;
  way: string;
}

const codes: Record<Exclude<ConsentOutcome, 'connected' | 'choose'>, ErrorCode> = {
  cancelled: 'consent.cancelled',
  expired: 'consent.expired',
  'wrong-state': 'consent.wrong-state',
  'refused-by-xero': 'consent.refused-by-xero',
  'no-organisation': 'consent.no-organisation',
  'organisation-taken': 'consent.organisation-taken',
  'already-connected': 'connection.already-connected',
};

/** How a consent ended, and what to do about it. */
export function outcomeWords(outcome: ConsentOutcome): OutcomeWords {
  if (outcome === 'connected') {
    return {
      isGood: true,
      title: 'Xero is connected',
      way: 'Learners with Sync to Xero on are compared with the contacts there first, then sent, and it goes on by itself. Sync to Xero is turned on under Learners, for one or for many at once.',
    };
  }
  if (outcome === 'choose') {
    return {
      isGood: true,
      title: 'One step is left: a look at the organisation',
      way: 'Under Settings, Connected Apps, somebody who may connect apps looks at what was allowed and connects it.',
    };
  }
  const { title, way } = errorTexts[codes[outcome]];
  return { isGood: false, title, way };
}
