import type { FastifyInstance, FastifyReply } from 'fastify';
import { asTexts } from '../core/form.ts';
import { ROLES } from '../identity/model.ts';
import { isRecord, type Sent } from '../rules/field-reader.ts';
import { DEFAULT_CLIENT_ID } from '../seeds/ground.ts';
import { ActRefused, type Bookkeeper, type PaymentEntry } from './bookkeeper.ts';
import type { Control } from './control.ts';
import type { AdvanceEntry } from './credit-desk.ts';
import type { ConsentAnswer } from './people.ts';
import {
  oneOf,
  optionalText,
  readApp,
  readFault,
  readInvoice,
  readSettings,
  readUnchecked,
  readWebhookUrl,
} from './read-body.ts';

const PREFIX = '/_emulator';

/** The control API: JSON in, JSON out; a refusal is 400 with `{ "error": … }`. */
export function controlRoutes(server: FastifyInstance, control: Control): void {
  const route = (
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    act: (params: Readonly<Record<string, string>>, body: Sent) => unknown,
  ) => {
    server.route({
      method,
      url: `${PREFIX}${path}`,
      handler: (request, reply) =>
        answer(reply, control, () => {
          const query = asTexts(request.query);
          return act(
            { ...query, ...asTexts(request.params) },
            isRecord(request.body) ? request.body : {},
          );
        }),
    });
  };

  route('GET', '/clock', () => ({
    now: control.clock.now().toISOString(),
    speed: control.clock.speed,
  }));
  route('POST', '/clock', (_params, body) => steerClock(control, body));
  route('GET', '/faults', () => control.faults.list());
  route('POST', '/faults', (_params, body) => ({ id: control.faults.add(readFault(body)) }));
  route('DELETE', '/faults', () => control.faults.clear());
  route('DELETE', '/faults/:id', ({ id = '' }) => control.faults.remove(id));
  route('GET', '/log', ({ path }) => control.log.calls(path));
  route('GET', '/log/counters', () => control.log.allCounters());
  route('DELETE', '/log', () => control.log.clear());
  route('GET', '/switches', () => control.switches);
  route('POST', '/switches', (_params, body) =>
    Object.assign(control.switches, readSettings(control.switches, body)),
  );
  route('POST', '/limits', (_params, body) =>
    Object.assign(control.limits.numbers, readSettings(control.limits.numbers, body)),
  );
  route('DELETE', '/limits', () => control.limits.clear());
  route('GET', '/snapshots', () => control.snapshots.names());
  route('POST', '/snapshots/:name', ({ name = '' }) => control.snapshots.take(name));
  route('POST', '/snapshots/:name/restore', ({ name = '' }) => control.snapshots.restore(name));
  route('POST', '/reset', () => control.snapshots.reset());
  route('PUT', '/apps/:id', ({ id = '' }, body) => {
    const { secret: _secret, ...app } = control.putApp(readApp(id, body));
    return app;
  });
  peopleRoutes(route, control);
  webhookRoutes(route, control);
  bookkeeperRoutes(route, control);
}

type Route = (
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  act: (params: Readonly<Record<string, string>>, body: Sent) => unknown,
) => void;

function peopleRoutes(route: Route, control: Control): void {
  const { people } = control;
  route('GET', '/users', () => people.users());
  route('POST', '/consent', (_params, body) => ({
    redirectTo: people.consent(String(body.url), body as unknown as ConsentAnswer),
  }));
  route('POST', '/organisations', (_params, body) => ({
    id: people.addOrganisation(String(body.name), oneOf(body.countryCode, ['AU', 'NZ', 'GB'])),
  }));
  route('PUT', '/organisations/:org/users/:user', ({ org = '', user = '' }, body) =>
    people.setRole(user, org, oneOf(body.role, ROLES)),
  );
  route('DELETE', '/organisations/:org/users/:user', ({ org = '', user = '' }) =>
    people.removeUser(user, org),
  );
  route('GET', '/organisations/:org/connections', ({ org = '' }) => people.connections(org));
  route('POST', '/organisations/:org/offline', ({ org = '' }, body) =>
    control.troubles.setOffline(org, body.offline !== false),
  );
  route('POST', '/organisations/:org/reset-demo', ({ org = '' }) =>
    control.troubles.resetDemo(org),
  );
  route('DELETE', '/organisations/:org/connections', ({ org = '', app }) => ({
    disconnected: people.disconnect(org, app),
  }));
}

function webhookRoutes(route: Route, control: Control): void {
  const { webhooks } = control;
  route('GET', '/webhooks', () => ({
    pending: webhooks.pending(),
    waiting: webhooks.waiting(),
    status: webhooks.subscription()?.status,
    deliveries: webhooks.deliveries(),
  }));
  route('POST', '/webhooks', (_params, body) =>
    webhooks.configure(readWebhookUrl(body.url), {
      ...(typeof body.app === 'string' ? { appId: body.app } : {}),
      ...(typeof body.key === 'string' ? { key: body.key } : {}),
    }),
  );
  route('POST', '/webhooks/disable', (_params, body) =>
    control.troubles.disableWebhooks(optionalText(body.app) ?? DEFAULT_CLIENT_ID),
  );
  route('POST', '/webhooks/subscription', (_params, body) =>
    webhooks.reportSubscription(
      oneOf(body.type, ['CREATE', 'UPDATE']),
      optionalText(body.app) ?? DEFAULT_CLIENT_ID,
    ),
  );
  route('POST', '/webhooks/verify', () => webhooks.verify());
  route('POST', '/webhooks/deliver', async () => ({ taken: await webhooks.deliverDue() }));
  route('POST', '/webhooks/switches', (_params, body) =>
    Object.assign(webhooks.switches, readSettings(webhooks.switches, body)),
  );
}

