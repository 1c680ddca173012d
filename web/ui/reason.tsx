import { Tooltip } from '@mantine/core';
import type { ReactElement } from 'react';

/** Tells beside a control why it may not be used, to whoever points at it or comes to it by keyboard. */
export function Reason({ reason, children }: { reason: string; children: ReactElement }) {
  return (
    <Tooltip label={reason} events={{ hover: true, focus: true, touch: true }}>
      {children}
    </Tooltip>
  );
}
