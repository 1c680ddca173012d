import { Avatar, UnstyledButton, type UnstyledButtonProps, VisuallyHidden } from '@mantine/core';
import type { ComponentProps } from 'react';
import type { Me } from '#contract/providers';

type ButtonProps = UnstyledButtonProps & ComponentProps<'button'>;

/** Whose account it is: opens the menu of the person. */
export function PersonButton({ person, ...rest }: { person: Me } & ButtonProps) {
  return (
    <UnstyledButton {...rest}>
      <Avatar name={person.name} color="petrol" variant="light" radius="xl" size={36} aria-hidden />
      <VisuallyHidden>{person.name}: account and appearance</VisuallyHidden>
    </UnstyledButton>
  );
}
