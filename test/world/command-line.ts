import { runCommand } from '#entry/commands/run-command';
import type { World } from './world.ts';

/** What a command printed, and how it ended: 0 done, 1 failed, 2 typed wrongly. */
export interface Typed {
  code: number;
  out: string;
  err: string;
}

/** Types a command of `npm run bursar` in a world's own process. */
export async function typeCommand(world: World, ...args: string[]): Promise<Typed> {
  const out: string[] = [];
  const err: string[] = [];
  const terminal = { out: (line: string) => out.push(line), err: (line: string) => err.push(line) };
  // The context is the world's own and outlives the command.
  const context = { ...world.context, close: async () => undefined };
  const code = await runCommand(args, terminal, async () => context);
  return { code, out: out.join('\n'), err: err.join('\n') };
}
