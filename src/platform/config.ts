import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import type { EncryptionKey } from './secrets.ts';
import {
  databaseSetting,
  isMailbox,
  isNetwork,
  isOpen,
  isOrigin,
  isSmtpUrl,
  listenAddressFor,
  parseKey,
  wholeNumberSetting,
} from './setting-forms.ts';
import { SetupError } from './setup-error.ts';

/** Environment variables by name. An empty one counts as not set. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The registered Xero app that Bursar signs in with. */
export interface XeroAppConfig {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Null: Xero sends no notices, and changes are found by sweeps alone. */
  readonly webhookKey: string | null;
}

/** Where Xero is, as addresses without a trailing slash, and who we are there. */
export interface XeroConfig {
  /** Null: no Xero app is set up, and Xero cannot be connected. */
  readonly app: XeroAppConfig | null;
  readonly loginUrl: string;
  readonly identityUrl: string;
  readonly apiUrl: string;
  /** Where a person looks at contacts and papers in Xero's own pages. */
  readonly pagesUrl: string;
  /** How many contacts one call may carry at the very most. */
  readonly contactsPerCall: number;
}

/** The mail server that mails leave by. */
export interface MailServerConfig {
  /** `smtp:` (with STARTTLS where the server offers it) or `smtps:`, with its sign-in if it has one. */
  readonly url: string;
  /** What mails come from: an address, with a name or without. */
  readonly from: string;
}

export interface MailConfig {
  /** Null: mails are kept and shown to Owners, and none is sent. */
  readonly server: MailServerConfig | null;
  /** Who runs this Bursar: hears of support requests. */
  readonly operatorEmail: string | null;
}

