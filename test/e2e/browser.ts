import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type LaunchOptions } from 'playwright-core';

const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));
const PACKAGE = join(MODULES, '@sparticuz', 'chromium');

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Starts a real Chromium: the one at CHROMIUM_PATH; on Linux x64 the one that came with the npm
 * packages; elsewhere an installed Chrome or Edge. The caller closes it.
 */
export async function launchBrowser(): Promise<Browser> {
  const given = process.env.CHROMIUM_PATH;
  if (given) return chromium.launch({ executablePath: given, args: FLAGS });
  if (process.platform === 'linux' && process.arch === 'x64') return chromium.launch(shipped());
  const debian = '/usr/bin/chromium';
  if (existsSync(debian)) return chromium.launch({ executablePath: debian, args: FLAGS });
  return chromium
    .launch({ channel: 'chrome', args: FLAGS })
    .catch(() => chromium.launch({ channel: 'msedge', args: FLAGS }))
    .catch((cause: unknown) => {
      throw new Error('No browser was found: install Chrome or set CHROMIUM_PATH', { cause });
    });
}

/** The shipped browser brings its libraries and fonts along; a bare machine has neither. */
function shipped(): LaunchOptions {
  const home = unpacked();
  return {
    executablePath: join(home, 'chromium'),
    args: FLAGS,
    env: {
      ...(process.env as Record<string, string>),
      LD_LIBRARY_PATH: join(home, 'al2023', 'lib'),
      FONTCONFIG_PATH: join(home, 'fonts'),
    },
  };
}

/** Unpacks the browser once for each of its versions, beside the final place, then renames. */
function unpacked(): string {
  const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'));
  const home = join(MODULES, '.cache', `chromium-${version}`);
  if (existsSync(home)) return home;
  const half = `${home}.${process.pid}`;
  mkdirSync(half, { recursive: true });
  const done = spawnSync(process.execPath, ['--input-type=module', '--eval', UNPACK], {
    cwd: MODULES,
    // The package unpacks into the temporary folder, whichever that is.
    env: { ...process.env, TMPDIR: half },
    encoding: 'utf8',
  });
  if (done.status !== 0) throw new Error(`The shipped browser cannot be unpacked: ${done.stderr}`);
  // The package's own settings look for the fonts below /tmp.
  writeFileSync(join(half, 'fonts', 'fonts.conf'), fontSettings(home));
  try {
    renameSync(half, home);
  } catch (error) {
    rmSync(half, { recursive: true, force: true });
    if (!existsSync(home)) throw error;
  }
  return home;
}

function fontSettings(home: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${home}/fonts/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${home}/font-cache</cachedir>
</fontconfig>
`;
}

const UNPACK = `
  import Chromium, { inflate } from '@sparticuz/chromium';
  await Chromium.executablePath();
  await inflate(${JSON.stringify(join(PACKAGE, 'bin', 'al2023.tar.br'))});
`;
