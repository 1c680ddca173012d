import { IconCircleCheck, IconLoader, IconScale, IconTool } from '@tabler/icons-react';
import type {
  Agreement,
  AgreementCheck,
  AgreementVerdict,
  AgreementWay,
} from '#contract/agreement';
import type { Look } from '../../ui/states.ts';
import { momentText } from '../../util/dates.ts';

/** How the outcome of a comparison is shown. */
const looks: Record<AgreementVerdict | 'running', Look> = {
  agreed: { word: 'In agreement', colour: 'moss', icon: IconCircleCheck },
  mended: { word: 'Mended', colour: 'amber', icon: IconTool },
  differs: { word: 'Differs', colour: 'brick', icon: IconScale },
  running: { word: 'Comparing', colour: 'petrol', icon: IconLoader },
};

/** How a check is shown: by its verdict, or as one that is on, which has none yet. */
export function checkLook(check: AgreementCheck): Look {
  return looks[check.verdict ?? 'running'];
}

export const wayNames: Record<AgreementWay, string> = {
  counts: 'By counting',
  everything: 'Paper by paper',
};

/** The statement of where both ledgers stand, in one sentence. */
export function statement({ agreedAt, latest, running }: Agreement): string {
  if (running && agreedAt === null) return 'Being compared for the first time.';
  if (agreedAt === null && latest === null) {
    return 'Not compared yet: this begins by itself once everything has been read.';
  }
  if (latest?.verdict === 'differs') {
    return `In Xero and here something differs that Bursar could not mend.`;
  }
  return `In agreement as of ${momentText(agreedAt ?? latest?.begunAt ?? '')}`;
}

/** What comparing everything costs, before somebody asks for it. */
export function everythingWords({ callsForEverything, callsLeftToday }: Agreement): string {
  const figure = (count: number) => count.toLocaleString('en-AU');
  const cost =
    callsForEverything === null
      ? 'Every paper is read again.'
      : `Every paper is read again, which takes about ${figure(callsForEverything)} ${callsForEverything === 1 ? 'call' : 'calls'} to Xero.`;
  const left =
    callsLeftToday === null ? '' : ` ${figure(callsLeftToday)} of today’s calls are left.`;
  return `${cost}${left} “Compare now” finds what differs by counting, with a handful of calls.`;
}
