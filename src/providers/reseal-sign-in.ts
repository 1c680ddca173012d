import { parseEnvelope, symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto';
import type { Resealed } from '#platform/reseal';
import type { SignInLibrary } from './sign-in-library.ts';

/** Second factors as the library stores them: both texts are sealed by it. */
interface StoredFactor {
  id: string;
  secret: string;
  backupCodes: string;
}

const BATCH = 200;

/**
 * Seals what the sign-in library keeps for second factors with the present key. The library seals
 * by itself, so the keys of others do not reach these; without this step nobody's second factor
 * would open once the old key is gone.
 */
export async function resealSignIn(library: SignInLibrary): Promise<Resealed> {
  const { adapter, secretConfig } = await library.$context;
  if (typeof secretConfig === 'string') throw new Error('The sign-in library has one key only');
  const sum: Resealed = { resealed: 0, unreadable: 0, left: 0 };

  async function anew(sealed: string): Promise<string> {
    const isPresent = parseEnvelope(sealed)?.version === versionNow(secretConfig);
    if (isPresent) return sealed;
    const data = await symmetricDecrypt({ key: secretConfig, data: sealed });
    return symmetricEncrypt({ key: secretConfig, data });
  }

  for (let offset = 0; ; offset += BATCH) {
    const found = await adapter.findMany<StoredFactor>({
      model: 'twoFactor',
      sortBy: { field: 'id', direction: 'asc' },
      limit: BATCH,
      offset,
    });
    for (const factor of found) {
      try {
        const update = {
          secret: await anew(factor.secret),
          backupCodes: await anew(factor.backupCodes),
        };
        if (update.secret === factor.secret && update.backupCodes === factor.backupCodes) continue;
        // Only what still is as it was read: a code may have been used up meanwhile.
        const where = [
          { field: 'id', value: factor.id },
          { field: 'backupCodes', value: factor.backupCodes },
        ];
        const changed = await adapter.update<StoredFactor>({ model: 'twoFactor', where, update });
        if (changed) sum.resealed += 1;
        else sum.left += 1;
      } catch {
        sum.unreadable += 1;
      }
    }
    if (found.length < BATCH) return sum;
  }
}

function versionNow(config: string | { currentVersion: number }): number | null {
  return typeof config === 'string' ? null : config.currentVersion;
}
