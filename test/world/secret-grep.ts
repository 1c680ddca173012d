import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ANSWERS_FILE, type KeptSecret, LOG_FILE, SECRETS_FILE } from './run-folder.ts';

/** A secret that stands where it must not. It is named by its first characters alone. */
export interface Leak {
  file: string;
  /** The line's number, from 1. */
  line: number;
  secret: string;
  spelling: string;
}

interface Needle {
  bytes: Buffer;
  spelling: string;
  secret: string;
}

/** Texts are compared by this many first bytes, then whole; shorter secrets are found too rarely to tell. */
const WINDOW = 12;
const NAMED = 6;

/** Looks for every secret of a run, in every spelling, in everything that the run has written. */
export function findLeaks(folder: string): { leaks: Leak[]; secrets: number; bytes: number } {
  const files = readdirSync(folder);
  const secrets = files
    .filter((name) => SECRETS_FILE.test(name))
    .flatMap((name) => read(folder, name));
  const forAnswers = index(secrets.filter(({ forbiddenIn }) => forbiddenIn === 'everywhere'));
  const forLogs = index(secrets);
  const leaks: Leak[] = [];
  let bytes = 0;
  for (const name of files) {
    const needles = LOG_FILE.test(name) ? forLogs : ANSWERS_FILE.test(name) ? forAnswers : null;
    if (!needles) continue;
    const text = readFileSync(join(folder, name));
    bytes += text.length;
    leaks.push(...scan(text, needles).map((leak) => ({ file: name, ...leak })));
  }
  return { leaks, secrets: secrets.length, bytes };
}

function read(folder: string, name: string): KeptSecret[] {
  const lines = readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as KeptSecret);
}

/** A secret as it is, and as a program may have spelt it on the way. */
export function spellingsOf(secret: string): { spelling: string; text: string }[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  const found = [
    { spelling: 'as it is', text: secret },
    { spelling: 'hex', text: hex },
    { spelling: 'hex', text: hex.toUpperCase() },
    { spelling: 'in an address', text: encodeURIComponent(secret) },
    { spelling: 'in JSON', text: JSON.stringify(secret).slice(1, -1) },
  ];
  for (const format of ['base64', 'base64url'] as const) {
    for (const shift of [0, 1, 2]) {
      found.push({ spelling: format, text: inBase64(bytes, shift, format) });
    }
  }
  return found;
}

/** The characters that a secret makes in base64 when `shift` bytes of something stand before it. */
function inBase64(bytes: Buffer, shift: number, format: 'base64' | 'base64url'): string {
  const text = Buffer.concat([Buffer.alloc(shift), bytes])
    .toString(format)
    .replace(/=+$/, '');
  const isCut = (shift + bytes.length) % 3 !== 0;
  return text.slice(shift === 0 ? 0 : shift + 1, isCut ? -1 : undefined);
}

type Index = Map<number, Needle[]>;

function index(secrets: readonly KeptSecret[]): Index {
  const needles: Index = new Map();
  for (const { secret } of secrets) {
    for (const { spelling, text } of spellingsOf(secret)) {
      const bytes = Buffer.from(text);
      if (bytes.length < WINDOW) continue;
      const key = hashOf(bytes, 0);
      const same = needles.get(key) ?? [];
      if (same.some((one) => one.bytes.equals(bytes))) continue;
      needles.set(key, [...same, { bytes, spelling, secret: `${secret.slice(0, NAMED)}…` }]);
    }
  }
  return needles;
}

const BASE = 257;
/** BASE to the power of WINDOW - 1, in 32 bits: the weight of the byte that leaves the window. */
const OLDEST = Array.from({ length: WINDOW - 1 }).reduce<number>((p) => Math.imul(p, BASE), 1);

function hashOf(bytes: Buffer, from: number): number {
  let hash = 0;
  for (let offset = 0; offset < WINDOW; offset += 1) {
    hash = (Math.imul(hash, BASE) + (bytes[from + offset] ?? 0)) | 0;
  }
  return hash;
}

/** One walk over the text, whatever the number of secrets (Rabin and Karp's). */
function scan(text: Buffer, needles: Index): Omit<Leak, 'file'>[] {
  const found: Omit<Leak, 'file'>[] = [];
  if (text.length < WINDOW || needles.size === 0) return found;
  let hash = hashOf(text, 0);
  for (let at = 0; ; at += 1) {
    for (const { bytes, spelling, secret } of needles.get(hash) ?? []) {
      if (text.compare(bytes, 0, bytes.length, at, at + bytes.length) !== 0) continue;
      found.push({ line: lineAt(text, at), secret, spelling });
    }
    if (at + WINDOW >= text.length) return found;
    hash = (hash - Math.imul(text[at] ?? 0, OLDEST)) | 0;
    hash = (Math.imul(hash, BASE) + (text[at + WINDOW] ?? 0)) | 0;
  }
}

function lineAt(text: Buffer, at: number): number {
  let line = 1;
  for (
    let place = text.indexOf(10);
    place >= 0 && place < at;
    place = text.indexOf(10, place + 1)
  ) {
    line += 1;
  }
  return line;
}
