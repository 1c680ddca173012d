import { useBlocker } from '@tanstack/react-router';
import { useRef } from 'react';
import { confirm } from '../stores/confirm.ts';

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
