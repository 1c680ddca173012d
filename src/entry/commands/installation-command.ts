import { heldWords } from '#platform/installation';
import type { Command } from './command.ts';

/** Tells a Bursar that was started under another address that it is the one and has moved. */
export const adoptInstallation: Command = {
  name: 'installation adopt',
  summary: 'Say that this Bursar has moved to the address in PUBLIC_URL, so that it sends again',
  options: {},
  async run({ config, installation }) {
    await installation.adopt();
    const held = await installation.whyHeld();
    const moved = `The Bursar of this database works at ${config.publicUrl} from now on.`;
    return {
      data: { publicUrl: config.publicUrl, isHeld: held !== null },
      words: held === null ? [moved] : [moved, heldWords(held, config.publicUrl)],
    };
  },
};
