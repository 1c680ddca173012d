import type { Contact } from '../../emulator/accounting/model.ts';
import { fieldsApart } from './agreement-fields.ts';
import { baseless } from './agreement-reasons.ts';
import {
  type Count,
  type Finding,
  nameOf,
  numberOf,
  partyOf,
  type Row,
  type Sides,
} from './sides.ts';

function linksOf({ links }: Sides, learner: Row): readonly Row[] {
  return links.filter((link) => partyOf(link) === learner.id);
}

/** I1: one contact per learner, never two. */
export function oneContact({ books }: Sides, learner: Row): Finding[] {
  const alike = books.contacts.find('number', numberOf(learner).toLowerCase());
  if (alike.length < 2) return [];
  return [{ invariant: 'I1', what: `${nameOf(learner)} has ${alike.length} contacts` }];
}

/** I1: whoever was created for a learner is known as theirs, unless a person unlinked it. */
export function orphans(sides: Sides): Finding[] {
  const { books, links, edited } = sides;
  const unlinked = sides.relinkings.map(({ data }) => (data as Row).formerContactId);
  const linked = new Set([...links.map((link) => link.contact_id), ...unlinked]);
  return (
    books.contacts
      .all()
      .filter(
        ({ id, createdByApp, status }) => createdByApp && status === 'ACTIVE' && !linked.has(id),
      )
      .filter(({ mergedToId }) => mergedToId === undefined)
      // Without its code nobody can know whose it was, if the answer to its creation was lost.
      .filter(({ id }) => !edited.has(`${id} contactNumber`))
      .filter((contact) => !isToldAsStrange(sides, contact))
      .map(({ name, number }) => ({
        invariant: 'I1',
        what: `the contact ${name} (${number}) was created and is nobody's; ${whoIs(sides, number)}`,
      }))
  );
}

/**
 * Nothing but the number is left in common, since the bookkeeper has given it another name before it
 * was looked for: then a person is told of the number.
 */
function isToldAsStrange(sides: Sides, { id, number }: Contact): boolean {
  const party = [...sides.learners, ...sides.workplaces].find((one) => numberOf(one) === number);
  const [link] = party ? linksOf(sides, party) : [];
  const told = /^Another contact in Xero has the code /;
  const isTold = (link?.reasons as string[] | undefined)?.some((reason) => told.test(reason));
  return isTold === true && sides.edited.has(`${id} name`);
}

/** Where the one stands who should have that contact. */
function whoIs(sides: Sides, number: string | undefined): string {
  const party = [...sides.learners, ...sides.workplaces].find((one) => numberOf(one) === number);
  const [link] = party ? linksOf(sides, party) : [];
  if (!party || !link) return 'there is no link';
  const merged = party.merged_into ? ', merged' : '';
  return `the link is ${link.standing}${merged}, to ${link.contact_id}`;
}

/** I10: what was wanted is done, or blocked with a reason; what is in step is the same. */
export function linkOf(sides: Sides, learner: Row, count: Count): Finding[] {
  const who = nameOf(learner);
  const [link] = linksOf(sides, learner);
  const isWanted = link !== undefined && link.standing !== null;
  if (isWanted !== learner.sync_to_xero) {
    return [
      {
        invariant: 'I10',
        what: `${who}: Sync to Xero is ${learner.sync_to_xero}, the link ${link?.standing}`,
      },
    ];
  }
  if (!link || !isWanted) return [];
  const found: string[] = [];
  if (link.standing === 'waiting') found.push(`still waits after ${link.attempts} attempts`);
  if (link.uncertain_since !== null) found.push('is still in doubt');
  const isExplained = Array.isArray(link.reasons) && link.reasons.length > 0;
  const needsReason = link.standing !== 'in-step' && link.standing !== 'waiting';
  if (needsReason && !isExplained) found.push(`is ${link.standing} without a reason`);
  if (needsReason) found.push(...baseless(sides, learner, link));
  count(`links ${link.standing}`);
  if (link.standing === 'in-step') found.push(...differences(sides, learner, link, count));
  return found.map((what) => ({ invariant: 'I10', what: `${who} ${what}` }));
}

function differences(sides: Sides, learner: Row, link: Row, count: Count): string[] {
  const { books } = sides;
  const contact: Contact | undefined = books.contacts.get(String(link.contact_id));
  if (!contact) return ['is in step with a contact that is not there'];
  const found: string[] = [];
  if (contact.status !== 'ACTIVE')
    found.push(`is in step with a contact that is ${contact.status}`);
  if (link.pushed_revision !== learner.revision) {
    found.push(`is in step at revision ${link.pushed_revision}, not ${learner.revision}`);
  }
  found.push(...fieldsApart(learner, link, contact, count));
  const hasRemark = Array.isArray(link.reasons) && link.reasons.length > 0;
  if (contact.number !== numberOf(learner) && !(hasRemark && isCodeApart(sides, learner, contact)))
    found.push(`is in step, but the number is ${contact.number}, not ${numberOf(learner)}`);
  for (const field of link.drift as string[]) {
    if (isOurMaking(sides, contact) && !sides.edited.has(`${contact.id} ${field}`))
      found.push(`is asked about the ${field}, which nobody changed in Xero`);
  }
  return found;
}

/** What such a contact says was agreed, unlike that of one that was in the books before. */
function isOurMaking(sides: Sides, contact: Contact): boolean {
  const { books } = sides;
  if (isChosen(sides, contact)) return false;
  const isMergedInto = books.contacts.all().some(({ mergedToId }) => mergedToId === contact.id);
  return contact.createdByApp !== undefined && !isMergedInto;
}

/** A person has linked somebody to it, whosever it was before. */
function isChosen({ relinkings }: Sides, contact: Contact): boolean {
  return relinkings.some(({ data }) => (data as Row).contactId === contact.id);
}

/** It bears the number of somebody who was given another contact since. */
function isLeftBehind({ learners, workplaces, links }: Sides, contact: Contact): boolean {
  const owner = [...learners, ...workplaces].find((party) => numberOf(party) === contact.number);
  return links.some(
    ({ party_id: id, contact_id: has }) => id === owner?.id && has !== null && has !== contact.id,
  );
}

/**
 * The code may be another's: of a contact that was merged away, as the bookkeeper wanted it, or as it
 * was when a person linked it; or it was another's, from whom the bookkeeper has taken it since.
 */
function isCodeApart(sides: Sides, party: Row, contact: Contact): boolean {
  const { books, edited } = sides;
  if (isChosen(sides, contact) || isLeftBehind(sides, contact)) return true;
  const number = numberOf(party);
  const others = books.contacts.find('number', number.toLowerCase());
  const isTakenOff = edited.has(`${contact.id} contactNumber`) || edited.has(`number ${number}`);
  return others.length > 0 || isTakenOff;
}
