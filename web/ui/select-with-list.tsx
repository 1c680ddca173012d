import { type SelectProps as AllProps, Select } from '@mantine/core';
import type { Later } from './later.tsx';

export interface SelectProps
  extends Pick<AllProps, 'label' | 'aria-label' | 'style' | 'maw' | 'allowDeselect'> {
  data: { value: string; label: string }[];
  value: string;
  onChange: (chosen: string | null) => void;
}

/** A choice with the list that it opens. */
export function SelectWithList({ isOpen, hasFocus, ...props }: Later<SelectProps>) {
  return <Select {...props} autoFocus={hasFocus} defaultDropdownOpened={isOpen} />;
}
