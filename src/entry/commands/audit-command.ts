import type { Context } from '../context.ts';
import type { Command, Given } from './command.ts';
import { chosenProvider } from './command.ts';

const PROVIDERS_MAX = 100_000;

/** Checks that the audit log of one or all providers is as it was sealed. */
export const verifyAudit: Command = {
  name: 'audit verify',
  summary:
    'Check that every sealed entry of the audit log is as it was, and name the first that is not',
  options: {
    provider: { value: 'ID', isNeeded: false, help: 'id or name; all without it' },
  },
  async run(context, given) {
    const isAll = given.options.provider === undefined;
    const providers = await chosen(context, given);
    const names = new Map(providers.map(({ id, name }) => [id, name]));
    const verdicts = await context.audit.verify([...names.keys()], { alsoVanished: isAll });
    const told = verdicts.map(({ providerId, entries, head, fault, erasedAt }) => ({
      providerId,
      provider: names.get(providerId) ?? null,
      entries: Number(entries),
      head: head && { position: Number(head.position), hash: head.hash },
      erasedAt: erasedAt?.toISOString() ?? null,
      fault: fault && {
        position: fault.position === null ? null : Number(fault.position),
        eventId: fault.eventId,
        words: fault.words,
      },
    }));
    return {
      data: { anchors: context.audit.anchorsPath, providers: told },
      words: told.map(wordsOf),
      hasFailed: told.some(({ fault }) => fault !== null),
    };
  },
};

async function chosen(context: Context, given: Given) {
  if (given.options.provider !== undefined) return [await chosenProvider(context, given)];
  return context.providers.list(PROVIDERS_MAX);
}

function wordsOf(verdict: {
  providerId: string;
  provider: string | null;
  entries: number;
  head: { hash: string } | null;
  erasedAt: string | null;
  fault: { words: string } | null;
}): string {
  const name = verdict.provider ?? verdict.providerId;
  if (verdict.fault)
    return `${name}: ${verdict.fault.words} The ${verdict.entries} entries before fit.`;
  if (verdict.erasedAt) return `${name}: erased as a whole at ${verdict.erasedAt}.`;
  const head = verdict.head ? `, up to ${verdict.head.hash}` : '';
  return `${name}: ${verdict.entries} entries, all as they were sealed${head}.`;
}