/** All settings of Bursar's processes, checked. */
export interface Config {
  readonly port: number;
  /** The address of this machine that the port is opened at; `::` or `0.0.0.0`: all of them. */
  readonly listenAddress: string;
  /** Where people reach Bursar: an origin without a trailing slash. */
  readonly publicUrl: string;
  /** An absolute path. */
  readonly dataDir: string;
  /** The owner's login. */
  readonly databaseUrl: string;
  /** Connections for everyday work in each process, at most. */
  readonly databaseConnections: number;
  /** What a worker carries out at once. */
  readonly workerJobs: number;
  /** At least one; the first seals, all open. */
  readonly encryptionKeys: readonly EncryptionKey[];
  readonly xero: XeroConfig;
  /** Whether somebody unknown may sign up as a new provider, by Xero. */
  readonly isSignUpOpen: boolean;
  readonly mail: MailConfig;
  readonly logLevel: LogLevel;
  /** What whoever watches this Bursar shows at `/metrics`; null: it is not served. */
  readonly metricsToken: string | null;
  /** Proxies whose word on the caller's address counts; false: nobody's. */
  readonly trustedProxies: string[] | false;
  /** Whether renewed permissions of Xero are kept in the data folder too, sealed. */
  readonly keepsGrantCopies: boolean;
  /** For development: webhooks are sent to http addresses and into this network too. */
  readonly allowsLocalWebhooks: boolean;
  /** Whether nothing may leave this Bursar: a copy to look at. */
  readonly isHeld: boolean;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Names of settings whose value is never repeated in a message. */
const SECRETS = new Set([
  'DATABASE_URL',
  'ENCRYPTION_KEYS',
  'XERO_CLIENT_SECRET',
  'XERO_WEBHOOK_KEY',
  'SMTP_URL',
  'METRICS_TOKEN',
]);

const PORT_RULE = 'must be a whole number from 1 to 65535';
const LISTEN_RULE =
  'must be an address of this machine such as 127.0.0.1, or 0.0.0.0 or :: for all of them';
const HTTPS_RULE =
  'must begin with https: else sign-ins and Xero’s answers would travel in the open';
const ADDRESS_RULE = 'must be a web address such as https://bursar.example.org, without a path';
const KEYS_RULE =
  'must be one or more keys as id:key, separated by commas, each key 32 bytes in base64 (make one with: openssl rand -base64 32)';
const SMTP_RULE = 'must be a mail server such as smtp://user:password@mail.example.org:587';
const FROM_RULE =
  'must be an e-mail address, such as bursar@example.org or Bursar <bursar@example.org>';
const TOKEN_MIN = 24;
const TOKEN_RULE = `must have at least ${TOKEN_MIN} characters (make one with: openssl rand -hex 24)`;
const PROXIES_RULE =
  'must be the addresses of your proxies, separated by commas, such as 10.0.0.5 or 10.0.0.0/8';

/** A TCP port as text. */
export const portSetting = z
  .string()
  .regex(/^\d{1,5}$/, PORT_RULE)
  .transform(Number)
  .refine((port) => port >= 1 && port <= 65535, PORT_RULE);

const addressSetting = z
  .string()
  .refine(isOrigin, ADDRESS_RULE)
  .transform((text) => new URL(text).origin);

const keysSetting = z
  .string({ error: `is required together with DATABASE_URL and ${KEYS_RULE}` })
  .transform((text, context): EncryptionKey[] => {
    const keys = text.split(',').map(parseKey);
    const good = keys.filter((key) => key !== undefined);
    const ids = new Set(good.map(({ id }) => id));
    if (good.length !== keys.length) context.addIssue({ code: 'custom', message: KEYS_RULE });
    else if (ids.size !== keys.length) {
      context.addIssue({ code: 'custom', message: 'must give each key an id of its own' });
    }
    return good;
  });

const smtpSetting = z.string().refine(isSmtpUrl, SMTP_RULE);

const fromSetting = z.string().refine(isMailbox, FROM_RULE);

const proxiesSetting = z
  .string()
  .transform((text) => text.split(',').map((address) => address.trim()))
  .refine((addresses) => addresses.every(isNetwork), PROXIES_RULE);

const settings = z
  .object({
    PORT: portSetting.default(3000),
    LISTEN_ADDRESS: z
      .string()
      .refine((text) => isIP(text) !== 0, LISTEN_RULE)
      .optional(),
    PUBLIC_URL: addressSetting.optional(),
    DATA_DIR: z.string().default('.data'),
    DATABASE_URL: databaseSetting,
    DATABASE_CONNECTIONS: wholeNumberSetting(4, 200).default(10),
    WORKER_JOBS: wholeNumberSetting(1, 200).default(24),
    ENCRYPTION_KEYS: keysSetting,
    XERO_CLIENT_ID: z.string().optional(),
    XERO_CLIENT_SECRET: z.string().optional(),
    XERO_WEBHOOK_KEY: z.string().optional(),
    XERO_LOGIN_URL: addressSetting.default('https://login.xero.com'),
    XERO_IDENTITY_URL: addressSetting.default('https://identity.xero.com'),
    XERO_API_URL: addressSetting.default('https://api.xero.com'),
    XERO_PAGES_URL: addressSetting.default('https://go.xero.com'),
    // Xero advises 50 and names no bound; above 500 an answer would take too long.
    XERO_CONTACTS_PER_CALL: wholeNumberSetting(5, 500).default(500),
    SMTP_URL: smtpSetting.optional(),
    MAIL_FROM: fromSetting.optional(),
    OPERATOR_EMAIL: z.email('must be an e-mail address').optional(),
    METRICS_TOKEN: z.string().min(TOKEN_MIN, TOKEN_RULE).optional(),
    TRUST_PROXY: proxiesSetting.optional(),
    WEBHOOKS_TO_LOCAL: z
      .enum(['allowed', 'refused'], { error: 'must be allowed or refused' })
      .default('refused'),
    HOLD: z.enum(['on', 'off'], { error: 'must be on or off' }).default('off'),
    GRANT_COPIES: z.enum(['on', 'off'], { error: 'must be on or off' }).default('on'),
    SIGN_UP: z.enum(['open', 'closed'], { error: 'must be open or closed' }).default('open'),
    LOG_LEVEL: z
      .enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` })
      .default('info'),
  })
  .superRefine((given, context) => {
    const pairs = [
      ['XERO_CLIENT_ID', 'XERO_CLIENT_SECRET'],
      ['XERO_CLIENT_SECRET', 'XERO_CLIENT_ID'],
      ['XERO_WEBHOOK_KEY', 'XERO_CLIENT_ID'],
      ['SMTP_URL', 'MAIL_FROM'],
    ] as const;
    for (const [one, other] of pairs) {
      if (given[one] === undefined || given[other] !== undefined) continue;
      context.addIssue({ code: 'custom', path: [other], message: `must be set, since ${one} is` });
    }
    const isRealXero = given.XERO_CLIENT_ID && given.XERO_LOGIN_URL.startsWith('https:');
    if (isRealXero && given.PUBLIC_URL !== undefined && isOpen(given.PUBLIC_URL)) {
      context.addIssue({ code: 'custom', path: ['PUBLIC_URL'], message: HTTPS_RULE });
    }
  });

/**
 * Reads and checks all settings.
 *
 * @throws SetupError that names each wrong setting and what it should be, without its value when
 *   that is a secret.
 */
export function readConfig(env: Environment): Config {
  const given = parseSettings(settings, env);
  const publicUrl = given.PUBLIC_URL ?? `http://localhost:${given.PORT}`;
  return {
    port: given.PORT,
    listenAddress: given.LISTEN_ADDRESS ?? listenAddressFor(publicUrl),
    publicUrl,
    dataDir: resolve(given.DATA_DIR),
    databaseUrl: given.DATABASE_URL,
    databaseConnections: given.DATABASE_CONNECTIONS,
    workerJobs: given.WORKER_JOBS,
    encryptionKeys: given.ENCRYPTION_KEYS,
    xero: {
      app:
        given.XERO_CLIENT_ID === undefined
          ? null
          : {
              clientId: given.XERO_CLIENT_ID,
              clientSecret: given.XERO_CLIENT_SECRET ?? '',
              webhookKey: given.XERO_WEBHOOK_KEY ?? null,
            },
      loginUrl: given.XERO_LOGIN_URL,
      identityUrl: given.XERO_IDENTITY_URL,
      apiUrl: given.XERO_API_URL,
      pagesUrl: given.XERO_PAGES_URL,
      contactsPerCall: given.XERO_CONTACTS_PER_CALL,
    },
    mail: {
      server:
        given.SMTP_URL === undefined ? null : { url: given.SMTP_URL, from: given.MAIL_FROM ?? '' },
      operatorEmail: given.OPERATOR_EMAIL ?? null,
    },
    isSignUpOpen: given.SIGN_UP === 'open',
    logLevel: given.LOG_LEVEL,
    metricsToken: given.METRICS_TOKEN ?? null,
    trustedProxies: given.TRUST_PROXY ?? false,
    keepsGrantCopies: given.GRANT_COPIES === 'on',
    allowsLocalWebhooks: given.WEBHOOKS_TO_LOCAL === 'allowed',
    isHeld: given.HOLD === 'on',
  };
}

/** Checks the named settings of `shape`; throws like `readConfig`. */
export function parseSettings<Shape extends z.ZodType>(
  shape: Shape,
  env: Environment,
): z.output<Shape> {
  const set = Object.entries(env).filter(([, value]) => value !== undefined && value !== '');
  const parsed = shape.safeParse(Object.fromEntries(set));
  if (parsed.success) return parsed.data;
  const faults = new Map<string, string>();
  for (const issue of parsed.error.issues) {
    const name = String(issue.path[0]);
    if (!faults.has(name)) faults.set(name, describeFault(name, env[name], issue.message));
  }
  throw new SetupError('wrong_setting', `${[...faults.values()].join('; ')}.`);
}

function describeFault(name: string, value: string | undefined, rule: string): string {
  const shown = value && !SECRETS.has(name) ? `, and is “${value.slice(0, 80)}”` : '';
  return `The setting ${name} ${rule}${shown}`;
}

/** The process's environment over what `.env` in `folder` says, if there is one. */
export function readEnvironment(folder: string = process.cwd()): Environment {
  const path = join(folder, '.env');
  const file = readOptionalFile(path);
  const given = Object.entries(process.env).filter(([, value]) => value !== '');
  return { ...parseEnv(file), ...Object.fromEntries(given) };
}

function readOptionalFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return '';
    throw new SetupError('env_file_unreadable', `The file ${path} cannot be read: ${message}`);
  }
}
