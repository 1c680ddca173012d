import { Button, type ButtonProps, Tooltip, VisuallyHidden } from '@mantine/core';
import { type MouseEventHandler, type ReactNode, useId } from 'react';

interface GuardedButtonProps extends ButtonProps {
  /** Why it may not be pressed now; null when it may. */
  reason: string | null;
  onClick?: MouseEventHandler<HTMLButtonElement>;
  type?: 'button' | 'submit';
  children: ReactNode;
}

/** A button that stays visible and reachable when it may not be pressed, and tells why. */
export function GuardedButton({ reason, onClick, type, ...rest }: GuardedButtonProps) {
  const id = useId();
  if (reason === null) return <Button type={type ?? 'button'} onClick={onClick} {...rest} />;
  return (
    <>
      <Tooltip label={reason} events={{ hover: true, focus: true, touch: true }}>
        <Button
          {...rest}
          type="button"
          data-disabled
          aria-disabled
          aria-describedby={id}
          onClick={(event) => event.preventDefault()}
        />
      </Tooltip>
      <VisuallyHidden id={id}>{reason}</VisuallyHidden>
    </>
  );
}
