import { Switch, Text } from '@mantine/core';
import { type ReactNode, useId } from 'react';

interface GuardedSwitchProps {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  /** Why it may not be changed now; null when it may. */
  reason: string | null;
  /** What stands under the switch while it may be changed. */
  description?: ReactNode;
}

/** A switch that stays reachable when it may not be changed, and tells why beneath itself. */
export function GuardedSwitch(props: GuardedSwitchProps) {
  const { label, checked, onChange, reason, description } = props;
  const id = useId();
  return (
    <div>
      <Switch
        label={label}
        checked={checked}
        aria-disabled={reason !== null}
        aria-describedby={id}
        onChange={(event) => {
          if (reason === null) onChange(event.currentTarget.checked);
        }}
        styles={{
          label: { fontWeight: 550 },
          track: reason === null ? {} : { opacity: 0.55, cursor: 'not-allowed' },
        }}
      />
      <Text size="sm" c="dimmed" id={id} component="div" mt={4}>
        {reason ?? description}
      </Text>
    </div>
  );
}
