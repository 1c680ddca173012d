import { SECOND_MS } from '#platform/clock';
import { inventPeople, type Person } from './learners.ts';
import { startPeer } from './peer.ts';

/** What a loop over Xero's own client comes to. */
export interface PeerPush {
  calls: number;
  refusedByLimits: number;
  /** Emulated. */
  seconds: number;
  contacts: number;
}

const TRIES_MAX = 5;

/**
 * Sends learners by a plain loop, so many a call. A patient loop waits as long as Xero says and
 * tries again, which the client leaves to whoever uses it; a plain one goes on with the next.
 */
export async function pushByPeer(
  learners: number,
  { rowsPerCall, isPatient }: { rowsPerCall: number; isPatient: boolean },
): Promise<PeerPush> {
  const peer = await startPeer();
  const { clock, emulator } = peer;
  const people = inventPeople(learners);
  const begunAt = clock.now().getTime();
  try {
    for (let at = 0; at < people.length; at += rowsPerCall) {
      const contacts = people.slice(at, at + rowsPerCall).map(toContact);
      for (let tries = 1; tries <= (isPatient ? TRIES_MAX : 1); tries += 1) {
        const answer = await peer.call('createContacts', { contacts });
        if (answer.ok) break;
        if (isPatient) clock.advance(Math.max(answer.retryAfterMs, SECOND_MS));
      }
    }
    const books = emulator.control.bookkeeper().books;
    const counters = Object.values(emulator.control.log.allCounters());
    const sum = (of: 'calls' | 'refusedByLimits') =>
      counters.reduce((total, one) => total + one[of], 0);
    return {
      calls: sum('calls'),
      refusedByLimits: sum('refusedByLimits'),
      seconds: (clock.now().getTime() - begunAt) / SECOND_MS,
      contacts: books.contacts.size,
    };
  } finally {
    await peer.close();
  }
}

function toContact({ number, firstName, lastName, email }: Person) {
  const name = `${firstName} ${lastName}`;
  return { name, firstName, lastName, emailAddress: email, contactNumber: number };
}