function bookkeeperRoutes(route: Route, control: Control): void {
  const at = '/organisations/:org';
  const keeper = ({ org = '' }: Readonly<Record<string, string>>) => control.bookkeeper(org);
  route('POST', `${at}/contacts`, (params, body) => keeper(params).createContact(body));
  route('POST', `${at}/contacts/:id`, (params, body) =>
    keeper(params).editContact(params.id ?? '', body),
  );
  route('POST', `${at}/contacts/:id/unchecked`, (params, body) =>
    keeper(params).leaveUnchecked(params.id ?? '', readUnchecked(body)),
  );
  route('POST', `${at}/contacts/:id/erasure`, (params) =>
    keeper(params).requestErasure(params.id ?? ''),
  );
  route('POST', `${at}/contacts/:id/archive`, (params) =>
    keeper(params).archiveContact(params.id ?? ''),
  );
  route('POST', `${at}/contacts/:id/restore`, (params) =>
    keeper(params).restoreContact(params.id ?? ''),
  );
  route('POST', `${at}/contacts/:id/merge`, (params, body) =>
    keeper(params).mergeContacts(params.id ?? '', String(body.into)),
  );
  route('POST', `${at}/invoices`, (params, body) => {
    return keeper(params).createInvoice(readInvoice(body));
  });
  route('POST', `${at}/invoices/:id`, (params, body) =>
    keeper(params).editInvoice(params.id ?? '', body),
  );
  route('POST', `${at}/invoices/:id/approve`, (params) => keeper(params).approve(params.id ?? ''));
  route('POST', `${at}/invoices/:id/void`, (params) => keeper(params).void(params.id ?? ''));
  route('POST', `${at}/invoices/:id/pay`, (params, body) =>
    keeper(params).pay(params.id ?? '', body as unknown as PaymentEntry),
  );
  route('DELETE', `${at}/payments/:id`, (params) => keeper(params).deletePayment(params.id ?? ''));
  creditRoutes(route, keeper);
  route('POST', `${at}/rename`, (params, body) =>
    keeper(params).renameOrganisation(String(body.name)),
  );
  route('POST', `${at}/plan`, (params, body) => keeper(params).setPlan(oneOf(body.plan, PLANS)));
  route('POST', `${at}/lock-dates`, (params, body) =>
    keeper(params).setLockDates(optionalText(body.period), optionalText(body.endOfYear)),
  );
}

const PLANS = ['DEMO', 'TRIAL', 'STARTER', 'STANDARD', 'PREMIUM'] as const;
const CREDIT_KINDS = ['creditNote', 'overpayment', 'prepayment'] as const;

function creditRoutes(
  route: Route,
  keeper: (params: Readonly<Record<string, string>>) => Bookkeeper,
): void {
  const at = '/organisations/:org';
  route('POST', `${at}/credits/:kind`, (params, body) => {
    const { credits } = keeper(params);
    const kind = oneOf(params.kind, CREDIT_KINDS);
    if (kind === 'overpayment') return credits.receiveOverpayment(body as unknown as AdvanceEntry);
    if (kind === 'prepayment') return credits.receivePrepayment(body as unknown as AdvanceEntry);
    return credits.createNote(readInvoice(body));
  });
  route('POST', `${at}/credits/:kind/:id/allocate`, (params, body) =>
    keeper(params).credits.allocate(
      oneOf(params.kind, CREDIT_KINDS),
      params.id ?? '',
      String(body.invoice),
      String(body.amount),
    ),
  );
  route('POST', `${at}/credits/:kind/:id/refund`, (params, body) =>
    keeper(params).credits.refund(
      oneOf(params.kind, CREDIT_KINDS),
      params.id ?? '',
      String(body.amount),
    ),
  );
  route('DELETE', `${at}/allocations/:id`, (params) =>
    keeper(params).credits.unallocate(params.id ?? ''),
  );
}

async function answer(
  reply: FastifyReply,
  control: Control,
  act: () => unknown,
): Promise<FastifyReply> {
  try {
    const result = await act();
    control.commit();
    return await reply.send(result ?? { ok: true });
  } catch (error) {
    if (error instanceof ActRefused) return reply.code(400).send({ error: error.message });
    throw error;
  }
}

const FIRST_MS = Date.UTC(1970, 0);
const LAST_MS = Date.UTC(9000, 0);

/** Where the clock is to be put, if anywhere. Dates end somewhere, and so does what is taken. */
function targetMs(nowMs: number, { set, advanceMs }: Sent): number | undefined {
  if (typeof set !== 'string' && typeof advanceMs !== 'number') return undefined;
  const startMs = typeof set === 'string' ? Date.parse(set) : nowMs;
  const target = startMs + (typeof advanceMs === 'number' ? advanceMs : 0);
  if (target >= FIRST_MS && target <= LAST_MS) return target;
  throw new ActRefused('The clock goes to moments such as 2026-11-22T09:00:00Z, from 1970 to 9000');
}

function steerClock(control: Control, body: Sent): unknown {
  const { clock } = control;
  const target = targetMs(clock.nowMs(), body);
  if (body.stop === true) clock.stop();
  if (body.start === true) clock.start();
  if (target !== undefined) clock.set(new Date(target));
  if (typeof body.speed === 'number' && body.speed >= 0 && body.speed <= 1_000_000)
    clock.setSpeed(body.speed);
  return { now: clock.now().toISOString(), speed: clock.speed };
}
