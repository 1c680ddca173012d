import { startBenchWorld } from './bench-world.ts';
import { windowFloorMs } from './floor.ts';
import { atMost, exactly, type Figure, type Goal, told } from './goal.ts';
import { pushByPeer } from './peer-push.ts';
import { pushAll } from './push-run.ts';

/** Xero's advice. */
const ROWS = 50;
const BY_FLOOR_MAX = 1.05;

/** Everybody is pushed by as few calls as the advised batch allows, by two nodes together. */
export const p1: Goal = {
  id: 'P1',
  title: 'New learners, 50 a call',
  async run({ learners }): Promise<Figure[]> {
    const plain = await pushByPeer(learners, { rowsPerCall: 1, isPatient: false });
    const tuned = await pushByPeer(learners, { rowsPerCall: ROWS, isPatient: true });
    const world = await startBenchWorld({ nodes: 2, rowsPerWrite: ROWS });
    try {
      const push = await pushAll(world, learners);
      const floor = Math.ceil(learners / ROWS);
      const floorSeconds = windowFloorMs(world.emulator, floor, ROWS) / 1_000;
      return [
        exactly('write calls', push.writes, floor, { floor, peer: tuned.calls }),
        told('all calls', push.calls),
        exactly('answers 429', push.refusedByLimits, 0),
        atMost('emulated time', push.seconds, floorSeconds * BY_FLOOR_MAX, {
          unit: 's',
          floor: floorSeconds,
          peer: tuned.seconds,
        }),
        exactly('contacts', push.contacts, learners),
        exactly('doubled', push.doubled, 0),
        told('peer, a call each: contacts that landed', plain.contacts),
        told('peer, 50 a call and patient: calls', tuned.calls),
        told('peer, 50 a call and patient: of them 429', tuned.refusedByLimits),
        told('peer, 50 a call and patient: time', tuned.seconds, { unit: 's' }),
      ];
    } finally {
      await world.close();
    }
  },
};
