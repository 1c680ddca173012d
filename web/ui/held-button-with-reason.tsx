import { Tooltip } from '@mantine/core';
import { HeldButton, type HeldButtonProps } from './guarded-button.tsx';
import type { Later } from './later.tsx';

/** Tells why it may not be pressed, to whoever points at it or comes to it by keyboard. */
export function HeldButtonWithReason(props: Later<HeldButtonProps>) {
  const { reason, hasFocus, isOpen: _, ...rest } = props;
  return (
    <Tooltip label={reason} events={{ hover: true, focus: true, touch: true }}>
      <HeldButton {...rest} autoFocus={hasFocus} />
    </Tooltip>
  );
}
