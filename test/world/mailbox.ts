import { createServer, type Server, type Socket } from 'node:net';
import { keepShownOnce } from './run-folder.ts';

/** A mail as it arrived. */
export interface CaughtMail {
  from: string;
  to: string[];
  subject: string;
  text: string;
  /** By name in lower case, as they stood in the mail. */
  headers: Record<string, string>;
}

/** A mail server of a world's own that keeps what it is given. */
export interface Mailbox {
  /** For `SMTP_URL`. */
  readonly url: string;
  /** Every mail, in the order of arrival. */
  mails(): CaughtMail[];
  /** Those to one address. */
  to(address: string): CaughtMail[];
  /** Forgets what arrived. */
  empty(): void;
  /** From now on every mail is answered with this SMTP code; null: taken again. */
  refuseWith(code: number | null): void;
  close(): Promise<void>;
}

/**
 * Listens at once, on a port of its own, and loads the mail server with the first mail: most
 * worlds never send one.
 */
export async function createMailbox(): Promise<Mailbox> {
  const caught: CaughtMail[] = [];
  const sockets = new Set<Socket>();
  let refusal: number | null = null;
  let loading: Promise<Server> | undefined;

  async function load(): Promise<Server> {
    const [{ SMTPServer }, { simpleParser }] = await Promise.all([
      import('smtp-server'),
      import('mailparser'),
    ]);
    const catcher = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      onRcptTo(_address, _session, done) {
        if (refusal === null) return done();
        done(Object.assign(new Error('Refused by the test'), { responseCode: refusal }));
      },
      onData(stream, _session, done) {
        simpleParser(stream).then((mail) => {
          keepShownOnce(mail.text ?? '');
          const to = [mail.to ?? []].flat().flatMap(({ value }) => value);
          caught.push({
            from: mail.from?.text ?? '',
            to: to.flatMap(({ address }) => address ?? []),
            subject: mail.subject ?? '',
            text: (mail.text ?? '').trimEnd(),
            headers: Object.fromEntries(
              mail.headerLines.map(({ key, line }) => [key, line.slice(key.length + 1).trim()]),
            ),
          });
          done();
        }, done);
      },
    });
    catcher.on('error', () => undefined);
    return catcher.server;
  }

  const door = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    loading ??= load();
    loading
      .then((server) => server.emit('connection', socket))
      .catch((error) => socket.destroy(error));
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  const address = door.address();
  if (address === null || typeof address === 'string') throw new Error('The mailbox got no port');

  return {
    url: `smtp://127.0.0.1:${address.port}`,
    mails: () => [...caught],
    to: (wanted) => caught.filter(({ to }) => to.includes(wanted)),
    empty: () => {
      caught.length = 0;
    },
    refuseWith(code) {
      refusal = code;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => door.close(() => resolve()));
    },
  };
}
