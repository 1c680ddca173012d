import { type Logger, pino } from 'pino';

export type { Logger };

/** Names of fields that never reach a log, wherever they stand in what is logged. */
const SECRET_FIELDS = [
  'authorization',
  'cookie',
  'set-cookie',
  'password',
  'access_token',
  'refresh_token',
  'id_token',
  'accessToken',
  'refreshToken',
  'idToken',
  'client_secret',
  'clientSecret',
  'code_verifier',
  'codeVerifier',
  'key',
  'token',
  'secret',
];

/** A JSON-lines log on standard error, or in a file, that leaves secrets out by name. */
export function createLogger(options: { level: string; name: string; file?: string }): Logger {
  const paths = SECRET_FIELDS.flatMap((field) => {
    const quoted = `["${field}"]`;
    return [quoted, `*${quoted}`, `*.*${quoted}`];
  });
  return pino(
    { level: options.level, name: options.name, redact: { paths, censor: '[secret]' } },
    pino.destination({ dest: options.file ?? 2, sync: true }),
  );
}

/** A log that goes nowhere. */
export const silentLogger: Logger = pino({ level: 'silent' });
