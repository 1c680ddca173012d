/** A number from 0 up to 1, as chance has it: what spreads retries where nothing else is given. */
export function chance(): number {
  return Math.random();
}
