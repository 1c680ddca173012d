import type { FastifyRequest } from 'fastify';
import type { Origin } from '#platform/scope';

/** From where a request came, as far as it can be told. */
export function originOf(request: FastifyRequest): Origin {
  return { address: request.ip, agent: agentClass(request.headers['user-agent']) };
}

// The order matters: Edge and Opera call themselves Chrome too, and Chrome calls itself Safari.
const BROWSERS: [RegExp, string][] = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Headless)?Chrome\/|\bCriOS\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];
const SYSTEMS: [RegExp, string][] = [
  [/\biPhone\b|\biPad\b/, 'iOS'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];
const PROGRAM = /^[A-Za-z][A-Za-z0-9._-]{0,29}(?=[/ ]|$)/;

/**
 * The kind of program behind a user agent: a browser with its system, else a program's name. Only
 * the kind is kept, since the whole text identifies people and serves no auditor.
 */
export function agentClass(userAgent: string | undefined): string {
  if (!userAgent) return 'Unknown program';
  const browser = nameIn(BROWSERS, userAgent);
  const system = nameIn(SYSTEMS, userAgent);
  if (browser) return system ? `${browser} on ${system}` : browser;
  return PROGRAM.exec(userAgent)?.[0] ?? 'Unknown program';
}

function nameIn(table: [RegExp, string][], text: string): string | undefined {
  return table.find(([pattern]) => pattern.test(text))?.[1];
}
