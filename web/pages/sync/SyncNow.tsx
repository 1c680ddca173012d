import { IconRefresh } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { SyncStanding } from '#contract/sync';
import { useMay } from '../../api/may.ts';
import { toastDone } from '../../stores/toast.ts';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import type { PartySync, Who } from './SyncCard.tsx';

type Link = PartySync['link'];

interface SyncNowProps {
  who: Who;
  link: Link;
  isPending: boolean;
  /** Asks for it; `done` hears where the link stands then. */
  sync: (done: (link: Link) => void) => void;
}

/** Sends and reads one of them at once, and says what came of it. */
export function SyncNow({ who, link, isPending, sync }: SyncNowProps) {
  const may = useMay(`${who}s.sync`);
  const [isAsked, setAsked] = useState(false);
  const isOver = isAsked && !isUnderWay(link);
  useEffect(() => {
    if (!isOver) return;
    setAsked(false);
    if (link) toastDone(resultOf(link, who));
  }, [isOver, link, who]);
  const begin = (answered: Link) => {
    if (isUnderWay(answered)) setAsked(true);
    else if (answered) toastDone(standsStill(answered.standing));
  };
  return (
    <GuardedButton
      variant="default"
      reason={may.reason}
      loading={isPending || isAsked}
      leftSection={<IconRefresh size={16} aria-hidden />}
      onClick={() => sync(begin)}
    >
      Sync now
    </GuardedButton>
  );
}

/** Whoever waits for a reason is not waited for in front of a page. */
function isUnderWay(link: Link): boolean {
  if (link === null) return false;
  return link.isReading || (link.standing === 'waiting' && link.reasons.length === 0);
}

function resultOf({ standing, arePapersHeld }: NonNullable<Link>, who: Who): string {
  if (standing !== 'in-step' || !arePapersHeld) return results(who)[standing];
  return 'Sent: Xero has what is written here, but not all papers can be read from it just now.';
}

const results = (who: Who): Record<SyncStanding, string> => ({
  'in-step': 'Synced: Xero has what is written here, and the papers are here.',
  waiting: 'It waits; the reason stands on the page.',
  blocked: `Xero still can’t take this ${who}. The reason stands on the page.`,
  undecided: `Someone has to decide whether a contact in Xero is this ${who}.`,
});

/** Why nothing was asked of Xero now. */
function standsStill(standing: SyncStanding): string {
  if (standing === 'waiting') return 'It waits; the reason stands on the page.';
  if (standing === 'undecided') return 'Someone has to decide first who this is in Xero.';
  return 'Nothing is sent or read just now: the connection rests. It is made up for by itself.';
}
