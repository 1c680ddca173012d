import { describe, expect, it } from 'vitest';
import { ConnectionState } from '#contract/connections';
import { connectionCan, connectionMoves, mayMove, statesBefore } from './connection.ts';

const states = ConnectionState.options;

/** Every move there is, written out a second time. */
const rightMoves = [
  'choosing > active',
  'choosing > disconnected',
  'active > paused',
  'active > needs-consent',
  'active > disconnected',
  'paused > active',
  'paused > needs-consent',
  'paused > disconnected',
  'needs-consent > active',
  'needs-consent > disconnected',
];

describe('a connection', () => {
  const every = states.flatMap((from) => states.map((to) => [from, to] as const));

  it.each(every)('from %s to %s moves only as the table says', (from, to) => {
    expect(mayMove(from, to)).toBe(rightMoves.includes(`${from} > ${to}`));
  });

  it('ends in disconnected and nowhere else', () => {
    const ends = states.filter((state) => connectionMoves[state].length === 0);
    expect(ends).toEqual(['disconnected']);
  });

  it('can be disconnected from every other state', () => {
    const canNot = states.filter((state) => !connectionCan(state).disconnect);
    expect(canNot).toEqual(['disconnected']);
  });

  it('is chosen and is reconnected in one state each', () => {
    expect(states.filter((state) => connectionCan(state).choose)).toEqual(['choosing']);
    expect(states.filter((state) => connectionCan(state).reconnect)).toEqual(['needs-consent']);
  });

  it('becomes active from wherever the table says', () => {
    expect(statesBefore('active')).toEqual(['choosing', 'paused', 'needs-consent']);
  });
});
