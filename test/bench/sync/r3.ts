import { startBenchWorld } from './bench-world.ts';
import { exactly, type Figure, type Goal, told } from './goal.ts';
import { pushAll } from './push-run.ts';

const LOST = 0.3;

/** Answers vanish after Xero did the work, and Xero keeps no key. */
export const r3: Goal = {
  id: 'R3',
  title: 'Lost answers double nobody',
  async run({ learners }): Promise<Figure[]> {
    const world = await startBenchWorld({ nodes: 2 });
    const { control } = world.emulator;
    try {
      const push = await pushAll(world, learners, {
        prepare() {
          control.switches.keepsIdempotencyKeys = false;
          control.faults.add({
            path: '/api.xro/2.0/Contacts*',
            method: 'PUT',
            probability: LOST,
            effect: { kind: 'reset', when: 'after' },
          });
        },
      });
      const lost = control.log.calls().filter((call) => call.fault !== undefined).length;
      return [
        exactly('contacts', push.contacts, learners, { floor: learners }),
        exactly('doubled', push.doubled, 0),
        exactly('learners that failed', push.failed, 0),
        exactly('answers 429', push.refusedByLimits, 0),
        told('answers that were lost', lost),
        told('write calls', push.writes),
        told('all calls', push.calls),
        told('emulated time', push.seconds, { unit: 's' }),
      ];
    } finally {
      await world.close();
    }
  },
};
