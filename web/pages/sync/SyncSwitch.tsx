import { Alert, List } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { SyncGap } from '#contract/learners';
import { GuardedSwitch } from '../../ui/guarded-switch.tsx';

interface SyncSwitchProps {
  who: 'learner' | 'workplace';
  isOn: boolean;
  gaps: readonly SyncGap[];
  /** Why the reader may not. */
  reason: string | null;
  change: (isOn: boolean) => void;
  /** To where what is missing is filled in. */
  fix: ReactNode;
}

/** Sync to Xero for one of them; when something is missing, it is named right here. */
export function SyncSwitch({ who, isOn, gaps, reason, change, fix }: SyncSwitchProps) {
  const [isTold, setTold] = useState(false);
  const their = who === 'learner' ? 'their' : 'its';
  const turn = (on: boolean) => {
    const isBarred = on && gaps.length > 0;
    setTold(isBarred);
    if (!isBarred) change(on);
  };
  return (
    <>
      <GuardedSwitch
        label="Sync to Xero"
        checked={isOn}
        onChange={turn}
        reason={reason}
        description={`Keeps a contact for this ${who} in Xero and brings ${their} invoices here.`}
      />
      {isTold && gaps.length > 0 && !isOn && (
        <Alert
          role="alert"
          color="amber"
          icon={<IconAlertTriangle aria-hidden />}
          title={`This ${who} can’t be put into Xero yet`}
        >
          <List size="sm" mb="xs">
            {gaps.map((gap) => (
              <List.Item key={gap.field}>{gap.message}</List.Item>
            ))}
          </List>
          {fix}
        </Alert>
      )}
    </>
  );
}
