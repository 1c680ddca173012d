import { Menu } from '@mantine/core';
import { MenuButton } from './act-menu.tsx';
import type { Later } from './later.tsx';

export interface ActMenuProps {
  label: string;
  isBusy: boolean;
  acts: readonly { key: string; label: string; run: () => void }[];
}

/** The button with its list. */
export function ActMenuWithList({ label, isBusy, acts, ...before }: Later<ActMenuProps>) {
  return (
    <Menu position="bottom-end" defaultOpened={before.isOpen}>
      <Menu.Target>
        <MenuButton label={label} loading={isBusy} autoFocus={before.hasFocus} />
      </Menu.Target>
      <Menu.Dropdown>
        {acts.map((act) => (
          <Menu.Item key={act.key} onClick={act.run}>
            {act.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
