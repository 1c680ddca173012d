import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from './product.ts';

/** What npm is for these tests: counts its runs, waits while it is told to, fails when it is told to. */
const NPM = `
  const { appendFileSync, existsSync, mkdirSync, writeFileSync } = require('node:fs');
  appendFileSync('runs', '.');
  while (existsSync('hold')) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  if (existsSync('fail')) process.exit(1);
  mkdirSync('node_modules', { recursive: true });
  writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages: {} }));
`;
const NOBODY = 65_534;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bursar-bootstrap-'));
  await mkdir(join(folder, 'bin'));
  await copyFile('bin/bootstrap.mjs', join(folder, 'bin', 'bootstrap.mjs'));
  const script = `import { prepare } from './bootstrap.mjs';
    await prepare({ web: false, patience: Number(process.argv[2]) || undefined });
    console.log('prepared');`;
  await writeFile(join(folder, 'bin', 'go.mjs'), script);
  await writeFile(join(folder, 'npm.cjs'), NPM);
  await writeFile(join(folder, 'package.json'), '{}');
  await writeFile(join(folder, 'package-lock.json'), '{"packages":{}}');
});
afterEach(async () => {
  await chmod(folder, 0o755);
  await rm(folder, { recursive: true, force: true });
});

interface Start {
  said: string;
  kill(): void;
  ended: Promise<number | null>;
}

function start(patience = 0, user?: number): Start {
  const child = spawn(process.execPath, [join(folder, 'bin', 'go.mjs'), String(patience)], {
    cwd: folder,
    env: { PATH: process.env.PATH, npm_execpath: join(folder, 'npm.cjs') },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that its npm is killed with it.
    detached: true,
    ...(user !== undefined && { uid: user, gid: user }),
  });
  const one: Start = {
    said: '',
    kill: () => process.kill(-(child.pid ?? 0), 'SIGKILL'),
    ended: once(child, 'close').then(([code]) => code as number | null),
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      one.said += text;
    });
  }
  return one;
}

const put = (name: string) => writeFile(join(folder, name), '');
const take = (name: string) => rm(join(folder, name));
const runs = () => readFile(join(folder, 'runs'), 'utf8').catch(() => '');
const locks = async () => (await readdir(folder)).filter((name) => name.endsWith('.lock'));
const npmToRun = (times: number) =>
  until(async () => ((await runs()).length === times ? true : undefined), `npm's run ${times}`);

describe('preparing', () => {
  it('is done by one of several starts; the others say whom they wait for', async () => {
    await put('hold');
    const first = start();
    await npmToRun(1);
    const second = start();
    await until(() => (second.said.includes('Waiting') ? true : undefined), 'a word');
    expect(second.said).toMatch(/^Waiting for another start \(process \d+\) to install/);
    await take('hold');
    expect(await Promise.all([first.ended, second.ended])).toEqual([0, 0]);
    expect(await runs()).toBe('.');
    expect(await locks()).toEqual([]);
  });

  it('gives up on another start that takes too long, and says what to do', async () => {
    await put('hold');
    const first = start();
    await npmToRun(1);
    const second = start(500);
    expect(await second.ended).toBe(1);
    expect(second.said).toMatch(/in vain for another start .*\.install\.lock, and start again\.$/m);
    await take('hold');
    expect(await first.ended).toBe(0);
  });

  it('leaves no lock behind when it fails', async () => {
    await put('fail');
    const failing = start();
    expect(await failing.ended).toBe(1);
    expect(failing.said).toContain('The packages could not be installed');
    expect(await locks()).toEqual([]);
    await take('fail');
    expect(await start().ended).toBe(0);
  });
});

// When a process began is read in /proc.
describe.skipIf(process.platform !== 'linux')(
  'a lock that was left behind (on Linux alone)',
  () => {
    it('is taken over though another process has the id of its holder now', async () => {
      await put('hold');
      const killed = start();
      await npmToRun(1);
      killed.kill();
      await take('hold');
      await killed.ended;
      const holder = join(folder, '.install.lock', 'holder');
      const [, birth] = (await readFile(holder, 'utf8')).split(' ');
      await writeFile(holder, `${process.pid} ${birth}`);
      const next = start(10_000);
      expect(await next.ended).toBe(0);
      expect(next.said).toContain('prepared');
      expect(await runs()).toBe('..');
      expect(await locks()).toEqual([]);
    });
  },
);

// Another user than root's may not write where only root may; everybody else takes it from themselves.
const reader = process.getuid?.() === 0 ? NOBODY : undefined;
const whyNot = whyNobodyReads();
if (whyNot !== null) console.log(`Skipped: a folder that can only be read, since ${whyNot}`);

/** Null: a process that may read and not write can be had here. */
function whyNobodyReads(): string | null {
  if (process.platform === 'win32') return 'Windows knows no such user';
  const { error, status } = spawnSync(process.execPath, ['--eval', ''], {
    cwd: tmpdir(),
    ...(reader !== undefined && { uid: reader, gid: reader }),
  });
  return status === 0 ? null : `user ${reader} can't run ${process.execPath}: ${error ?? status}`;
}

describe.skipIf(whyNot !== null)('a folder that can only be read', () => {
  it('will do once all is there, and nothing is made in it', async () => {
    expect(await start().ended).toBe(0);
    const before = await readdir(folder);
    await chmod(folder, 0o555);
    const reading = start(0, reader);
    expect(await reading.ended).toBe(0);
    expect(await readdir(folder)).toEqual(before);
  });

  it('is told in one sentence when something has to be made there', async () => {
    await chmod(folder, 0o555);
    const reading = start(0, reader);
    expect(await reading.ended).toBe(1);
    expect(reading.said.trim()).toMatch(/^Bursar has to install its packages and can't write to/);
    expect(reading.said.trim().split('\n')).toHaveLength(1);
  });
});
