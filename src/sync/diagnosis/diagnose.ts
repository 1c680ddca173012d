import type { CheckCode, CheckState, CheckWay, DiagnosisCheck } from '#contract/diagnosis';
import { checkTitles } from '#contract/diagnosis';
import { errorTexts } from '#contract/errors';
import { driftReason } from '../drift/drift-words.ts';
import { asideOf, asideWords, readingsAmong, refusalToTell } from '../lane/aside.ts';
import type { Lane } from '../lane/lane-store.ts';
import { type ContactLink, codeRemarks } from '../links/contact-link.ts';
import type { Party } from '../parties/party.ts';
import { arePapersToCome } from '../pull/read-linked-papers.ts';
import { archivedWords, erasingWords } from '../push/push-outcome.ts';

/** All that is known here of one party towards Xero, read in one look at the rows. */
export interface DiagnosisFacts {
  now: Date;
  party: Pick<Party, 'kind' | 'number' | 'syncToXero' | 'gaps' | 'revision'>;
  /** Where the party belongs by the rules; null: nothing is connected. */
  organisation: { name: string; isConnected: boolean } | null;
  lane: Pick<
    Lane,
    | 'state'
    | 'stop_reason'
    | 'paused_until'
    | 'pause_reason'
    | 'contacts_known_at'
    | 'paper_reading'
    | 'set_aside'
  > | null;
  link: ContactLink | null;
  /** By when everything in Xero was looked through; null: not to the end yet. */
  lookedThroughAt: Date | null;
  /** Proposals of who is whom wait for approval. */
  isReviewOpen: boolean;
  /** Null for whoever may not see papers: then nothing is said of them. */
  papers: {
    here: number;
    /** Those that Xero tells in a form or state that is new to us. */
    unread: number;
  } | null;
  /** Notices about the contact and its papers that were not followed up yet. */
  noticesWaiting: number;
}

type Finding = { state: CheckState; words: string[]; way?: CheckWay };
type Check = (facts: DiagnosisFacts) => Finding;

const fine = (...words: string[]): Finding => ({ state: 'fine', words });
const waiting = (...words: string[]): Finding => ({ state: 'waiting', words });
const unasked: Finding = { state: 'unasked', words: [] };
const problem = (way: CheckWay, ...words: string[]): Finding => ({ state: 'problem', words, way });

