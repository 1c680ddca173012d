import { Button, type ButtonProps } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import type { ComponentProps } from 'react';
import type { ActMenuProps } from './act-menu-with-list.tsx';
import { later } from './later.tsx';

/** A button that opens a list of acts. */
export const ActMenu = later<ActMenuProps>(
  async () => (await import('./act-menu-with-list.tsx')).ActMenuWithList,
  ({ label, isBusy, press }) => <MenuButton label={label} loading={isBusy} {...press} />,
);

/** The button of `ActMenu`: the same before its list of acts has come and after. */
export function MenuButton(props: { label: string } & ButtonProps & ComponentProps<'button'>) {
  const { label, ...rest } = props;
  return (
    <Button variant="default" rightSection={<IconChevronDown size={16} aria-hidden />} {...rest}>
      {label}
    </Button>
  );
}
