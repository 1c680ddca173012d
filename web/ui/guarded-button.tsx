import { Button, type ButtonProps, VisuallyHidden } from '@mantine/core';
import { type MouseEventHandler, type ReactNode, Suspense, useId } from 'react';
import { soon } from '../util/soon.ts';

interface GuardedButtonProps extends ButtonProps {
  /** Why it may not be pressed now; null when it may. */
  reason: string | null;
  onClick?: MouseEventHandler<HTMLButtonElement>;
  type?: 'button' | 'submit';
  children: ReactNode;
}

const Reason = soon(async () => (await import('./reason.tsx')).Reason);

/** A button that stays visible and reachable when it may not be pressed, and tells why. */
export function GuardedButton({ reason, onClick, type, ...rest }: GuardedButtonProps) {
  const id = useId();
  if (reason === null) return <Button type={type ?? 'button'} onClick={onClick} {...rest} />;
  const button = (
    <Button
      {...rest}
      type="button"
      data-disabled
      aria-disabled
      aria-describedby={id}
      onClick={(event) => event.preventDefault()}
    />
  );
  return (
    <>
      <Suspense fallback={button}>
        <Reason reason={reason}>{button}</Reason>
      </Suspense>
      <VisuallyHidden id={id}>{reason}</VisuallyHidden>
    </>
  );
}
