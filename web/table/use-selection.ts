import { useState } from 'react';

/** Which rows a person has ticked, by key. */
export interface Selected {
  keys: ReadonlySet<string>;
  toggle: (key: string) => void;
  /** Ticks all given rows, or unticks them when all are ticked already. */
  toggleAll: (keys: readonly string[]) => void;
  /** Ticks exactly these. */
  set: (keys: readonly string[]) => void;
  clear: () => void;
}

/**
 * The ticks of one list, none at first. They outlive rows that go out of sight, so a list clears
 * them when its view changes.
 */
export function useSelection(): Selected {
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set());
  return {
    keys,
    toggle: (key) =>
      setKeys((old) => {
        const next = new Set(old);
        if (!next.delete(key)) next.add(key);
        return next;
      }),
    toggleAll: (all) => setKeys((old) => new Set(all.every((key) => old.has(key)) ? [] : all)),
    set: (all) => setKeys(new Set(all)),
    clear: () => setKeys(new Set()),
  };
}
