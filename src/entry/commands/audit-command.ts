import { presentRestore } from '#audit/index';
import type { AcceptedRestore } from '#contract/audit';
import type { Provider } from '#providers/index';
import type { Context } from '../context.ts';
import type { Command, Given } from './command.ts';
import { allProviders, chosenProvider, UsageError } from './command.ts';

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
    const told = verdicts.map(({ providerId, entries, head, fault, erasedAt, restores }) => ({
      providerId,
      provider: names.get(providerId) ?? null,
      entries: Number(entries),
      head: head && { position: Number(head.position), hash: head.hash },
      erasedAt: erasedAt?.toISOString() ?? null,
      restores: restores.map(presentRestore),
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

/** Has checking go on from where the logs stand after a backup was put back. */
export const acceptRestore: Command = {
  name: 'audit accept-restore',
  summary:
    'Say that a backup was put back: the audit log is checked from where it stands now, and the break stays visible',
  options: {
    provider: { value: 'ID', isNeeded: false, help: 'id or name' },
    all: { value: null, isNeeded: false, help: 'every provider whose log is not the one noted' },
  },
  async run(context, given) {
    const isAll = given.options.all !== undefined;
    if (isAll === (given.options.provider !== undefined)) {
      throw new UsageError('Please give either --provider or --all.');
    }
    const providers = await chosen(context, given);
    const names = new Map(providers.map(({ id, name }) => [id, name]));
    const acceptances = await context.audit.acceptRestores([...names.keys()], {
      alsoVanished: isAll,
    });
    const told = acceptances.map(({ providerId, outcome, restore, fault }) => ({
      providerId,
      provider: names.get(providerId) ?? null,
      outcome,
      restore: restore && presentRestore(restore),
      fault,
    }));
    return {
      data: { anchors: context.audit.anchorsPath, providers: told },
      words: told.map(
        ({ provider, providerId, restore, fault }) =>
          `${provider ?? providerId}: ${acceptanceWords(restore, fault)}`,
      ),
      hasFailed: told.some(({ outcome }) => outcome === 'refused'),
    };
  },
};

function acceptanceWords(restore: AcceptedRestore | null, fault: string | null): string {
  if (restore) return `accepted. ${restoreWords(restore)}`;
  if (fault === null) return 'nothing to accept, the log is the one that was noted.';
  return `not accepted, since a backup that was put back does not explain it: ${fault}`;
}

function restoreWords({ keptUpTo, noted, entries }: AcceptedRestore): string {
  return `Entries up to ${keptUpTo} are those noted before; what was noted after them, up to entry ${noted}, counts no more. The log had ${entries} entries then.`;
}

async function chosen(context: Context, given: Given): Promise<Provider[]> {
  if (given.options.provider !== undefined) return [await chosenProvider(context, given)];
  return allProviders(context);
}

function wordsOf(verdict: {
  providerId: string;
  provider: string | null;
  entries: number;
  head: { hash: string } | null;
  erasedAt: string | null;
  restores: AcceptedRestore[];
  fault: { words: string } | null;
}): string {
  const name = verdict.provider ?? verdict.providerId;
  const restores = verdict.restores.map(
    (restore) => ` A restore was accepted at ${restore.acceptedAt}. ${restoreWords(restore)}`,
  );
  return `${name}: ${stateWords(verdict)}${restores.join('')}`;
}

function stateWords(verdict: {
  entries: number;
  head: { hash: string } | null;
  erasedAt: string | null;
  fault: { words: string } | null;
}): string {
  if (verdict.fault) return `${verdict.fault.words} The ${verdict.entries} entries before fit.`;
  if (verdict.erasedAt) return `erased as a whole at ${verdict.erasedAt}.`;
  const head = verdict.head ? `, up to ${verdict.head.hash}` : '';
  return `${verdict.entries} entries, all as they were sealed${head}.`;
}
