import { Alert, Anchor, Button, Group, List, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconUsers } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef } from 'react';
import type { Problem } from '#contract/errors';
import { fieldMessages, hasCode, problemOf } from '../api/errors.ts';
import { useMay } from '../api/session.ts';
import { GuardedSwitch } from '../ui/guarded-switch.tsx';
import { ProblemAlert } from '../ui/problem.tsx';
import { useLeaveGuard } from '../ui/use-leave-guard.ts';
import { LearnerFieldGroups, type LearnerForm } from './learner-fields.tsx';
import { gapsOf, type LearnerValues, mistakesOf } from './learner-values.ts';

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
        <Refusal error={error} form={own} onConflict={props.onConflict}>
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

/** Fields show the server's messages until they are typed in again. */
function withServerMessages(form: LearnerForm, error: unknown): LearnerForm {
  const messages = error ? fieldMessages(error) : {};
  return {
    ...form,
    getInputProps: (path, options) => {
      const props = form.getInputProps(path, options);
      return { ...props, error: props.error ?? messages[String(path)] };
    },
  };
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

interface RefusalProps {
  error: unknown;
  form: LearnerForm;
  onConflict: SaveLearnerProps['onConflict'];
  /** The button to save all the same. */
  children: ReactNode;
}

function Refusal({ error, form, onConflict, children }: RefusalProps) {
  if (!error) return null;
  if (hasCode(error, 'learner.possible-duplicate')) {
    return <Duplicate problem={problemOf(error)}>{children}</Duplicate>;
  }
  const isConflict = hasCode(error, 'request.conflict');
  return (
    <ProblemAlert error={error} takesFocus>
      {isConflict && onConflict?.(form)}
    </ProblemAlert>
  );
}

function Duplicate({ problem, children }: { problem: Problem; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new warning takes the focus
  useEffect(() => box.current?.focus(), [problem]);
  return (
    <Alert
      ref={box}
      tabIndex={-1}
      role="alert"
      color="amber"
      title={problem.title}
      icon={<IconUsers aria-hidden />}
    >
      <Stack gap="sm" align="flex-start">
        {problem.way}
        <List size="sm">
          {(problem.similar ?? []).map(({ learnerId, name, learnerNumber }) => (
            <List.Item key={learnerId}>
              <Anchor
                href={`/learners/${learnerId}`}
                target="_blank"
                rel="noreferrer"
                underline="always"
              >
                {name}
              </Anchor>
              , <span className="figures">{learnerNumber}</span>
            </List.Item>
          ))}
        </List>
        {children}
      </Stack>
    </Alert>
  );
}

/** Moves to the first field that needs correcting, as a person would. */
function focusField(path: string | undefined): void {
  document.querySelector<HTMLElement>(`[data-path="${path}"]`)?.focus();
}
