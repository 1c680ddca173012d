import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { Database } from './database.ts';
import { isLoopback } from './setting-forms.ts';

/** Why nothing may leave this Bursar: the setting says so, or it works at another address. */
export type Held = { because: 'setting' } | { because: 'address'; worksAt: string };

/**
 * Which Bursar this is. A copy of the database that is started elsewhere, to try things or to look
 * at a backup, would write into the same books, use up the same permissions and send the same mails
 * as the one it was copied from. So it holds still.
 */
export interface Installation {
  /**
   * Null: this is the Bursar that works here, and is noted as such by that. Asked again for as long
   * as it is held.
   */
  whyHeld(): Promise<Held | null>;
  /** Says that the Bursar of this database has moved to the address of the settings. */
  adopt(): Promise<void>;
}

/** The Bursar of this database under these settings. */
export function createInstallation(deps: {
  database: Pick<Database, 'asSystem'>;
  clock: Clock;
  config: Pick<Config, 'publicUrl' | 'isHeld'>;
}): Installation {
  const { database, clock } = deps;
  const { publicUrl, isHeld } = deps.config;
  let isFree = false;

  /** The address that was noted first; an address of one machine alone is not worth noting. */
  function notedAddress(): Promise<string | null> {
    return database.asSystem(async (tx) => {
      if (!isLoopback(publicUrl)) {
        await tx
          .insertInto('installation')
          .values({ public_url: publicUrl, noted_at: clock.now() })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }
      const row = await tx.selectFrom('installation').select('public_url').executeTakeFirst();
      return row?.public_url ?? null;
    });
  }

  return {
    async whyHeld() {
      if (isFree) return null;
      if (isHeld) return { because: 'setting' };
      const worksAt = await notedAddress();
      if (worksAt !== null && hostOf(worksAt) !== hostOf(publicUrl)) {
        return { because: 'address', worksAt };
      }
      isFree = true;
      return null;
    },

    async adopt() {
      await database.asSystem(async (tx) => {
        await tx.deleteFrom('installation').execute();
        if (isLoopback(publicUrl)) return;
        const row = { public_url: publicUrl, noted_at: clock.now() };
        await tx.insertInto('installation').values(row).execute();
      });
    },
  };
}

/** What is wrong and what to do, for whoever runs this Bursar. */
export function heldWords(held: Held, publicUrl: string): string {
  const nothing = 'This Bursar is on hold: it sends nothing and asks Xero nothing';
  if (held.because === 'setting') return `${nothing}, since HOLD is on.`;
  return `${nothing}, since its database belongs to the Bursar at ${held.worksAt}. If that one has moved to ${publicUrl}, run: npm run bursar -- installation adopt`;
}

/** Another scheme is the same Bursar; another port may be a second one beside it. */
function hostOf(address: string): string {
  return new URL(address).host;
}
