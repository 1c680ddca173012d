import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a database on which the connection can be lost, as it is when a server goes away. */
export interface DatabaseDoor {
  /** The database's address through the door. */
  readonly url: string;
  /** Ends every connection and refuses new ones, until it is opened again. */
  shut(): Promise<void>;
  /** Ends every connection and turns new ones away, as a server does that is about to start. */
  turnAway(): void;
  /** How many have been turned away since it was opened last. */
  turnedAway(): number;
  /** From now on nothing passes, either way, and no word is said of it: not on new ones either. */
  silence(): void;
  /** Lets through again; what went silent stays so. */
  open(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Puts a door before the database at `url`.
 * @param onWord called before a piece passes, with who says it; where it shuts the door, it does not pass
 */
export async function openDatabaseDoor(
  url: string,
  onWord?: (by: 'process' | 'database') => void,
): Promise<DatabaseDoor> {
  const { searchParams, hostname, port } = new URL(url);
  const folder = searchParams.get('host');
  const there = folder?.startsWith('/')
    ? { path: `${folder}/.s.PGSQL.${port || 5432}` }
    : { host: folder ?? hostname, port: Number(port || 5432) };
  const sockets = new Set<Socket>();
  let isSilent = false;
  let isTurningAway = false;
  let turnedAway = 0;

  const server = createServer((near) => {
    sockets.add(near.on('error', () => undefined));
    if (isSilent) return;
    if (isTurningAway) {
      turnedAway += 1;
      near.destroy();
      return;
    }
    const far = connect(there);
    sockets.add(far.on('error', () => undefined));
    if (onWord) {
      near.on('data', () => onWord('process'));
      far.on('data', () => onWord('database'));
    }
    near.pipe(far).pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const own = (server.address() as AddressInfo).port;

  async function shut(): Promise<void> {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    endAll();
    await closed;
  }

  function endAll(): void {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  }

  const through = new URL(url);
  through.searchParams.delete('host');
  through.hostname = '127.0.0.1';
  through.port = String(own);
  return {
    url: through.href,
    shut,
    turnAway() {
      isTurningAway = true;
      endAll();
    },
    turnedAway: () => turnedAway,
    silence() {
      isSilent = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    async open() {
      isSilent = false;
      isTurningAway = false;
      turnedAway = 0;
      if (server.listening) return;
      server.listen(own, '127.0.0.1');
      await once(server, 'listening');
    },
    close: shut,
  };
}
