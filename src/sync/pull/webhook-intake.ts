/** Room for the bodies of deliveries that are on their way in, whoever sends them. */
export interface Intake {
  /** Keeps room for a body; answers what gives it back, or null when there is none. */
  take(network: string, bytes: number): (() => void) | null;
}

/** What any request costs beside its body. */
const LEAST_BYTES = 16 * 1024;

/**
 * Whether a signature is right shows only with the whole body, so strangers can make us keep bodies.
 * At most `bytesMax` are kept at once, of one network at most `bytesPerNetwork`, so that no single
 * one shuts Xero out.
 */
export function createIntake(limits: { bytesMax: number; bytesPerNetwork: number }): Intake {
  const byNetwork = new Map<string, number>();
  let total = 0;
  return {
    take(network, bytes) {
      const kept = Math.max(bytes, LEAST_BYTES);
      const ofNetwork = byNetwork.get(network) ?? 0;
      if (total + kept > limits.bytesMax || ofNetwork + kept > limits.bytesPerNetwork) return null;
      total += kept;
      byNetwork.set(network, ofNetwork + kept);
      return () => {
        total -= kept;
        const left = (byNetwork.get(network) ?? 0) - kept;
        if (left > 0) byNetwork.set(network, left);
        else byNetwork.delete(network);
      };
    },
  };
}
