import type { Ids } from '../core/ids.ts';
import type { Subscription } from './model.ts';
import { postPayload } from './post.ts';

/** What the probes of one run found. */
export interface IntentResult {
  readonly isShown: boolean;
  readonly probes: readonly {
    readonly isSignedRight: boolean;
    readonly status: number | undefined;
  }[];
}

/** Right and wrong signatures, in an order that cannot be learnt by counting. */
const PROBE_ORDERS: readonly (readonly boolean[])[] = [
  [true, false, false, true],
  [false, true, false, false],
  [false, false, true, true],
];

/**
 * Intent to receive: several empty payloads, some wrongly signed. The right ones must be answered
 * 200, the wrong ones 401.
 */
export async function probeIntent(
  subscription: Subscription,
  ids: Ids,
  timeoutMs: number,
): Promise<IntentResult> {
  const pick = subscription.nextSequence % PROBE_ORDERS.length;
  const probes: { isSignedRight: boolean; status: number | undefined }[] = [];
  let isShown = true;
  for (const isSignedRight of PROBE_ORDERS[pick] ?? [true, false]) {
    const payload = {
      events: [],
      firstEventSequence: 0,
      lastEventSequence: 0,
      entropy: ids
        .token(20)
        .toUpperCase()
        .replaceAll(/[^A-Z]/g, 'X'),
    };
    const wrong = isSignedRight ? undefined : Buffer.from(ids.token(32)).toString('base64');
    const result = await postPayload(subscription.url, subscription.key, payload, timeoutMs, wrong);
    probes.push({ isSignedRight, status: result.status });
    const isRight = isSignedRight
      ? result.isAccepted && result.status === 200
      : result.status === 401;
    isShown &&= isRight;
    if (result.status === undefined) break;
  }
  return { isShown, probes };
}
