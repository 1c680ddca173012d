import { z } from 'zod';
import { type Agreement, type AgreementCheck, agreementRoutes } from '#contract/agreement';
import { DocumentKind, DocumentStatus } from '#contract/billing';
import type { PartyId, XeroOrgId } from '#contract/ids';
import { AppError } from '#platform/app-error';
import type { Tx } from '#platform/database';
import { type Endpoint, endpoint } from '#platform/http';
import { announce } from '#platform/live-updates';
import type { Scope } from '#platform/scope';
import { ROWS_PER_PAGE } from '#xero/index';
import type { SyncDeps } from '../lane/lane-run.ts';
import { lanesOf, wakeLane } from '../lane/lane-store.ts';
import { type NamedParty, namedParty, type Party } from '../parties/party.ts';
import {
  beginCheck,
  type Check,
  type Difference,
  findCheck,
  lastAgreedAt,
  listChecks,
  scheduleOf,
} from './check-store.ts';
import { listSums, type SumPlace, type SumRow } from './sum-store.ts';

type Names = ReadonlyMap<string, string>;
type Known = ReadonlyMap<string, Party>;

const nobody: NamedParty = {
  learnerId: null,
  learnerName: null,
  workplaceId: null,
  workplaceName: null,
};

/**
 * Where our ledger and Xero's stand towards each other. Asking for a comparison only begins it, or
 * joins the one that is on: the lane makes it. Refused with `request.not-found` where the lane
 * rests.
 */
export function agreementEndpoints(deps: SyncDeps): Endpoint[] {
  const { database } = deps;
  return [
    endpoint(agreementRoutes.listAgreements, async ({ scope }) => {
      const found = await database.asProvider(scope.providerId, (tx) => listAgreements(tx, scope));
      const usage = await deps.usageOf(found.map(({ xeroOrgId }) => xeroOrgId));
      return {
        agreements: found.map((agreement) => ({
          ...agreement,
          callsLeftToday: callsLeft(usage.get(agreement.xeroOrgId)),
        })),
      };
    }),
    endpoint(agreementRoutes.checkAgreement, ({ scope, body }) =>
      database.asProvider(scope.providerId, async (tx) => {
        const { xeroOrgId, way } = body;
        const now = deps.clock.now();
        if (!(await wakeLane(tx, scope.providerId, xeroOrgId, now))) throw noSuchOrganisation();
        const check = await beginCheck(tx, scope, xeroOrgId, { way, askedBy: scope.actor, now });
        await announce(tx, scope.providerId, 'sync', []);
        return present(check, await organisations(tx, scope));
      }),
    ),
    endpoint(agreementRoutes.listAgreementChecks, ({ scope, query }) =>
      database.asProvider(scope.providerId, async (tx) => {
        const before = query.cursor === undefined ? null : decodePlace(query.cursor);
        const { xeroOrgId, limit } = query;
        const found = await listChecks(tx, scope, { xeroOrgId, before, limit: limit + 1 });
        const shown = found.slice(0, limit);
        const last = shown.at(-1);
        const names = await organisations(tx, scope);
        return {
          items: shown.map((check) => present(check, names)),
          nextCursor: found.length > limit && last ? encodePlace(last) : null,
        };
      }),
    ),
    endpoint(agreementRoutes.getAgreementCheck, ({ scope, params }) =>
      database.asProvider(scope.providerId, async (tx) => {
        const check = await requireCheck(tx, scope, params.checkId);
        const ids = check.differences.flatMap((one) => one.partyId ?? []);
        const parties = await partiesOf(deps, tx, scope, ids);
        return {
          check: present(check, await organisations(tx, scope)),
          differences: check.differences.map((one) => presentDifference(one, parties)),
        };
      }),
    ),
    endpoint(agreementRoutes.listAgreementSums, ({ scope, params, query }) =>
      database.asProvider(scope.providerId, async (tx) => {
        const check = await requireCheck(tx, scope, params.checkId);
        const after = query.cursor === undefined ? null : decodeSumPlace(query.cursor);
        const found = await listSums(tx, scope, check.id, { after, limit: query.limit + 1 });
        const shown = found.slice(0, query.limit);
        const ids = shown.map(({ partyId }) => partyId);
        const parties = await partiesOf(deps, tx, scope, ids);
        const last = shown.at(-1);
        return {
          items: shown.map((row) => presentSum(row, parties)),
          nextCursor: found.length > query.limit && last ? encodeSumPlace(last) : null,
        };
      }),
    ),
  ];
}

