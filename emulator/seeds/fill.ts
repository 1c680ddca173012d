import type { Act } from '../accounting/api-call.ts';
import type { Books } from '../accounting/books.ts';
import type { Contact } from '../accounting/model.ts';
import type { World } from '../core/world.ts';
import { seedAdvance } from './advances.ts';
import { Dice } from './dice.ts';
import { seedInvoice, seedTemplates } from './papers.ts';
import { SEEDED_AT_MS, seedContact } from './people.ts';

/** What is laid into every organisation. */
export interface SeedPlan {
  /** The same number gives the same books. */
  readonly number: number;
  readonly contacts: number;
  readonly invoices: number;
  /** With bills, credit notes, advances, merged contacts, odd names, over three years. */
  readonly isVaried: boolean;
  /** Leaves all organisations but the first without papers. */
  readonly isFirstOnly?: boolean;
}

/** Small books, quickly laid: for a first look and for tests. */
export const DEMO_PLAN: SeedPlan = { number: 1, contacts: 40, invoices: 30, isVaried: false };

/** Books as a provider of some years has them. */
export const LIFE_PLAN: SeedPlan = { number: 1, contacts: 400, invoices: 3_000, isVaried: true };

const DEMO_SPAN_DAYS = 300;
const LIFE_SPAN_DAYS = 3 * 365;
const MERGED_EVERY = 40;
const TEMPLATES = 5;
const INVOICES_AN_ADVANCE = 60;

/** Fills every organisation. */
export function fillOrganisations(world: World, plan: SeedPlan): void {
  for (const [i, organisation] of world.registry.organisations.all().entries()) {
    const books = world.books(organisation.id);
    if (books && (i === 0 || !plan.isFirstOnly))
      fillBooks(world, books, { ...plan, number: plan.number * 100 + i });
  }
}

/** Fills one organisation's books. */
function fillBooks(world: World, books: Books, plan: SeedPlan): void {
  const dice = new Dice(plan.number);
  const ids = { uuid: dice.uuid, token: world.ids.token };
  const act: Act = {
    ...world,
    books,
    ids,
    baseUrl: '',
    appId: undefined,
    userName: 'System Generated',
    unitDecimals: 2,
  };
  const contacts = seedContacts(books, plan, dice);
  if (contacts.length === 0) return;
  const spanDays = plan.isVaried ? LIFE_SPAN_DAYS : DEMO_SPAN_DAYS;
  for (let i = 0; i < plan.invoices; i++) {
    seedInvoice(act, dice.pick(contacts), i, { dice, spanDays, isVaried: plan.isVaried });
  }
  if (!plan.isVaried) return;
  seedTemplates(act, contacts.slice(0, TEMPLATES), dice);
  for (let i = 0; i < plan.invoices / INVOICES_AN_ADVANCE; i++) {
    seedAdvance(act, dice.pick(contacts), i, dice);
  }
}

function seedContacts(books: Books, plan: SeedPlan, dice: Dice): Contact[] {
  const { countryCode } = books.organisation();
  const active: Contact[] = [];
  for (let i = 0; i < plan.contacts; i++) {
    const contact = seedContact(books, countryCode, i, dice);
    const winner = active.at(-1);
    if (plan.isVaried && i % MERGED_EVERY === MERGED_EVERY - 1 && winner)
      merge(books, contact, winner);
    else if (contact.status === 'ACTIVE') active.push(contact);
  }
  return active;
}

function merge(books: Books, loser: Contact, winner: Contact): void {
  const merged: Contact = {
    ...loser,
    status: 'ARCHIVED',
    mergedToId: winner.id,
    updatedAtMs: SEEDED_AT_MS,
  };
  books.contacts.put(merged, 'seed');
}
