import { explain } from '../api/errors.ts';

const READ_MS = 5_000;
/** How long Undo is offered. */
const UNDO_MS = 8_000;
/** Nobody waited for it, so it stays a little longer. */
const NEWS_MS = 15_000;
/** Why something failed takes longer to read. */
const FAILURE_MS = 12_000;

/** A message that comes over the page for a while. */
export interface Toast {
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

/** What draws it is loaded as soon as the first page stands, as `main` asks. */
async function show(toast: Toast): Promise<void> {
  const { showToast } = await import('../ui/overlays.tsx');
  showToast(toast);
}
