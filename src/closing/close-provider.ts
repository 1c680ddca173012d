import { EXPORT_FRESH_DAYS, GRACE_DAYS, type ProviderStanding } from '#contract/closing';
import { AppError } from '#platform/app-error';
import { DAY_MS, plus } from '#platform/clock';
import type { Tx } from '#platform/database';
import { enqueue } from '#platform/jobs/job';
import { announce } from '#platform/live-updates';
import { queueMail } from '#platform/mail';
import type { Scope } from '#platform/scope';
import { getProvider, listMembers } from '#providers/index';
import { dropJobsOf } from './across-providers.ts';
import type { ClosingDeps } from './closing.ts';
import { endConnections } from './closing-jobs.ts';
import { createdAt, getClosing, noteClosed, noteReopened } from './closing-store.ts';

/**
 * Closes the provider: from now on nobody works here, nothing flows, and after the grace
 * everything is erased. Its name is typed, and its data was taken out before. Closed twice it
 * stays as it was closed first.
 *
 * @throws AppError `provider.wrong-name`, `provider.not-exported`
 */
export async function closeProvider(
  deps: ClosingDeps,
  scope: Scope,
  typedName: string,
): Promise<ProviderStanding> {
  const { database, clock, events, providers } = deps;
  const at = clock.now();
  const eraseAt = plus(at, GRACE_DAYS * DAY_MS);
  const { providerId, actor } = scope;
  await database.asProvider(providerId, async (tx) => {
    const name = (await getProvider(tx, scope))?.name ?? '';
    if (typedName.trim() !== name.trim()) throw new AppError('provider.wrong-name');
    const exportedAt = (await getClosing(tx, scope))?.exported_at ?? null;
    if (exportedAt === null || exportedAt < plus(at, -EXPORT_FRESH_DAYS * DAY_MS)) {
      throw new AppError('provider.not-exported');
    }
    if (!(await noteClosed(tx, scope, { at, by: actor.name, eraseAt }))) return;
    const closed = { kind: 'provider.closed', providerId, eraseAt: eraseAt.toISOString() } as const;
    await events.append(tx, scope, closed);
    await tellOwners(deps, tx, scope, { name, at, eraseAt });
    await enqueue(tx, endConnections, { providerId }, providerId);
    await announce(tx, providerId, 'connections', []);
  });
  await dropJobsOf(database, providerId);
  await providers.endSessions(providerId, actor.kind === 'person' ? actor.personId : null);
  return readStanding(deps, scope);
}

/** Undoes closing. What was disconnected at Xero stays so: somebody connects it anew. */
export async function reopenProvider(deps: ClosingDeps, scope: Scope): Promise<void> {
  const { database, events } = deps;
  const { providerId } = scope;
  await database.asProvider(providerId, async (tx) => {
    if (!(await noteReopened(tx, scope))) return;
    await events.append(tx, scope, { kind: 'provider.reopened', providerId });
    await announce(tx, providerId, 'connections', []);
  });
}

/**
 * What a provider's own page says of it, and how far it is on its way out; `closing` is null while
 * it is open.
 * @throws AppError `session.no-provider` when it was erased meanwhile
 */
export async function readStanding(deps: ClosingDeps, scope: Scope): Promise<ProviderStanding> {
  return deps.database.asProvider(scope.providerId, async (tx) => {
    const provider = await getProvider(tx, scope);
    if (!provider) throw new AppError('session.no-provider');
    const closing = await getClosing(tx, scope);
    const left = await deps.connections.standing(tx, scope);
    const { name, country, timeZone } = provider;
    return {
      name,
      country,
      timeZone,
      createdAt: (await createdAt(tx, scope)).toISOString(),
      exportedAt: closing?.exported_at?.toISOString() ?? null,
      closing:
        closing?.closed_at && closing.erase_at
          ? {
              closedAt: closing.closed_at.toISOString(),
              closedBy: closing.closed_by ?? '',
              eraseAt: closing.erase_at.toISOString(),
              connectionsLeft: left.length,
            }
          : null,
    };
  });
}

async function tellOwners(
  deps: ClosingDeps,
  tx: Tx,
  scope: Scope,
  facts: { name: string; at: Date; eraseAt: Date },
): Promise<void> {
  const { name, at, eraseAt } = facts;
  const day = eraseAt.toISOString().slice(0, 10);
  const owners = (await listMembers(tx, scope)).filter(({ role }) => role === 'owner');
  const mail = { providerId: scope.providerId, subject: `${name} is closed on Bursar`, at };
  for (const { personId, email } of owners) {
    await queueMail(tx, {
      ...mail,
      to: [email],
      onceKey: `provider-closed/${at.toISOString()}/${personId}`,
      text: [
        `${scope.actor.name} closed ${name} on Bursar.`,
        '',
        'Bursar no longer reaches its Xero organisations, and nobody can work there.',
        `On ${day} (UTC) everything Bursar holds for it is erased for good.`,
        '',
        'Until then any Owner can undo this or take the data out again:',
        `${deps.publicUrl}/settings/provider`,
      ].join('\n'),
    });
  }
  if (deps.operatorEmail === null) return;
  await queueMail(tx, {
    ...mail,
    to: [deps.operatorEmail],
    onceKey: `provider-closed/${at.toISOString()}/operator`,
    text: `${scope.actor.name} closed ${name} (${scope.providerId}). Its data is erased on ${day} (UTC).`,
  });
}
