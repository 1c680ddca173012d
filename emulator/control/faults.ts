import { seededRandom } from '../core/ids.ts';

/** What goes wrong. `when: 'after'` lets the act happen and spoils only its answer. */
export type FaultEffect =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: string;
      readonly contentType?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly when?: FaultMoment;
    }
  | { readonly kind: 'delay'; readonly ms: number; readonly when?: FaultMoment }
  | { readonly kind: 'reset'; readonly when?: FaultMoment }
  | { readonly kind: 'hang'; readonly when?: FaultMoment }
  /** Half of the answer, then the line is cut. */
  | { readonly kind: 'truncate'; readonly when?: 'after' };

export type FaultMoment = 'before' | 'after';

/** Which calls go wrong, and how. */
export interface FaultRule {
  readonly id?: string;
  /** A path without query; `*` stands for anything. Compared without case. */
  readonly path: string;
  /** A part of the query, as it was sent; compared without case. */
  readonly query?: string;
  readonly method?: string;
  readonly organisation?: string;
  /** Lets this many matching calls pass first. */
  readonly skip?: number;
  /** Fires this often, then rests; for ever when absent. */
  readonly times?: number;
  /** Fires with this chance, from `seed`. */
  readonly probability?: number;
  readonly seed?: number;
  readonly effect: FaultEffect;
}

export interface FaultTarget {
  readonly method: string;
  readonly path: string;
  /** Without its question mark; absent where none was sent. */
  readonly query?: string | undefined;
  readonly organisation: string | undefined;
}

interface ArmedFault {
  readonly rule: FaultRule & { readonly id: string };
  readonly pattern: RegExp;
  readonly random: () => number;
  seen: number;
  fired: number;
}

const MAX_FAULTS = 200;

/** The faults that are armed. Each call meets at most one: the first that matches and fires. */
export class FaultBox {
  #armed: ArmedFault[] = [];
  #made = 0;

  /** Arms a fault and gives its id. @throws Error when too many are armed. */
  add(rule: FaultRule): string {
    if (this.#armed.length >= MAX_FAULTS)
      throw new Error(`At most ${MAX_FAULTS} faults can be armed`);
    const id = rule.id ?? `fault-${++this.#made}`;
    this.remove(id);
    this.#armed.push({
      rule: { ...rule, id },
      pattern: pathPattern(rule.path),
      random: seededRandom(rule.seed ?? 1),
      seen: 0,
      fired: 0,
    });
    return id;
  }

  remove(id: string): void {
    this.#armed = this.#armed.filter((fault) => fault.rule.id !== id);
  }

  clear(): void {
    this.#armed = [];
  }

  list(): { rule: FaultRule; seen: number; fired: number }[] {
    return this.#armed.map(({ rule, seen, fired }) => ({ rule, seen, fired }));
  }

  /** The fault that this call meets, counted as fired. */
  draw(target: FaultTarget): (FaultRule & { readonly id: string }) | undefined {
    for (const fault of this.#armed) {
      if (!matches(fault, target)) continue;
      fault.seen++;
      const { skip = 0, times = Number.POSITIVE_INFINITY, probability = 1 } = fault.rule;
      if (fault.seen <= skip || fault.fired >= times) continue;
      if (probability < 1 && fault.random() >= probability) continue;
      fault.fired++;
      return fault.rule;
    }
    return undefined;
  }
}

function matches({ rule, pattern }: ArmedFault, target: FaultTarget): boolean {
  if (rule.method && rule.method.toUpperCase() !== target.method) return false;
  if (rule.organisation && rule.organisation !== target.organisation) return false;
  if (rule.query && !hasPart(target.query, rule.query)) return false;
  return pattern.test(target.path);
}

function hasPart(query = '', part: string): boolean {
  return query.toLowerCase().includes(part.toLowerCase());
}

function pathPattern(path: string): RegExp {
  const escaped = path.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`, 'i');
}

const SENTINEL =
  /"(?:Name|LastName)"\s*:\s*"(?:[^"\\]|\\.)*\bFault (50[0-4]|Reset|Lost|Hang|Slow)\b/i;

/**
 * Contact names that provoke a failure, so that a person can see it happen without a test:
 * `Fault 503`, `Fault 500`, `Fault Reset`, `Fault Lost`, `Fault Hang`, `Fault Slow`.
 */
export function sentinelEffect(
  method: string,
  path: string,
  body: string,
): FaultEffect | undefined {
  if (method === 'GET' || !/\/contacts(\/|$)/i.test(path)) return undefined;
  const word = SENTINEL.exec(body)?.[1]?.toLowerCase();
  switch (word) {
    case undefined:
      return undefined;
    case 'reset':
      return { kind: 'reset', when: 'before' };
    case 'lost':
      return { kind: 'reset', when: 'after' };
    case 'hang':
      return { kind: 'hang', when: 'before' };
    case 'slow':
      return { kind: 'delay', ms: 3000 };
    case '503':
      return offline();
    default:
      return { kind: 'status', status: Number(word), ...ERROR_PAGE };
  }
}

const ERROR_PAGE = {
  contentType: 'text/html; charset=utf-8',
  body: '<!DOCTYPE html><html><head><title>Error</title></head><body><h1>An error occurred</h1></body></html>',
} as const;

/** The plain-text 503 of an organisation that cannot be reached. */
function offline(): FaultEffect {
  return {
    kind: 'status',
    status: 503,
    contentType: 'text/plain; charset=utf-8',
    body: 'The Organisation is offline',
  };
}
