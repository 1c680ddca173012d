import formbody from '@fastify/formbody';
import Fastify, { type FastifyInstance } from 'fastify';
import { ApiError, notFound } from './accounting/api-error.ts';
import { API_PREFIX, accountingRoutes } from './accounting/edge.ts';
import { type Control, createControl } from './control/control.ts';
import { faultHooks } from './control/fault-hooks.ts';
import { logHooks } from './control/log-hooks.ts';
import { guardOrigins } from './control/origin-guard.ts';
import { controlRoutes } from './control/routes.ts';
import type { EmulatorClock, TimeSource } from './core/clock.ts';
import { createWorld } from './core/create-world.ts';
import type { Ids } from './core/ids.ts';
import { STYLE_SHEET } from './core/page.ts';
import type { World } from './core/world.ts';
import type { Answer } from './coverage/watch.ts';
import { deskRoutes } from './desk/routes.ts';
import { authorizeRoutes } from './identity/authorize.ts';
import { connectionRoutes } from './identity/connections.ts';
import { discoveryRoutes } from './identity/discovery.ts';
import type { App } from './identity/model.ts';
import { tokenRoutes } from './identity/token.ts';
import { layGround, type SeedChoice } from './seeds/ground.ts';
import { startPump } from './webhooks/pump.ts';

export interface EmulatorOptions {
  /** 0, the default, takes any free port; `none` listens nowhere and answers `ask` alone. */
  readonly port?: number | 'none';
  /** `localhost` (default) listens on both loopback addresses. */
  readonly host?: string;
  /** Registered apps; by default one that any localhost address may use. */
  readonly apps?: readonly AppOptions[];
  /** What empty books are filled with; see `SeedChoice`. `demo` unless said. */
  readonly seed?: SeedChoice;
  /** Keeps everything here, through restarts and crashes. */
  readonly dataDir?: string;
  /** The emulator's time; with a clock of the caller, webhooks wait for `deliverDue()`. */
  readonly clock?: TimeSource;
  /** Where the first app wants its webhooks, and the key that signs them. */
  readonly webhookUrl?: string;
  readonly webhookKey?: string;
  /** 15 minutes. */
  readonly webhookRetryMs?: number;
  /** 5 seconds. */
  readonly webhookTimeoutMs?: number;
  /** Whether deliveries run by themselves; by default they do unless a clock was given. */
  readonly delivery?: 'auto' | 'manual';
  /** Where identifiers come from, for those who repeat exactly what happened. */
  readonly ids?: Ids;
  /**
   * Hears every answer of the Accounting API, for tests that watch over its form. An answer leaves
   * when the promise that was given for it is kept.
   */
  readonly onAnswer?: (answer: Answer) => void | Promise<void>;
  /** Hears every answer of the token address, for tests that watch where its tokens go. */
  readonly onTokens?: (text: string) => void;
}

/** What an app is registered with; the rest has defaults. */
export type AppOptions = Partial<Omit<App, 'id'>> & { readonly id: string };

export interface Emulator {
  /** `http://localhost:<port>`: serves all three of Xero's hosts. */
  readonly url: string;
  readonly port: number;
  readonly clock: EmulatorClock;
  readonly control: Control;
  /** Answers a request in this process, without a line in between. */
  ask(request: Asked): Promise<InjectedAnswer>;
  close(): Promise<void>;
}

/** A request as it would come over the line; `url` without the host. */
export interface Asked {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload?: string;
}

export type InjectedAnswer = Awaited<ReturnType<FastifyInstance['inject']>>;

const NO_PORT_URL = 'http://xero.invalid';
const MAX_BODY_BYTES = 10 * 1024 * 1024;

/**
 * Starts an emulator.
 * @throws the listen error (`EADDRINUSE`) when the port is taken, before any data are touched.
 */
export async function createEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const world = createWorld(options, () => baseUrl);
  let baseUrl = '';
  const control = createControl(world);
  const server = await buildServer(world, control, options);
  const place = options.port === 'none' ? await stayIn(server) : await listen(server, options);
  const { port } = place;
  baseUrl = place.url;
  layGround(world, options);
  control.snapshots.markStart();
  const isAuto = (options.delivery ?? (options.clock ? 'manual' : 'auto')) === 'auto';
  const stopPump = isAuto ? startPump(world) : () => {};
  return {
    url: baseUrl,
    port,
    clock: world.clock,
    control,
    ask: (request) => server.inject({ ...request }),
    close: async () => {
      stopPump();
      await server.close();
      world.store.close();
    },
  };
}

