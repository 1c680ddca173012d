import { InputBase } from '@mantine/core';
import { later } from './later.tsx';
import type { SelectProps } from './select-with-list.tsx';

/** A choice of one among few, each with its label. */
export const Select = later<SelectProps>(
  async () => (await import('./select-with-list.tsx')).SelectWithList,
  ({ data, value, press, onChange: _onChange, allowDeselect: _allowDeselect, ...look }) => (
    <InputBase
      {...look}
      readOnly
      pointer
      value={data.find((option) => option.value === value)?.label ?? ''}
      rightSection={<span />}
      rightSectionPointerEvents="none"
      {...press}
    />
  ),
);
