import type { ClockState } from '../core/clock.ts';
import type { Snapshot } from '../core/store.ts';
import type { World } from '../core/world.ts';
import { ActRefused } from './bookkeeper.ts';

interface Picture {
  readonly rows: Snapshot;
  readonly clock: ClockState;
}

const START = 'start';
const MAX_SNAPSHOTS = 20;

/** Named pictures of everything that is kept; faults, limits and the log are not in them. */
export class Snapshots {
  readonly #world: World;
  readonly #pictures = new Map<string, Picture>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Remembers how things stand as the state to which `reset` goes back. */
  markStart(): void {
    this.take(START);
  }

  take(name: string): void {
    if (!this.#pictures.has(name) && this.#pictures.size >= MAX_SNAPSHOTS) {
      throw new ActRefused(`At most ${MAX_SNAPSHOTS} snapshots are kept`);
    }
    const { store, clock } = this.#world;
    this.#pictures.set(name, { rows: store.snapshot(), clock: clock.state() });
  }

  /** Goes back to a picture. Tokens and connections made since then are gone too. */
  restore(name: string): void {
    const picture = this.#pictures.get(name);
    if (!picture) throw new ActRefused(`There is no snapshot ${name}`);
    this.#world.store.restore(picture.rows);
    this.#world.clock.restore(picture.clock);
    this.#world.store.commit();
  }

  names(): string[] {
    return [...this.#pictures.keys()];
  }

  /** Back to how things stood at the start of this process, with no faults, no log, fresh limits. */
  reset(): void {
    this.restore(START);
    this.#world.faults.clear();
    this.#world.log.clear();
    this.#world.limits.clear();
  }
}
