// Runs on whatever Node the machine has (18 or newer), before anything is installed: plain
// JavaScript, built-in modules only.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Node keeps here what it has compiled, so that later starts take half the time to load. */
const compiled = join(root, 'node_modules', '.cache', 'node');

const OLDEST_NODE = [22, 18];

/** Ends the process with one clear sentence. */
export function refuse(sentence) {
  process.stderr.write(`\n${sentence}\n`);
  process.exit(1);
}

/** Says what is going on; standard output belongs to what is run. */
export const say = (line) => void process.stderr.write(`${line}\n`);

/**
 * Installs what the lockfile says when it is not installed, and builds the pages when they are not;
 * returns the Node to go on with. What is there already is left alone, so that a folder that can
 * only be read will do. Another start that is at it is waited for, `patience` milliseconds at most.
 */
export async function prepare({ web, patience = PATIENCE_MS }) {
  process.chdir(root);
  const installing = { name: 'install', what: 'install its packages', patience };
  if (!isInstalled()) await underLock(installing, () => isInstalled() || install());
  const node = findNode();
  const building = { name: 'build', what: 'build its pages', patience };
  if (web && !isBuilt()) await underLock(building, () => isBuilt() || buildWeb(node));
  return node;
}

/**
 * Runs a script under `node` to its end and passes signals on; resolves with the exit code. `watch`
 * sees the child, and answers with a function that is called at its end and may know the code better.
 */
export function run(node, args, options = {}) {
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', ...args], {
    cwd: root,
    // Through the channel the child notices when we end without a word.
    stdio: ['inherit', 'inherit', 'inherit', ...(options.tethered ? ['ipc'] : [])],
    env: { NODE_COMPILE_CACHE: compiled, ...process.env, ...options.env },
  });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  process.on('SIGINT', () => {
    // A terminal sends Ctrl-C to the child as well.
    if (!process.stdin.isTTY) child.kill('SIGINT');
  });
  followParent(() => child.kill('SIGTERM'));
  const unwatch = options.watch?.(child);
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('exit', (code) => done(unwatch?.() ?? code ?? 1));
  });
}

// --- installing ---------------------------------------------------------------------------------

const stamp = join(root, 'node_modules', '.bursar-installed');

function isInstalled() {
  const wanted = hashOf(['package-lock.json', 'package.json']);
  if (readText(stamp) === wanted) return true;
  if (!installedMatchesLock()) return false;
  try {
    writeFileSync(stamp, wanted);
  } catch {} // It only saves the look through all packages.
  return true;
}

/** npm keeps a lockfile of its own of what it has put into node_modules. */
function installedMatchesLock() {
  const wanted = JSON.parse(readText(join(root, 'package-lock.json')) || '{}').packages || {};
  const found = JSON.parse(
    readText(join(root, 'node_modules', '.package-lock.json')) || '{}',
  ).packages;
  if (!found) return false;
  return Object.keys(wanted).every((path) => {
    if (path === '') return true;
    if (!found[path]) return Boolean(wanted[path].optional);
    return found[path].version === wanted[path].version;
  });
}

function install() {
  say('Installing what the lockfile says …');
  const args = ['ci', '--include=dev', '--no-fund', '--no-audit', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const result =
    npm && /\.c?js$/.test(npm)
      ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: ['ignore', 2, 2] })
      : spawnSync('npm', args, {
          cwd: root,
          stdio: ['ignore', 2, 2],
          shell: process.platform === 'win32',
        });
  if (result.status !== 0) {
    refuse(
      'The packages could not be installed: "npm ci" failed (its reason stands above); see that npm reaches its registry and try again.',
    );
  }
  writeFileSync(stamp, hashOf(['package-lock.json', 'package.json']));
}

// --- Node ---------------------------------------------------------------------------------------

/** The Node that came with the packages, else the machine's when it is new enough. */
function findNode() {
  const shipped = join(
    root,
    'node_modules',
    `node-${process.platform}-${process.arch}`,
    'bin',
    'node',
  );
  if (existsSync(shipped) && spawnSync(shipped, ['--version']).status === 0) return shipped;
  const [major, minor] = process.versions.node.split('.').map(Number);
  const isNewEnough =
    major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  if (!isNewEnough) {
    refuse(
      `Bursar needs Node ${OLDEST_NODE.join('.')} or newer on ${process.platform} ${process.arch}, and this is ${process.version}; install a newer Node from https://nodejs.org.`,
    );
  }
  return process.execPath;
}

