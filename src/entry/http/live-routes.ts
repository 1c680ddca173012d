import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { LIVE_PATH, type LiveTopic } from '#contract/live';
import { type Permission, roleMay } from '#contract/permissions';
import { AppError } from '#platform/app-error';
import { SECOND_MS } from '#platform/clock';
import type { LiveUpdates } from '#platform/live-updates';
import { type Caller, callerKey } from '#providers/index';
import { admit, authenticate, type GuardDeps } from './guard.ts';

export const HEARTBEAT_MS = 20 * SECOND_MS;
export const STREAMS_PER_CALLER = 20;
/** Of all its callers together, so that one provider's keys leave room for everybody else. */
export const STREAMS_PER_PROVIDER = 400;
const STREAMS_IN_ALL = 2_000;
/** Bytes that may wait for a page that reads too slowly before its stream is ended. */
const WAITING_BYTES_MAX = 256 * 1024;

/** Who hears of what; ids alone travel, but even those stay with those who may see the subject. */
const topicPermissions: Record<LiveTopic, Permission> = {
  learners: 'learners.view',
  workplaces: 'workplaces.view',
  sync: 'learners.view',
  documents: 'documents.view',
  connections: 'connections.view',
  imports: 'learners.import',
  support: 'support.use',
  runs: 'connections.view',
  webhooks: 'connections.view',
};

interface LiveDeps extends GuardDeps {
  live: LiveUpdates;
  heartbeatMs: number;
}

/**
 * Server-sent events for open pages. With each heartbeat the caller is looked up again, so that a
 * session that ended or a revoked key ends its streams too, and a changed role counts at once.
 */
export function registerLive(app: FastifyInstance, deps: LiveDeps): void {
  const endings = new Set<() => void>();
  const enter = createEntrance();

  app.addHook('preClose', async () => {
    for (const end of endings) end();
  });

  app.get(LIVE_PATH, { exposeHeadRoute: false }, async (request, reply) => {
    const caller = await admit(request, null, deps, providerOf(request));
    // A stream stays with the provider it was opened for, even when none was named.
    const identify = () => authenticate(request, null, deps, caller.providerId);
    // Whoever went away meanwhile sends no further word that would give the place back.
    if (request.raw.socket.destroyed) return reply.hijack();
    const leave = enter(caller);
    const { raw } = reply;
    reply.hijack();
    raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      // Kept alive after its end, the connection would hold up the server's own end.
      connection: 'close',
    });
    const end = () => raw.end();
    endings.add(end);
    const stop = tell(raw, caller, { identify, ...deps });
    raw.once('close', () => {
      stop();
      leave();
      endings.delete(end);
    });
    return reply;
  });
}

/**
 * Counts the open streams of each caller, of each provider and of all. Each entry gives back what
 * ends it; `request.too-many` where there is no room.
 */
function createEntrance(): (caller: Caller) => () => void {
  const open = new Map<string, number>();
  const count = (key: string, change: number) => {
    const left = (open.get(key) ?? 0) + change;
    if (left > 0) open.set(key, left);
    else open.delete(key);
  };
  return (caller) => {
    const shares = [
      { key: `caller ${callerKey(caller)}`, most: STREAMS_PER_CALLER, whose: 'each caller' },
      { key: `provider ${caller.providerId}`, most: STREAMS_PER_PROVIDER, whose: 'each provider' },
      { key: 'all', most: STREAMS_IN_ALL, whose: 'everybody together' },
    ];
    const full = shares.find(({ key, most }) => (open.get(key) ?? 0) >= most);
    if (full) {
      const detail = `Too many pages are open at once: there is room for ${full.most} of ${full.whose}. Close some of them.`;
      throw new AppError('request.too-many', detail, { extras: { retryAfterSeconds: 30 } });
    }
    for (const { key } of shares) count(key, 1);
    return () => {
      for (const { key } of shares) count(key, -1);
    };
  };
}

/** Tells one stream what its caller may hear, with signs of life between; stops when told. */
function tell(
  raw: ServerResponse,
  opener: Caller,
  deps: { live: LiveUpdates; heartbeatMs: number; identify: () => Promise<Caller> },
): () => void {
  let caller = opener;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const write = (text: string) => {
    if (raw.writableEnded) return;
    raw.write(text);
    if (raw.writableLength > WAITING_BYTES_MAX) raw.destroy();
  };
  const beat = async () => {
    write(':\n\n');
    try {
      caller = await deps.identify();
      if (!isStopped) timer = setTimeout(beat, deps.heartbeatMs);
    } catch {
      // No longer known here, or nobody can tell at the moment: the page opens a new stream.
      raw.end();
    }
  };
  const unsubscribe = deps.live.subscribe(opener.providerId, (message) => {
    if (mayHear(caller, message.topic)) write(`data: ${JSON.stringify(message)}\n\n`);
  });
  write(':\n\n');
  timer = setTimeout(beat, deps.heartbeatMs);
  return () => {
    isStopped = true;
    clearTimeout(timer);
    unsubscribe();
  };
}

function mayHear(caller: Caller, topic: LiveTopic): boolean {
  return roleMay(caller.role, topicPermissions[topic]);
}

/** A browser's event source can't set headers, so the provider stands in the address. */
function providerOf(request: FastifyRequest): string | undefined {
  const { provider } = request.query as { provider?: unknown };
  return typeof provider === 'string' && provider !== '' ? provider : undefined;
}
