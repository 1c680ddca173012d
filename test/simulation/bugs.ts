import type { Plant } from './hooks.ts';

/** A fault that somebody could make, planted to see that it is found. */
export interface PlantedBug extends Plant {
  name: string;
  /** The invariants of which one should break. */
  breaks: readonly string[];
}

export const plants: readonly PlantedBug[] = [];