// --- web app ------------------------------------------------------------------------------------

const dist = join(root, 'web', 'dist');

const hashOfWeb = () =>
  hashOf(['package-lock.json', ...filesBelow('web'), ...filesBelow('contract')]);

const isBuilt = () => readText(join(dist, '.built')) === hashOfWeb();

/** Builds the web app; the old build is swapped for the whole new one. */
function buildWeb(node) {
  const wanted = hashOfWeb();
  say('Building the web app …');
  const fresh = join(root, 'node_modules', '.cache', `web-${process.pid}`);
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const result = spawnSync(
    node,
    [vite, 'build', 'web', '--outDir', fresh, '--emptyOutDir', '--logLevel', 'error'],
    { cwd: root, stdio: ['ignore', 2, 2], env: { ...process.env, NODE_ENV: 'production' } },
  );
  if (result.status !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    refuse('The web app could not be built; the reason stands above.');
  }
  writeFileSync(join(fresh, '.built'), wanted);
  rmSync(dist, { recursive: true, force: true });
  renameSync(fresh, dist);
}

function filesBelow(folder) {
  const skipped = /^(dist.*|node_modules|.*\.test\.tsx?)$/;
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => !skipped.test(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      return entry.isDirectory() ? filesBelow(path) : [path];
    });
}

// --- helpers ------------------------------------------------------------------------------------

function hashOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths)
    hash
      .update(path)
      .update('\0')
      .update(readText(join(root, path)))
      .update('\0');
  return hash.digest('hex');
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {}
  return '';
}

/** npm can take minutes on a slow line. */
const PATIENCE_MS = 15 * 60_000;

/** Locks of this process: however it ends by itself, it takes them along. */
const held = new Set();
process.on('exit', () => {
  for (const lock of held) rmSync(lock, { recursive: true, force: true });
});

/** Lets one of several starts at once do the work; a lock whose holder has died is taken over. */
async function underLock({ name, what, patience }, work) {
  // Not below node_modules, which npm removes whole.
  const lock = join(root, `.${name}.lock`);
  const given = Date.now();
  for (let isTold = false; !orRefuse(what, () => tryLock(lock)); isTold = true) {
    const [holder] = readText(join(lock, 'holder')).split(' ');
    const words = `another start (process ${holder || 'unknown'}) to ${what}`;
    if (!isTold) say(`Waiting for ${words} …`);
    if (Date.now() - given > patience) {
      refuse(
        `Waited ${Math.round(patience / 1000)} s in vain for ${words}; see whether that process still works, else end it or remove ${lock}, and start again.`,
      );
    }
    await new Promise((wake) => setTimeout(wake, 200));
  }
  orRefuse(what, work);
  rmSync(lock, { recursive: true, force: true });
  held.delete(lock);
}

function orRefuse(what, work) {
  try {
    return work();
  } catch (error) {
    if (!['EACCES', 'EROFS', 'ENOSPC'].includes(error.code)) throw error;
    return refuse(
      `Bursar has to ${what} and can't write to its own folder ${root} (${error.code}); let this user write there, or do it once as somebody who may.`,
    );
  }
}

function tryLock(lock) {
  try {
    mkdirSync(lock);
    held.add(lock);
    writeFileSync(join(lock, 'holder'), `${process.pid} ${birthOf(process.pid)}`);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  const [pid, birth] = readText(join(lock, 'holder')).split(' ');
  const isAbandoned = pid ? !isHolder(Number(pid), birth) : ageOf(lock) > 5000;
  if (isAbandoned) rmSync(lock, { recursive: true, force: true });
  return false;
}

/** Whether the process lives that took the lock: in containers the same ids come back at each start. */
function isHolder(pid, birth) {
  return pid !== process.pid && isAlive(pid) && birthOf(pid) === birth;
}

/** When a process began, as far as the system tells; nothing else has that and its id in common. */
function birthOf(pid) {
  const fields = readText(`/proc/${pid}/stat`).split(') ')[1] || '';
  return `${fields.split(' ')[19] || ''}@${readText('/proc/sys/kernel/random/boot_id').trim()}`;
}

function ageOf(path) {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

const PARENT_LOOK_MS = 500;

// A signal sent to npm itself ends npm and its shell, and no word of it comes through to us. We
// see it by having another parent. Whoever starts us without npm may well leave us behind.
function followParent(stop) {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) stop();
  }, PARENT_LOOK_MS).unref();
}
