import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS, plus, SECOND_MS } from '#platform/clock';
import {
  type AsideActs,
  asideAmong,
  asideOf,
  failingOf,
  heldBack,
  isDownAlone,
  nextTry,
  putLast,
  refusalToTell,
  stillToDo,
  triedAgain,
  withFailure,
  without,
} from './aside.ts';

const now = new Date('2026-03-02T01:00:00Z');
type How = AsideActs[string]['how'];
const xeroSays = 'Xero answered 500.';

/** An act that fails so often in a row at one instant. */
function failing(times: number, how: How, name = 'push', before: AsideActs = {}): AsideActs {
  let acts = before;
  for (let time = 0; time < times; time += 1)
    acts = withFailure(acts, name, { how, xeroSays, now });
  return acts;
}
const names = (acts: AsideActs) => Object.keys(acts);

describe('acts that did not come about', () => {
  it('are set aside at once where Xero refuses them, and from the third time where it fails', () => {
    expect(names(asideAmong(failing(1, 'refused')))).toEqual(['push']);
    expect(names(asideAmong(failing(2, 'down')))).toEqual([]);
    expect(names(asideAmong(failing(3, 'down')))).toEqual(['push']);
  });

  it('are tried again after growing waits of up to an hour', () => {
    const waits = [1, 2, 3, 4, 20].map((times) => {
      const next = nextTry(failing(times, 'down'), now);
      return (next?.getTime() ?? 0) - now.getTime();
    });
    expect(waits).toEqual([15, 30, 60, 120, 3_600].map((seconds) => seconds * SECOND_MS));
    const acts = failing(9, 'refused');
    expect([...heldBack(acts, plus(now, HOUR_MS - 1))]).toEqual(['push']);
    expect([...heldBack(acts, plus(now, HOUR_MS))]).toEqual([]);
    expect([...heldBack(triedAgain(acts, now), now)]).toEqual([]);
  });

  it('let all others go first where Xero fails, not where it refuses', () => {
    const acts = failing(4, 'down', 'sweep contacts', failing(4, 'refused'));
    expect([...putLast(acts)]).toEqual(['sweep contacts']);
  });

  it('are down alone only if something else was answered since', () => {
    // Each failure of the lane is one of this act or of another, until anything succeeds.
    expect(isDownAlone({}, 'push', 0)).toBe(false);
    expect(isDownAlone(failing(3, 'down'), 'push', 3)).toBe(false);
    expect(isDownAlone(failing(3, 'down'), 'push', 7)).toBe(false);
    expect(isDownAlone(failing(3, 'down'), 'push', 0)).toBe(true);
  });

  it('are told once people could do something about them', () => {
    const isTold = (times: number, how: How) => refusalToTell(failing(times, how)) !== null;
    expect(isTold(1, 'refused')).toBe(false);
    expect(isTold(2, 'refused')).toBe(true);
    expect(isTold(6, 'alone-down')).toBe(false);
    expect(isTold(7, 'alone-down')).toBe(true);
    expect(isTold(99, 'down')).toBe(false);
    const acts = failing(7, 'alone-down', 'resync', failing(7, 'alone-down', 'read-papers'));
    expect(refusalToTell(acts)).toEqual({
      reasons: ['Reading the papers of contacts.', 'Resyncing.'],
      xeroSays: [xeroSays],
      since: now,
    });
  });

  it('are forgotten once done, or once nothing of them is left to do', () => {
    const acts = failing(2, 'refused', 'pull invoice', failing(2, 'refused', 'sweep contacts'));
    expect(names(without(acts, 'pull invoice'))).toEqual(['sweep contacts']);
    const isNoticed = (is: boolean) => names(stillToDo(acts, { 'pull invoice': is, push: false }));
    expect(isNoticed(true)).toEqual(['sweep contacts', 'pull invoice']);
    // A sweep has a time of its own, at which it is tried again.
    expect(isNoticed(false)).toEqual(['sweep contacts']);
  });

  it('are read as they stand on lanes, those from before it was told apart how they fail too', () => {
    const before = { since: now, until: plus(now, MINUTE_MS), times: 1, xeroSays };
    const set_aside = JSON.parse(JSON.stringify({ push: before, ...failing(1, 'down', 'resync') }));
    expect(failingOf({ set_aside })).toMatchObject({
      push: { ...before, how: 'refused' },
      resync: { how: 'down' },
    });
    expect(names(asideOf({ set_aside }))).toEqual(['push']);
  });
});
