import type { Contact } from '../../emulator/accounting/model.ts';
import { numberOf, type Row, type Sides } from './sides.ts';

/** One reason for which a link may wait for a person, and whether it is so. */
interface Reason {
  words: RegExp;
  isSo(at: At): boolean;
}

interface At {
  sides: Sides;
  party: Row;
  /** The contact that is linked, where there is one. */
  contact: Contact | undefined;
  reason: string;
  /** What of the words stands in brackets of the pattern. */
  said: readonly string[];
}

const REASONS: readonly Reason[] = [
  {
    words: /^The contact is archived in Xero/,
    isSo: ({ contact }) => contact?.status === 'ARCHIVED',
  },
  {
    words: /^Xero has been asked to erase/,
    isSo: ({ contact }) => contact?.status === 'GDPRREQUEST',
  },
  {
    words: /^Xero no longer has the contact/,
    isSo: ({ contact }) => contact?.mergedToId !== undefined,
  },
  // Whoever refused a row for reasons of its own may have changed its mind: only a try can tell.
  { words: /could not be saved/, isSo: () => true },
  {
    words: /was merged into the one of .* \((.*?)\)\. If/,
    isSo: ({ sides, contact, said: [number] }) => {
      const left = contact && lastOf(sides, contact);
      const owner = keptOf(sides, ownerOf(sides, left?.id));
      return left !== contact && owner === keptOf(sides, number);
    },
  },
  {
    words: /^Another contact in Xero has the code (.*?)\. Clear/,
    isSo: ({ sides, contact, said: [number = ''] }) =>
      sides.books.contacts.find('number', number.toLowerCase()).some((one) => one !== contact),
  },
  {
    words: /^Another active contact in Xero is named like/,
    isSo: ({ sides, party, contact }) =>
      activeNamed(sides, party.name ?? `${party.first_name} ${party.last_name}`).some(
        (one) => one !== contact,
      ),
  },
  {
    words: /^The contact in Xero with the code (.*) is linked to another record/,
    isSo: ({ sides, said: [number = ''] }) =>
      sides.books.contacts
        .find('number', number.toLowerCase())
        .some(({ id }) => ![undefined, number].includes(ownerOf(sides, id))),
  },
  {
    words: /^In Xero the contact “(.*?)” may be this (?:learner|workplace)/,
    isSo: ({ sides, contact, said: [name], reason }) => {
      if (contact !== undefined) return false;
      const named = sides.books.contacts.find('name', String(name).toLowerCase());
      // Of a contact that another has nothing else is said.
      if (/linked or proposed to another/.test(reason)) {
        return named.some(({ mergedToId }) => mergedToId === undefined);
      }
      const status = /archived in Xero/.test(reason)
        ? 'ARCHIVED'
        : /asked to erase/.test(reason)
          ? 'GDPRREQUEST'
          : 'ACTIVE';
      return named.some((one) => one.status === status);
    },
  },
];

/** I10: blocked or undecided for something that nobody did, or that is over. */
export function baseless(sides: Sides, party: Row, link: Row): string[] {
  const contact = sides.books.contacts.get(String(link.contact_id));
  const reasons = link.reasons as string[];
  // No write of ours may bear the key of another.
  if (reasons.some((reason) => /idempotency/i.test(reason))) {
    return [`is ${link.standing} for the key of another request`];
  }
  const told = reasons.filter((reason) => !reason.startsWith('Xero says'));
  return told.flatMap((reason) => {
    const known = REASONS.find(({ words }) => words.test(reason));
    if (!known) return [`is ${link.standing}, since ${reason}`];
    const said = known.words.exec(reason)?.slice(1) ?? [];
    if (known.isSo({ sides, party, contact, reason, said })) return [];
    return [`is ${link.standing} for what is not so: ${reason}`];
  });
}

/** The contact that is left after all merges. */
function lastOf({ books }: Sides, contact: Contact): Contact {
  let at = contact;
  let into = at.mergedToId;
  while (into !== undefined) {
    at = books.contacts.get(into) ?? at;
    into = at.id === into ? at.mergedToId : undefined;
  }
  return at;
}

/** The number of whoever is linked to a contact. */
function ownerOf({ links, learners, workplaces }: Sides, contactId: string | undefined) {
  const link = links.find((one) => one.contact_id === contactId);
  const party = [...learners, ...workplaces].find(({ id }) => link && id === link.party_id);
  return party && numberOf(party);
}

/** The number of whoever a learner of this number is by now: merged, and on, into another. */
function keptOf({ learners }: Sides, number: string | undefined): string | undefined {
  let at = learners.find((one) => numberOf(one) === number);
  while (at?.merged_into) {
    const into = at.merged_into;
    at = learners.find(({ id }) => id === into);
  }
  return at ? numberOf(at) : number;
}

function activeNamed({ books }: Sides, name: unknown): Contact[] {
  const found = books.contacts.find('name', String(name).toLowerCase());
  return found.filter(({ status }) => status === 'ACTIVE');
}
