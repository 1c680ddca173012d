import { useSyncExternalStore } from 'react';
import { explain } from '../api/errors.ts';

const READ_MS = 5_000;
/** How long Undo is offered. */
const UNDO_MS = 8_000;
/** Nobody waited for it, so it stays a little longer. */
const NEWS_MS = 15_000;
/** Why something failed takes longer to read. */
const FAILURE_MS = 12_000;
/** So many wait to be drawn; beyond that the oldest goes. */
const WAITING_MAX = 20;

/** A message that comes over the page for a while. */
export interface Toast {
  id: number;
  title?: string;
  message: string;
  colour: 'moss' | 'brick';
  readMs: number;
  /** What can be done about it at once. */
  offer?: { label: string; run: () => void } | undefined;
  /** Read out at once by screen readers. */
  isAlert?: boolean;
}

/** Says that a single action succeeded, with Undo where it can be taken back. */
export function toastDone(message: string, undo?: () => void): void {
  const offer = undo && { label: 'Undo', run: undo };
  show({ message, colour: 'moss', readMs: undo ? UNDO_MS : READ_MS, offer });
}

/** Says what ended by itself while one was elsewhere, and leads there. */
export function toastNews(
  message: string,
  { isBad, label, go }: { isBad: boolean; label: string; go: () => void },
): void {
  const colour = isBad ? 'brick' : 'moss';
  show({ message, colour, readMs: NEWS_MS, offer: { label, run: go } });
}

/** Says why a single action failed and what to do; forms say it in place instead. */
export function toastFailure(error: unknown): void {
  const { title, detail, way, whoMay } = explain(error);
  const message = [detail, way, whoMay.join(', ')].filter(Boolean).join(' ');
  show({ title, message, colour: 'brick', readMs: FAILURE_MS, isAlert: true });
}

/**
 * Messages that nobody has drawn yet. What draws them comes after the first page, or plainly where
 * it can't be loaded; until then they stay here, so that none is lost.
 */
let waiting: readonly Toast[] = [];
let shown = 0;
const listeners = new Set<() => void>();

function change(next: readonly Toast[]): void {
  waiting = next;
  for (const listener of listeners) listener();
}

function show(toast: Omit<Toast, 'id'>): void {
  shown += 1;
  change([...waiting, { ...toast, id: shown }].slice(-WAITING_MAX));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The messages that wait to be drawn, the oldest first. */
export function useToasts(): readonly Toast[] {
  return useSyncExternalStore(subscribe, () => waiting);
}

/** Takes messages out, to draw or to close them; answers those that were still there. */
export function takeToasts(wanted: readonly Toast[]): Toast[] {
  const taken = waiting.filter((toast) => wanted.includes(toast));
  if (taken.length > 0) change(waiting.filter((toast) => !taken.includes(toast)));
  return taken;
}
