import { seededIds, seededRandom } from '../core/ids.ts';

/** Repeatable chance for seeds: the same number gives the same books. */
export class Dice {
  readonly uuid: () => string;
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    const ids = seededIds(seed + 7919);
    this.uuid = () => ids.uuid();
  }

  /** True with that probability. */
  chance(probability: number): boolean {
    return this.#random() < probability;
  }

  /** A whole number from 0 up to but without `limit`. */
  below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  pick<T>(list: readonly T[]): T {
    const found = list[this.below(list.length)];
    if (found === undefined) throw new Error('nothing to pick from');
    return found;
  }
}
