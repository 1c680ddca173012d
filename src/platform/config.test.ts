import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig, readEnvironment } from './config.ts';
import { SetupError } from './setup-error.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');
const least = {
  DATABASE_URL: 'postgresql://bursar:hush-hush@db.example.org/bursar',
  ENCRYPTION_KEYS: `k1:${KEY}`,
};

function refusalOf(env: Record<string, string>): string {
  try {
    readConfig({ ...least, ...env });
  } catch (error) {
    if (error instanceof SetupError) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('readConfig', () => {
  it('needs a database and a key, and has a default for the rest', () => {
    const config = readConfig(least);
    expect(config).toEqual({
      port: 3000,
      listenAddress: '127.0.0.1',
      publicUrl: 'http://localhost:3000',
      dataDir: resolve('.data'),
      databaseUrl: least.DATABASE_URL,
      databaseConnections: 10,
      workerJobs: 24,
      encryptionKeys: [{ id: 'k1', key: Buffer.alloc(32, 7) }],
      xero: {
        app: null,
        loginUrl: 'https://login.xero.com',
        identityUrl: 'https://identity.xero.com',
        apiUrl: 'https://api.xero.com',
        pagesUrl: 'https://go.xero.com',
        contactsPerCall: 500,
      },
      mail: { server: null, operatorEmail: null },
      logLevel: 'info',
      metricsToken: null,
      trustedProxies: false,
      keepsGrantCopies: true,
      allowsLocalWebhooks: false,
      isHeld: false,
      isSignUpOpen: true,
    });
  });

  it('reads every setting', () => {
    const config = readConfig({
      ...least,
      PORT: '8080',
      PUBLIC_URL: 'https://bursar.example.org/',
      ENCRYPTION_KEYS: `new:${KEY}, old:${KEY}`,
      XERO_CLIENT_ID: 'id',
      XERO_CLIENT_SECRET: 'secret',
      XERO_WEBHOOK_KEY: 'hook',
      XERO_API_URL: 'http://127.0.0.1:9999',
      LOG_LEVEL: 'debug',
    });
    expect(config).toMatchObject({ port: 8080, publicUrl: 'https://bursar.example.org' });
    expect(config.encryptionKeys.map(({ id }) => id)).toEqual(['new', 'old']);
    expect(config.xero.app).toEqual({ clientId: 'id', clientSecret: 'secret', webhookKey: 'hook' });
    expect(config.xero.apiUrl).toBe('http://127.0.0.1:9999');
  });

  it.each([
    [{}, '127.0.0.1'],
    [{ PUBLIC_URL: 'http://127.0.0.3:3000' }, '127.0.0.3'],
    [{ PUBLIC_URL: 'http://[::1]:3000' }, '::1'],
    [{ PUBLIC_URL: 'https://bursar.example.org' }, '::'],
    [{ PUBLIC_URL: 'https://127.example.org' }, '::'],
    [{ LISTEN_ADDRESS: '0.0.0.0' }, '0.0.0.0'],
    [{ PUBLIC_URL: 'https://bursar.example.org', LISTEN_ADDRESS: '10.0.0.5' }, '10.0.0.5'],
  ])('is heard by this machine alone where nobody else is meant to come: %j', (env, address) => {
    expect(readConfig({ ...least, ...env }).listenAddress).toBe(address);
  });

  it('takes an empty setting for one that is not set', () => {
    expect(readConfig({ ...least, PORT: '', XERO_CLIENT_ID: '' }).xero.app).toBeNull();
  });

  it.each([
    ['PORT', 'eighty'],
    ['PORT', '0'],
    ['PORT', '65536'],
    ['LISTEN_ADDRESS', 'everywhere'],
    ['PUBLIC_URL', 'bursar.example.org'],
    ['PUBLIC_URL', 'https://example.org/bursar'],
    ['XERO_LOGIN_URL', 'ftp://login.xero.com'],
    ['XERO_CONTACTS_PER_CALL', '501'],
    ['GRANT_COPIES', 'maybe'],
    ['XERO_IDENTITY_URL', 'x'],
    ['XERO_API_URL', 'https://user:pass@api.xero.com'],
    ['LOG_LEVEL', 'loud'],
  ])('names %s when it is “%s” and repeats the value', (name, value) => {
    expect(refusalOf({ [name]: value })).toContain(`The setting ${name} must be`);
    expect(refusalOf({ [name]: value })).toContain(`“${value}”`);
  });

  it.each([
    ['DATABASE_URL', 'mysql://root:hush-hush@db/bursar'],
    ['DATABASE_URL', `${least.DATABASE_URL}?options=-c%20jit%3Doff`],
    ['ENCRYPTION_KEYS', 'hush-hush'],
    ['ENCRYPTION_KEYS', `k1:${KEY},k1:${KEY}`],
    ['ENCRYPTION_KEYS', `k.1:${KEY}`],
  ])('names a wrong %s without its value', (name, value) => {
    expect(refusalOf({ [name]: value })).toContain(`The setting ${name} must`);
    expect(refusalOf({ [name]: value })).not.toContain(value);
  });

  it('asks for what belongs to a setting that is there', () => {
    expect(refusalOf({ XERO_CLIENT_ID: 'id' })).toContain('XERO_CLIENT_SECRET must be set');
    expect(refusalOf({ XERO_WEBHOOK_KEY: 'hook' })).toContain('XERO_CLIENT_ID must be set');
    expect(refusalOf({ ENCRYPTION_KEYS: '' })).toContain('required together with DATABASE_URL');
  });

  it('insists on https with the real Xero, but on one’s own machine', () => {
    const app = { XERO_CLIENT_ID: 'id', XERO_CLIENT_SECRET: 'its-secret' };
    const open = { ...app, PUBLIC_URL: 'http://bursar.example.org' };
    expect(refusalOf(open)).toContain('PUBLIC_URL must begin with https');
    for (const PUBLIC_URL of ['https://bursar.example.org', 'http://localhost:3000']) {
      expect(readConfig({ ...least, ...app, PUBLIC_URL }).publicUrl).toBe(PUBLIC_URL);
    }
    const emulator = { XERO_LOGIN_URL: 'http://localhost:3001' };
    expect(readConfig({ ...least, ...open, ...emulator }).xero.app).not.toBeNull();
  });

  it('names all that is wrong at once', () => {
    const refusal = refusalOf({ PORT: 'x', LOG_LEVEL: 'y' });
    expect(refusal).toContain('PORT');
    expect(refusal).toContain('LOG_LEVEL');
  });
});

describe('readEnvironment', () => {
  it('lets the real environment win over .env', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bursar-env-'));
    try {
      await writeFile(join(folder, '.env'), 'PATH=/nowhere\nBURSAR_PROBE="two words"\n');
      const env = readEnvironment(folder);
      expect(env.BURSAR_PROBE).toBe('two words');
      expect(env.PATH).toBe(process.env.PATH);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('does without a .env', () => {
    expect(readEnvironment(join(tmpdir(), 'no-such-folder'))).toMatchObject({
      PATH: process.env.PATH,
    });
  });
});
