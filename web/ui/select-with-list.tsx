import { type SelectProps as AllProps, Select } from '@mantine/core';

export interface SelectProps
  extends Pick<AllProps, 'label' | 'aria-label' | 'style' | 'maw' | 'allowDeselect'> {
  data: { value: string; label: string }[];
  value: string;
  onChange: (chosen: string | null) => void;
}

/** A choice with the list that it opens. */
export function SelectWithList({ isOpen, ...props }: SelectProps & { isOpen: boolean }) {
  return <Select {...props} autoFocus={isOpen} defaultDropdownOpened={isOpen} />;
}