async function listAgreements(tx: Tx, scope: Scope): Promise<Omit<Agreement, 'callsLeftToday'>[]> {
  const names = await organisations(tx, scope);
  const agreements: Omit<Agreement, 'callsLeftToday'>[] = [];
  for (const lane of await lanesOf(tx, scope)) {
    if (lane.stop_reason === 'disconnected') continue;
    const xeroOrgId = lane.xero_org_id as XeroOrgId;
    const newest = await listChecks(tx, scope, { xeroOrgId, before: null, limit: 2 });
    const running = newest.find((check) => check.finishedAt === null) ?? null;
    const latest = newest.find((check) => check.finishedAt !== null) ?? null;
    const { nextAt } = await scheduleOf(tx, scope, xeroOrgId);
    agreements.push({
      xeroOrgId,
      organisationName: lane.organisation_name,
      agreedAt: (await lastAgreedAt(tx, scope, xeroOrgId))?.toISOString() ?? null,
      latest: latest && present(latest, names),
      running: running && present(running, names),
      nextAt: nextAt?.toISOString() ?? null,
      callsForEverything: latest && callsForEverything(latest.papers),
    });
  }
  return agreements;
}

/** Each kind is asked for by itself, a page of a thousand a call, and once where there is none. */
function callsForEverything(papers: number): number {
  return Math.max(1, Math.ceil(papers / ROWS_PER_PAGE)) + DocumentKind.options.length - 1;
}

function callsLeft(usage: { callsToday: number; callsPerDay: number } | undefined): number | null {
  return usage ? Math.max(0, usage.callsPerDay - usage.callsToday) : null;
}

async function organisations(tx: Tx, scope: Scope): Promise<Names> {
  const lanes = await lanesOf(tx, scope);
  return new Map(lanes.map((lane) => [lane.xero_org_id, lane.organisation_name]));
}

async function partiesOf(
  deps: SyncDeps,
  tx: Tx,
  scope: Scope,
  ids: readonly string[],
): Promise<Known> {
  const parties = await deps.parties.getMany(tx, scope, [...new Set(ids)] as PartyId[]);
  return new Map(parties.map((party) => [party.id, party]));
}

async function requireCheck(tx: Tx, scope: Scope, id: string): Promise<Check> {
  const check = await findCheck(tx, scope, id);
  if (check) return check;
  throw new AppError('request.not-found', 'There is no comparison at this address.');
}

function noSuchOrganisation(): AppError {
  return new AppError('request.not-found', 'This organisation is not connected, or rests now.');
}

function present(check: Check, names: Names): AgreementCheck {
  return {
    id: check.id,
    xeroOrgId: check.xeroOrgId,
    organisationName: names.get(check.xeroOrgId) ?? '',
    way: check.way,
    askedBy: check.askedBy,
    begunAt: check.begunAt.toISOString(),
    finishedAt: check.finishedAt?.toISOString() ?? null,
    verdict: check.verdict,
    calls: check.calls,
    papers: check.papers,
    differenceCount: check.differenceCount,
  };
}

function presentDifference(one: Difference, parties: Known) {
  const money = (amount: Difference['ours']) =>
    amount && { amountMinor: Number(amount.minor), currency: amount.currency };
  const { partyId: _, ...rest } = one;
  return {
    ...rest,
    ...(one.partyId === null
      ? nobody
      : namedParty(one.partyId as PartyId, parties.get(one.partyId))),
    ours: money(one.ours),
    theirs: money(one.theirs),
  };
}

function presentSum(row: SumRow, parties: Known) {
  const side = ({ count, totalMinor, dueMinor }: typeof row.ours) => ({
    count,
    total: { amountMinor: Number(totalMinor), currency: row.currency },
    due: { amountMinor: Number(dueMinor), currency: row.currency },
  });
  const { ours, theirs } = row;
  return {
    ...namedParty(row.partyId, parties.get(row.partyId)),
    kind: row.kind,
    status: row.status,
    ours: side(ours),
    theirs: side(theirs),
    isEqual:
      ours.count === theirs.count &&
      ours.totalMinor === theirs.totalMinor &&
      ours.dueMinor === theirs.dueMinor,
  };
}

const Place = z.tuple([z.iso.datetime(), z.uuid()]);

function encodePlace(check: Check): string {
  const place = [check.begunAt.toISOString(), check.id];
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

function decodePlace(cursor: string): { at: Date; id: string } {
  const [at, id] = parsed(Place, cursor);
  return { at: new Date(at), id };
}

const SumKey = z.tuple([z.uuid(), DocumentKind, DocumentStatus, z.string().length(3)]);

function encodeSumPlace({ partyId, kind, status, currency }: SumPlace): string {
  const key = [partyId, kind, status, currency];
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

function decodeSumPlace(cursor: string): SumPlace {
  const [partyId, kind, status, currency] = parsed(SumKey, cursor);
  return { partyId: partyId as PartyId, kind, status, currency };
}

function parsed<Shape extends z.ZodType>(shape: Shape, cursor: string): z.output<Shape> {
  try {
    return shape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch (cause) {
    throw new AppError('request.invalid', 'This cursor does not belong to this list.', {
      extras: { fields: [{ field: 'cursor', message: 'take it from the page before' }] },
      cause,
    });
  }
}
