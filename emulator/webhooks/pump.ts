import type { World } from '../core/world.ts';

const QUIET_MS = 30;
const LOOK_EVERY_MS = 1_000;

/**
 * Lets deliveries run by themselves: soon after something happened, and once a second for what has
 * become due. Gives back how to stop it.
 */
export function startPump(world: World): () => void {
  let isStopped = false;
  let soon: NodeJS.Timeout | undefined;
  const deliver = () => {
    if (isStopped) return;
    world.webhooks.deliverDue(true).catch((error: unknown) => {
      console.error('webhook delivery failed', error);
    });
  };
  world.webhooks.events.onChange((before) => {
    if (before || isStopped) return;
    clearTimeout(soon);
    soon = setTimeout(deliver, QUIET_MS);
    soon.unref();
  });
  const look = setInterval(deliver, LOOK_EVERY_MS);
  look.unref();
  return () => {
    isStopped = true;
    clearTimeout(soon);
    clearInterval(look);
  };
}
