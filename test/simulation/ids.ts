/** Stands in for `src/platform/ids.ts` while a seed is simulated: the same ids in the same order. */
let made = 0;

export function newId<Id extends string = string>(): Id {
  made += 1;
  const text = made.toString(16).padStart(12, '0');
  return `01900000-${text.slice(0, 4)}-7000-8000-${text.padStart(12, '0')}` as Id;
}

/** Begins anew. */
export function restartIds(at: number): void {
  made = at;
}

export function idsMade(): number {
  return made;
}