interface Place {
  readonly url: string;
  readonly port: number;
}

async function stayIn(server: FastifyInstance): Promise<Place> {
  await server.ready();
  return { url: NO_PORT_URL, port: 0 };
}

async function listen(server: FastifyInstance, options: EmulatorOptions): Promise<Place> {
  const host = options.host ?? 'localhost';
  await server.listen({ port: Number(options.port ?? 0), host });
  const address = server.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const name = ['127.0.0.1', '0.0.0.0', '::'].includes(host) ? 'localhost' : host;
  return { url: `http://${name}:${port}`, port };
}

async function buildServer(
  world: World,
  control: Control,
  { onAnswer, onTokens }: Pick<EmulatorOptions, 'onAnswer' | 'onTokens'>,
): Promise<FastifyInstance> {
  const server = Fastify({
    bodyLimit: MAX_BODY_BYTES,
    forceCloseConnections: true,
    routerOptions: { caseSensitive: false, ignoreTrailingSlash: true, maxParamLength: 300 },
  });
  await server.register(formbody);
  guardOrigins(server);
  tellTime(server, world);
  faultHooks(server, world);
  // After the faults, so that the bytes are those of the answer that really went out.
  logHooks(server, world);
  if (onAnswer) answerHook(server, onAnswer);
  if (onTokens) tokenHook(server, onTokens);
  server.setErrorHandler((error, request, reply) => sendError(error, request.url, reply));
  server.setNotFoundHandler((_request, reply) => sendError(notFound(), '', reply));
  server.get('/assets/emulator.css', (_request, reply) =>
    reply.type('text/css; charset=utf-8').send(STYLE_SHEET),
  );
  server.get('/', (_request, reply) => reply.redirect('/desk'));
  authorizeRoutes(server, world);
  tokenRoutes(server, world);
  discoveryRoutes(server, world);
  connectionRoutes(server, world);
  deskRoutes(server, world, control);
  controlRoutes(server, control);
  await server.register((scope) => accountingRoutes(scope, world));
  return server;
}

/** Answers are dated by the emulator's clock, so that a caller can see its own going wrong. */
function tellTime(server: FastifyInstance, world: World): void {
  server.addHook('onRequest', async (_request, reply) => {
    void reply.header('date', world.clock.now().toUTCString());
  });
}

function answerHook(server: FastifyInstance, hear: NonNullable<EmulatorOptions['onAnswer']>): void {
  server.addHook('onSend', async (request, reply, payload) => {
    const { method, url } = request;
    if (url.toLowerCase().startsWith(API_PREFIX)) {
      const isText = typeof payload === 'string' || Buffer.isBuffer(payload);
      const path = url.slice(API_PREFIX.length);
      const text = isText ? payload.toString() : '';
      const delay = hear({ method, path, status: reply.statusCode, text });
      if (delay) await delay;
    }
    return payload;
  });
}

function tokenHook(server: FastifyInstance, hear: (text: string) => void): void {
  server.addHook('onSend', async (request, _reply, payload) => {
    if (request.url.startsWith('/connect/token') && payload) hear(String(payload));
    return payload;
  });
}

type Replier = Parameters<Parameters<FastifyInstance['setErrorHandler']>[0]>[2];

/** Refusals become the bytes they carry; anything else is a fault of the emulator itself. */
function sendError(error: unknown, url: string, reply: Replier) {
  if (error instanceof ApiError) {
    const { status, contentType, body, headers } = error.wire;
    if (contentType) void reply.type(contentType);
    return reply.code(status).headers(headers).send(body);
  }
  const status = statusOf(error);
  if (status < 500) {
    const message = error instanceof Error ? error.message : 'Bad request';
    return url.toLowerCase().startsWith(API_PREFIX)
      ? reply.code(status).type('text/plain; charset=utf-8').send(message)
      : reply.code(status).send({ error: 'invalid_request', error_description: message });
  }
  console.error('the emulator failed', error);
  return reply.code(500).type('text/plain; charset=utf-8').send('The emulator failed; see its log');
}

function statusOf(error: unknown): number {
  const status = (error as { statusCode?: unknown } | undefined)?.statusCode;
  return typeof status === 'number' && status >= 400 ? status : 500;
}
