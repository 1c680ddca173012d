import { type Resealed, reseal } from '#platform/reseal';
import { ownScope } from '#platform/scope';
import type { Context } from '../context.ts';
import { type Command, everyProvider } from './command.ts';

/** Seals every stored secret with the first of ENCRYPTION_KEYS, while Bursar goes on running. */
export const rotateKeys: Command = {
  name: 'keys rotate',
  summary: 'Seal all stored secrets with the first of ENCRYPTION_KEYS, so that older keys can go',
  options: {},
  async run(context) {
    const counts: Record<string, Resealed> = {};
    for (const target of context.sealedColumns) {
      const name = `${target.table}.${target.column}`;
      counts[name] = await reseal(context.database, context.secrets, target);
    }
    counts['second factors'] = await context.providers.resealSecrets();
    const all = Object.values(counts);
    // What lies beside the database and opens with no key is worth nothing, and hinders nothing.
    counts['permissions beside the database'] = await context.xero.resealCopies();
    counts['accepted restores of the audit log'] = await context.audit.resealRestores();
    const keyId = context.secrets.currentKeyId;
    const isDone = all.every(({ unreadable, left }) => unreadable === 0 && left === 0);
    if (all.some(({ resealed }) => resealed > 0)) await noteRotation(context, keyId);
    return {
      data: { keyId, isDone, counts },
      words: [...Object.entries(counts).map(wordsOf), endOf(keyId, all, isDone)],
      hasFailed: !isDone,
    };
  },
};

async function noteRotation(context: Context, keyId: string): Promise<void> {
  for await (const { id } of everyProvider(context)) {
    await context.database.asProvider(id, (tx) =>
      context.events.append(tx, ownScope(id), { kind: 'keys.rotated', keyId }),
    );
  }
}

function wordsOf([name, { resealed, unreadable, left }]: [string, Resealed]): string {
  const parts = [`${resealed} sealed anew`];
  if (left > 0) parts.push(`${left} in use all the while`);
  if (unreadable > 0) parts.push(`${unreadable} open with none of the keys`);
  return `${name}: ${parts.join(', ')}`;
}

function endOf(keyId: string, all: readonly Resealed[], isDone: boolean): string {
  if (isDone) return `Everything is sealed with “${keyId}”: the other keys can be removed.`;
  if (all.some(({ unreadable }) => unreadable > 0)) {
    return 'Some secrets open with none of ENCRYPTION_KEYS: add the key that sealed them and run this again. Keep all keys until then.';
  }
  return 'Some secrets were in use all the while: run this again, and keep all keys until then.';
}
