import { useSyncExternalStore } from 'react';

/** A question before something that can't be taken back. */
interface Question {
  title: string;
  /** What is lost and what stays. */
  text: string;
  /** The label of the button that does it: a verb and its noun. */
  yes: string;
  /** Nothing is destroyed: the button is not in brick. */
  isCalm?: boolean;
  onYes: () => void;
  onNo?: () => void;
}

/** The question stays while its window closes, so that no empty window flashes. */
let snapshot: { question: Question | null; isOpen: boolean } = { question: null, isOpen: false };
const listeners = new Set<() => void>();

function change(next: { question?: Question; isOpen: boolean }): void {
  snapshot = { ...snapshot, ...next };
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Asks once. Only for what can't be undone; everything else offers Undo afterwards. */
export function confirm(asked: Question): void {
  change({ question: asked, isOpen: true });
}

/** The question that is being asked, and how to end it. */
export function useQuestion() {
  const { question, isOpen } = useSyncExternalStore(subscribe, () => snapshot);
  return { question, isOpen, close: () => change({ isOpen: false }) };
}
