import { Button, type ButtonProps, VisuallyHidden } from '@mantine/core';
import { type ComponentProps, type MouseEventHandler, type ReactNode, useId } from 'react';
import { later } from './later.tsx';

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
      <ReasonedButton {...rest} reason={reason} aria-describedby={id} />
      <VisuallyHidden id={id}>{reason}</VisuallyHidden>
    </>
  );
}

type HeldProps = ButtonProps &
  Omit<ComponentProps<'button'>, keyof ButtonProps | 'onClick' | 'type'>;
export type HeldButtonProps = HeldProps & { reason: string };

/** The button while it may not be pressed. */
export function HeldButton(props: HeldProps) {
  return (
    <Button
      {...props}
      type="button"
      data-disabled
      aria-disabled
      onClick={(event) => event.preventDefault()}
    />
  );
}

const ReasonedButton = later<HeldButtonProps>(
  async () => (await import('./held-button-with-reason.tsx')).HeldButtonWithReason,
  ({ press: { onFocus, onBlur }, reason: _, ...rest }) => (
    <HeldButton {...rest} onFocus={onFocus} onBlur={onBlur} />
  ),
);
