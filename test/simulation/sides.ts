import type { Bookkeeper } from '../../emulator/control/bookkeeper.ts';

export type Row = Record<string, unknown>;

/** Both sides as they stand when all is quiet. */
export interface Sides {
  readonly name: string;
  readonly xeroOrgId: string;
  readonly books: Bookkeeper['books'];
  /** Rows of this provider, as the database holds them. */
  readonly learners: readonly Row[];
  readonly workplaces: readonly Row[];
  readonly links: readonly Row[];
  readonly documents: readonly Row[];
  readonly lanes: readonly Row[];
  readonly laneCalls: readonly Row[];
  readonly notices: readonly Row[];
  /** Payments that are here, by the paper they settle. */
  readonly payments: readonly Row[];
  /** Credit that is set against invoices; absent: not looked at. */
  readonly allocations?: readonly Row[];
  /** Where it stands who is whom; absent: said long ago. */
  readonly matchings?: readonly Row[];
  readonly runs: readonly Row[];
  readonly runItems: readonly Row[];
  /** Events that say that a person linked somebody to another contact. */
  readonly relinkings: readonly Row[];
  /** What a bookkeeper changed: id of the contact and field. */
  readonly edited: ReadonlySet<string>;
  readonly now: Date;
}

/** What does not hold, in words. */
export interface Finding {
  invariant: string;
  what: string;
}

/** Told of everything that was compared, so that a comparison of nothing is seen. */
export type Count = (what: string, times?: number) => void;

/** How people know a learner or a workplace; stands in Xero as Contact Code. */
export function numberOf(party: Row): string {
  return String(party.learner_number ?? party.workplace_number);
}

export function nameOf(party: Row): string {
  return `${numberOf(party)} ${party.name ?? `${party.first_name} ${party.last_name}`}`;
}

/** Whose link or paper it is. */
export function partyOf(row: Row): unknown {
  return row.party_id ?? row.learner_id ?? null;
}
