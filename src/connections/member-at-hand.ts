import type { ProviderId } from '#contract/ids';
import { AppError } from '#platform/app-error';
import type { ConnectionsDeps } from './deps.ts';

/** Whether a browser's session is that of somebody who belongs to this provider, in any role. */
export async function isMemberAtHand(
  { providers }: Pick<ConnectionsDeps, 'providers'>,
  sessionCookie: string | undefined,
  provider: ProviderId,
): Promise<boolean> {
  try {
    await providers.authenticate({ authorization: undefined, sessionCookie, provider });
    return true;
  } catch (error) {
    const isElse = error instanceof AppError && ELSE.has(error.code);
    if (isElse) return false;
    throw error;
  }
}

/** Nobody is signed in, or somebody of another provider. */
const ELSE: ReadonlySet<string> = new Set(['session.missing', 'session.no-provider']);