/** One question each; those that come after a question which does not hold may be left unasked. */
const checks: Record<CheckCode, Check> = {
  'switched-on': ({ party, link }) => {
    if (party.syncToXero) return fine();
    const home = link?.contactId ? ' Papers of the contact still come home.' : '';
    return problem('turn-sync-on', `Sync to Xero is off, so nothing is sent.${home}`);
  },

  complete: ({ party: { gaps } }) =>
    gaps.length === 0 ? fine() : problem('edit', ...gaps.map((gap) => gap.message)),

  placed: ({ organisation }) => {
    if (organisation === null) return problem('connect', 'No Xero organisation is connected.');
    const { name, isConnected } = organisation;
    if (isConnected) return fine(`It belongs to ${name}.`);
    return problem('connect', `It belongs to ${name}, which is not connected.`);
  },

  running: ({ lane, now }) => {
    if (lane === null) return unasked;
    if (lane.stop_reason === 'paused') return problem('connect', textOf('connection.paused'));
    if (lane.stop_reason !== null) return problem('connect', textOf('xero.consent-lost'));
    if (lane.paused_until === null || lane.paused_until <= now) return fine();
    return waiting(`${lane.pause_reason ?? textOf('xero.busy')} It goes on by itself.`);
  },

  matched: ({ party, lane, link, isReviewOpen }) => {
    if (lane === null || !party.syncToXero) return unasked;
    if (link?.standing === 'undecided') return problem('decide-on-profile', ...link.reasons);
    if (link?.contactId) return fine();
    if (isReviewOpen) {
      return problem('review-matches', 'Matches are to be reviewed before anything is sent.');
    }
    if (lane.contacts_known_at === null) return waiting('Who is in Xero is being read.');
    if (link === null || link.isMatchDue) return waiting('It is about to be looked for in Xero.');
    return fine('No contact in Xero is this one, so one is made.');
  },

  contact: ({ party, link }) => {
    if (!link?.contactId) return unasked;
    if (link.contactStatus === 'archived') {
      return problem('fix-in-xero', archivedWords);
    }
    if (link.contactStatus === 'erasing') {
      return problem('fix-in-xero', erasingWords);
    }
    const remarks = link.seen ? codeRemarks(party.number, link.seen.contactNumber) : [];
    return fine(...remarks);
  },

  sent: ({ party, link }) => {
    if (!party.syncToXero || link === null || link.standing === null) return unasked;
    // An earlier answer has said what stands in the way.
    const isHeld = link.contactStatus === 'archived' || link.contactStatus === 'erasing';
    if (isHeld || link.standing === 'undecided') return unasked;
    if (link.standing === 'blocked') return problem('edit', ...link.reasons);
    if (link.standing === 'waiting') return waiting('It is on its way.', ...link.reasons);
    return fine();
  },

  alike: ({ link }) => {
    if (!link?.contactId) return unasked;
    const differs = driftReason(link.drift);
    return differs === null ? fine() : problem('decide-on-profile', differs);
  },

  papers: ({ lane, link, lookedThroughAt, papers }) => {
    if (!lane || !link?.contactId || papers === null) return unasked;
    const { here, unread } = papers;
    const count = here === 1 ? '1 paper is here.' : `${here || 'No'} papers are here.`;
    if (unread > 0) return { state: 'problem', words: [count, unreadWords(unread)] };
    const held = heldReadings(lane, { alsoContacts: false });
    if (held) return { ...held, words: [count, ...held.words] };
    if (arePapersToCome(lane, link)) {
      return waiting(count, 'The contact’s papers are about to be read.');
    }
    return lookedThroughAt === null ? waiting(count, firstReadingWords) : fine(count);
  },

  heard: ({ lane, lookedThroughAt, noticesWaiting }) => {
    if (lane === null || lane.stop_reason !== null) return unasked;
    const held = heldReadings(lane, { alsoContacts: true });
    if (held) return held;
    if (noticesWaiting > 0)
      return waiting('Xero says that something changed; it is about to be read.');
    if (lookedThroughAt === null) return waiting(firstReadingWords);
    return fine();
  },
};

/**
 * Answers every question in order, but that about papers where nothing is known of them. Pure: the
 * same facts give the same answers.
 */
export function diagnose(facts: DiagnosisFacts): DiagnosisCheck[] {
  const codes = (Object.keys(checkTitles) as CheckCode[]).filter(
    (code) => code !== 'papers' || facts.papers !== null,
  );
  return codes.map((code) => {
    const { way, ...finding } = checks[code](facts);
    return { code, ...finding, way: way ?? null };
  });
}

const firstReadingWords = 'Xero is being read for the first time.';

/** Readings that Xero refuses or fails at; it needs somebody once people are told of it elsewhere. */
function heldReadings(
  lane: Pick<Lane, 'set_aside'>,
  which: { alsoContacts: boolean },
): Finding | null {
  const held = readingsAmong(asideOf(lane), which);
  if (Object.keys(held).length === 0) return null;
  const state = refusalToTell(held) === null ? 'waiting' : 'problem';
  return { state, words: [...asideWords(held), 'It is tried again by itself.'] };
}

function unreadWords(count: number): string {
  const which = count === 1 ? '1 has a form or state' : `${count} have a form or state`;
  return `${which} in Xero that Bursar can’t read yet; what was known before is shown.`;
}

function textOf(code: 'connection.paused' | 'xero.consent-lost' | 'xero.busy'): string {
  const { title, way } = errorTexts[code];
  return `${title}. ${way}`;
}
