import { Button, Group, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { type ReactNode, useRef } from 'react';
import type { Problem } from '#contract/errors';
import { useMay } from '../api/may.ts';
import { GuardedSwitch } from '../ui/guarded-switch.tsx';
import { useLeaveGuard } from '../ui/use-leave-guard.ts';
import { LearnerFieldGroups, type LearnerForm } from './learner-fields.tsx';
import { gapsOf, type LearnerValues, mistakesOf } from './learner-values.ts';
import { focusField, Refusal, withServerMessages } from './refusal.tsx';

interface SaveLearnerProps {
  initial: LearnerValues;
  saveLabel: string;
  isSaving: boolean;
  /** Why the last attempt failed; null when it did not. */
  error: unknown;
  /** Sends what is in the form; `saveAnyway` after the warning of a duplicate. */
  save: (values: LearnerValues, initial: LearnerValues, saveAnyway: boolean) => void;
  cancel: () => void;
  /** Shown where a save was refused because of a newer version. */
  onConflict?: (form: LearnerForm) => ReactNode;
}

const duplicate = {
  code: 'learner.possible-duplicate' as const,
  similarIn: ({ similar = [] }: Problem) =>
    similar.map(({ learnerId, name, learnerNumber }) => ({
      href: `/learners/${learnerId}`,
      name,
      number: learnerNumber,
    })),
};

/** The form for a learner, new or known, with everything a save may be answered with. */
export function SaveLearner(props: SaveLearnerProps) {
  const { error, save } = props;
  const start = useRef(props.initial);
  const form = useForm<LearnerValues>({
    initialValues: props.initial,
    validate: (values) => mistakesOf(values, start.current),
    onSubmitPreventDefault: 'always',
  });
  useLeaveGuard(form.isDirty());
  const send = (saveAnyway: boolean) =>
    form.onSubmit(
      (values) => save(values, start.current, saveAnyway),
      (mistakes) => focusField(Object.keys(mistakes)[0]),
    )();
  const own: LearnerForm = {
    ...form,
    setInitialValues: (values) => {
      start.current = values;
      form.setInitialValues(values);
    },
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        send(false);
      }}
    >
      <Stack gap="lg">
        <LearnerFieldGroups form={withServerMessages(own, error)} />
        <SyncSwitch form={own} />
        <Refusal error={error} duplicate={duplicate} onConflict={props.onConflict?.(own)}>
          <Button variant="default" loading={props.isSaving} onClick={() => send(true)}>
            Save anyway
          </Button>
        </Refusal>
        <Group>
          <Button type="submit" loading={props.isSaving}>
            {props.saveLabel}
          </Button>
          <Button variant="default" onClick={props.cancel}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function SyncSwitch({ form }: { form: LearnerForm }) {
  const may = useMay('learners.sync');
  const values = form.getValues();
  const gaps = values.syncToXero ? gapsOf(values) : [];
  return (
    <GuardedSwitch
      label="Sync to Xero"
      checked={values.syncToXero}
      onChange={(isOn) => form.setFieldValue('syncToXero', isOn)}
      reason={may.reason}
      description={
        gaps.length > 0
          ? `Still missing: ${gaps.map((gap) => gap.message).join(' ')}`
          : 'Keeps a contact for this learner in Xero and brings their invoices here.'
      }
    />
  );
}
