import type { z } from 'zod';
import type { LearnerId, WorkplaceId } from '#contract/ids';
import type { Route } from '#contract/route';
import type { Bookkeeper } from '../../emulator/control/bookkeeper.ts';
import type { Given } from '../world/client.ts';

/** One provider of a storm: who edits learners there, and who keeps its books. */
export interface Desk {
  readonly name: string;
  readonly xeroOrgId: string;
  readonly keeper: Bookkeeper;
  readonly learnerIds: LearnerId[];
  readonly workplaceIds: WorkplaceId[];
  /** What its bookkeeper changed: id of the contact and field; `number` and one that was taken off. */
  readonly edited: Set<string>;
  /** Who was linked to another contact, and to which they had been before. */
  readonly relinked: { learnerId: LearnerId; formerId: string }[];
  /** Writes down what was done, for whoever reads a broken seed. */
  note(text: string): void;
  /** Calls a route as the provider's owner. */
  call<R extends Route>(route: R, given: Given<R>): Promise<z.output<R['answer']>>;
}
