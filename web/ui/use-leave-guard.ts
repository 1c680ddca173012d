import { useBlocker } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { confirm } from '../stores/confirm.ts';

const guards = new Set<{ current: boolean }>();

/**
 * Asks before what was typed and not saved would be lost by going elsewhere. After saving, go on
 * with `ignoreBlocker`.
 */
export function useLeaveGuard(isDirty: boolean): void {
  // Read when leaving, which may come before the next drawing.
  const dirty = useRef(isDirty);
  dirty.current = isDirty;
  useBlocker({
    shouldBlockFn: () => (dirty.current ? staysHere() : false),
    enableBeforeUnload: () => dirty.current,
  });
  useEffect(() => {
    guards.add(dirty);
    return () => void guards.delete(dirty);
  }, []);
}

/**
 * Asks what `useLeaveGuard` would, before something that takes effect ahead of going elsewhere. Where
 * the answer is to leave, nobody is asked again on the way.
 */
export async function mayLeave(): Promise<boolean> {
  const isAnyDirty = [...guards].some(({ current }) => current);
  if (isAnyDirty && (await staysHere())) return false;
  for (const guard of guards) guard.current = false;
  return true;
}

function staysHere(): Promise<boolean> {
  return new Promise((resolve) =>
    confirm({
      title: 'Leave without saving?',
      text: 'What you typed here has not been saved and would be lost.',
      yes: 'Leave page',
      onYes: () => resolve(false),
      onNo: () => resolve(true),
    }),
  );
}
