import type { EmulatorClock } from '../core/clock.ts';
import type { Ids } from '../core/ids.ts';
import type { Store } from '../core/store.ts';
import type { Books } from './books.ts';

/** Behaviour that is not documented or differs between reports; each can be switched. */
export interface Switches {
  /** A payment makes an INVOICE UPDATE webhook; likely but not documented. */
  paymentEvents: boolean;
  /** Contact names such as `Fault 503` provoke that failure; see docs/emulator.md. */
  sentinelNames: boolean;
  /** Rows that one answer may look through, unless it asks for pages in a way that Xero calls optimised. */
  highVolumeRows: number;
  /** Answers are repeated for the same key; off, every key is forgotten at once. */
  keepsIdempotencyKeys: boolean;
  /** A new consent makes the unexpired access tokens of the older one useless at once. */
  supersessionKillsAccess: boolean;
  /** An organisation that is allowed again while it is connected keeps the id of the older consent. */
  reconnectKeepsAuthEvent: boolean;
  /** Signing in with Xero ends the refresh tokens of what the person allowed before, and gives new ones. */
  signInSupersedes: boolean;
  /** `ContactStatus: ACTIVE` by the API brings an archived contact back. */
  apiRestoresContacts: boolean;
  /** A missing scope is told as `insufficent_scope`, as one integrator met it. */
  misspelsScopeError: boolean;
  /** A merge gives the papers that it moves, and the contact that is left, a new date of change and a webhook. */
  mergesMovePapersLoudly: boolean;
  /** After a merge papers go on naming the contact that was merged away. */
  mergesLeavePapers: boolean;
  /** On a paper with money on it every change moves the date of change, but for due date and SentToContact. */
  settledEditsAreDated: boolean;
  /** Lists leave contacts whose erasure was asked for out, as they do archived ones. */
  erasureHidesContacts: boolean;
  /** Deleting a connection that is not there is answered 401 and not 404, as one client met it. */
  unknownConnectionIs401: boolean;
  /** The elements of a write are answered in another order than they were sent in. */
  answersOutOfOrder: boolean;
  /** Addresses that hold signs which many hosts refuse in one (`/ : % & * + ? < > \`) are not found. */
  refusesOddAddresses: boolean;
}

/** What every accounting act needs: the books, the time, the identifiers and who acts. */
export interface Act {
  readonly store: Store;
  readonly books: Books;
  readonly clock: EmulatorClock;
  readonly ids: Ids;
  readonly switches: Switches;
  /** The emulator's own base address, without a trailing slash. */
  readonly baseUrl: string;
  /** The app that acts, or undefined when a person does it at the desk. */
  readonly appId: string | undefined;
  /** The full name of the Xero user on whose behalf it happens. */
  readonly userName: string;
  /** How many decimals of a unit amount are shown: 2, or 4 when asked with `unitdp=4`. */
  readonly unitDecimals: 2 | 4;
}

/** One request to the Accounting API after authentication, with its parts read. */
export interface ApiCall extends Act {
  readonly method: string;
  readonly params: Readonly<Record<string, string>>;
  /** Query parameters under lower-case names: Xero takes them in any letter case. */
  readonly query: Readonly<Record<string, string>>;
  readonly accept: string;
  readonly contentType: string;
  readonly modifiedSince: string | undefined;
  readonly rawBody: Buffer;
  /** Parsed JSON, or undefined for an empty body. */
  readonly body: unknown;
  readonly appName: string;
  /** The people of the organisation, in the order in which they came. */
  readonly members: () => readonly Member[];
}

export interface Member {
  readonly userId: string;
  readonly email: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly role: string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly body: string | Buffer;
  /** Gives the memory of the body back; called when the answer has been sent. */
  readonly release?: () => void;
}

export type Handler = (call: ApiCall) => ApiAnswer;

/** One served operation of the official description. */
export interface Operation {
  readonly id: string;
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly path: string;
  readonly handle: Handler;
}
