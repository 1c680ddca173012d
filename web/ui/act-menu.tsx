import { Button, type ButtonProps } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import type { ComponentProps } from 'react';
import { soon } from '../util/soon.ts';
import type { ActMenuProps } from './act-menu-with-list.tsx';
import { later } from './later.tsx';

/** A button that opens a list of acts. */
export const ActMenu = later<ActMenuProps>(
  soon(async () => (await import('./act-menu-with-list.tsx')).ActMenuWithList),
  ({ label, isBusy, open }) => <MenuButton label={label} loading={isBusy} onClick={open} />,
);

export function MenuButton(props: { label: string } & ButtonProps & ComponentProps<'button'>) {
  const { label, ...rest } = props;
  return (
    <Button variant="default" rightSection={<IconChevronDown size={16} aria-hidden />} {...rest}>
      {label}
    </Button>
  );
}
