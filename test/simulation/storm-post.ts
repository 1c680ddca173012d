import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type pg from 'pg';
import type { Broken } from './watch.ts';

interface Posted {
  body: Buffer;
  signature: string;
}

/** Between Xero and Bursar: keeps deliveries, to bring them late or again, and looks what comes of each. */
export interface StormPost {
  /** Where Xero delivers. */
  readonly url: string;
  /** Deliveries that were made, to be repeated much later. */
  readonly posted: Posted[];
  /** Deliveries that are on their way for a day and longer, and how many of the next will be. */
  readonly held: { posts: Posted[]; next: number };
  /** Brings a delivery to Bursar; answers with the status. */
  bring(posted: Posted): Promise<number>;
  close(): Promise<void>;
}

const KIND_OF: Record<string, string> = {
  CONTACT: 'contact',
  INVOICE: 'invoice',
  CREDITNOTE: 'credit-note',
  PREPAYMENT: 'prepayment',
  OVERPAYMENT: 'overpayment',
};

/** Writes down each notice that is kept or said anew, in the transaction that does. */
const NOTE_WHAT_IS_HEARD = `
create table public.storm_heard (n bigint generated always as identity, key text not null);
create function public.storm_hear() returns trigger language plpgsql security definer as $$
begin
  insert into public.storm_heard (key)
    values (concat_ws(' ', new.xero_org_id, new.kind, new.resource_id));
  return null;
end $$;
create trigger storm_heard_first after insert on public.notices
  for each row execute function public.storm_hear();
create trigger storm_heard_again after update on public.notices
  for each row when (new.heard <> old.heard) execute function public.storm_hear();
`;

/** A database that takes its time: whoever answers before all is kept would be lucky otherwise. */
const TAKE_TIME = `
create function public.storm_dally() returns trigger language plpgsql as $$
begin
  perform pg_sleep(0.06);
  return null;
end $$;
create trigger storm_dally after insert on public.notices
  for each statement execute function public.storm_dally();
`;

export async function openStormPost(
  database: pg.Pool,
  bursarUrl: string,
  { isSlow, broken }: { isSlow: boolean; broken: Broken },
): Promise<StormPost> {
  await database.query(NOTE_WHAT_IS_HEARD + (isSlow ? TAKE_TIME : ''));
  const posted: Posted[] = [];
  const held: StormPost['held'] = { posts: [], next: 0 };

  async function running(): Promise<Set<string>> {
    const sql = "select xero_org_id from lanes where state = 'running'";
    const { rows } = await database.query<{ xero_org_id: string }>(sql);
    return new Set(rows.map((row) => row.xero_org_id));
  }

  async function heardAfter(n: string): Promise<Set<string>> {
    const sql = 'select key from storm_heard where n > $1';
    const { rows } = await database.query<{ key: string }>(sql, [n]);
    return new Set(rows.map(({ key }) => key));
  }

  async function bring({ body, signature }: Posted): Promise<number> {
    const last = 'select coalesce(max(n), 0) as n from storm_heard';
    const begun = (await database.query<{ n: string }>(last)).rows[0]?.n ?? '0';
    const before = await running();
    const answer = await fetch(`${bursarUrl}/webhooks/xero`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-xero-signature': signature },
      body: new Uint8Array(body),
    });
    await answer.text();
    if (answer.status !== 200) return answer.status;
    const { events } = JSON.parse(body.toString('utf8')) as { events: Record<string, string>[] };
    const [heard, after] = [await heardAfter(begun), await running()];
    for (const { tenantId = '', eventCategory = '', resourceId } of events) {
      const key = `${tenantId} ${KIND_OF[eventCategory]} ${resourceId}`;
      const isExpected = before.has(tenantId) && after.has(tenantId) && eventCategory in KIND_OF;
      if (isExpected && !heard.has(key)) broken('I2', `${key} was taken and not kept`);
    }
    return 200;
  }

  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const one = {
        body: Buffer.concat(pieces),
        signature: String(request.headers['x-xero-signature']),
      };
      take(one).then(
        (status) => response.writeHead(status).end(),
        () => request.socket.destroy(),
      );
    });
  });

  async function take(one: Posted): Promise<number> {
    if (held.next > 0) {
      held.next -= 1;
      held.posts.push(one);
      // Xero repeats it by itself; here it is left to whoever lets it come in.
      return 200;
    }
    const status = await bring(one);
    if (status === 200) posted.push(one);
    return status;
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/xero`,
    posted,
    held,
    bring,
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
