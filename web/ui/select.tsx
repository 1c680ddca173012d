import { InputBase } from '@mantine/core';
import { soon } from '../util/soon.ts';
import { later } from './later.tsx';
import type { SelectProps } from './select-with-list.tsx';

/** A choice of one among few, each with its label. */
export const Select = later<SelectProps>(
  soon(async () => (await import('./select-with-list.tsx')).SelectWithList),
  ({ data, value, open, onChange: _onChange, allowDeselect: _allowDeselect, ...look }) => (
    <InputBase
      {...look}
      readOnly
      pointer
      value={data.find((option) => option.value === value)?.label ?? ''}
      rightSection={<span />}
      rightSectionPointerEvents="none"
      onClick={open}
    />
  ),
);
