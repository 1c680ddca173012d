import { Button, Group, Stack, TextInput } from '@mantine/core';
import { type UseFormReturnType, useForm } from '@mantine/form';
import { type ReactNode, useRef } from 'react';
import type { Problem } from '#contract/errors';
import { useMay } from '../api/may.ts';
import { GuardedSwitch } from '../ui/guarded-switch.tsx';
import { useLeaveGuard } from '../ui/use-leave-guard.ts';
import { AddressGroup, CampusInput, FieldGroup } from './field-groups.tsx';
import { focusField, Refusal, withServerMessages } from './refusal.tsx';
import {
  type WorkplaceTextField,
  type WorkplaceValues,
  workplaceGapsOf,
  workplaceMistakes,
} from './workplace-values.ts';

interface SaveWorkplaceProps {
  initial: WorkplaceValues;
  saveLabel: string;
  isSaving: boolean;
  /** Why the last attempt failed; null when it did not. */
  error: unknown;
  /** Sends what is in the form; `saveAnyway` after the warning of a duplicate. */
  save: (values: WorkplaceValues, initial: WorkplaceValues, saveAnyway: boolean) => void;
  cancel: () => void;
  /** Shown where a save was refused because of a newer version. */
  onConflict?: (form: WorkplaceForm) => ReactNode;
}

const duplicate = {
  code: 'workplace.possible-duplicate' as const,
  similarIn: ({ similarWorkplaces = [] }: Problem) =>
    similarWorkplaces.map(({ workplaceId, name, workplaceNumber }) => ({
      href: `/workplaces/${workplaceId}`,
      name,
      number: workplaceNumber,
    })),
};

/** The form for a workplace, new or known, with everything a save may be answered with. */
export function SaveWorkplace(props: SaveWorkplaceProps) {
  const { error, save } = props;
  const start = useRef(props.initial);
  const form = useForm<WorkplaceValues>({
    initialValues: props.initial,
    validate: workplaceMistakes,
    onSubmitPreventDefault: 'always',
  });
  useLeaveGuard(form.isDirty());
  const send = (saveAnyway: boolean) =>
    form.onSubmit(
      (values) => save(values, start.current, saveAnyway),
      (mistakes) => focusField(Object.keys(mistakes)[0]),
    )();
  const own: WorkplaceForm = {
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
        <WorkplaceFieldGroups form={withServerMessages(own, error)} />
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

export type WorkplaceForm = UseFormReturnType<WorkplaceValues>;

function WorkplaceFieldGroups({ form }: { form: WorkplaceForm }) {
  return (
    <>
      <FieldGroup title="Workplace">
        <Text form={form} field="name" label="Name" />
        <Text form={form} field="legalName" label="Legal name" />
        <Text
          form={form}
          field="businessNumber"
          label="Business number"
          description="ABN, NZBN or what your country has"
        />
        <CampusInput input={form.getInputProps('campus')} />
      </FieldGroup>
      <FieldGroup title="Contact">
        <Text form={form} field="email" label="E-mail" type="email" />
        <Text form={form} field="phone" label="Phone" type="tel" />
        <Text form={form} field="contactFirstName" label="Contact person, first name" />
        <Text form={form} field="contactLastName" label="Contact person, last name" />
      </FieldGroup>
      <AddressGroup form={form} field="streetAddress" title="Street address" />
      <AddressGroup form={form} field="postalAddress" title="Postal address" />
    </>
  );
}

interface TextProps {
  form: WorkplaceForm;
  field: WorkplaceTextField;
  label: string;
  type?: 'text' | 'email' | 'tel';
  description?: string;
}

function Text({ form, field, label, type = 'text', description }: TextProps) {
  return (
    <TextInput
      label={label}
      type={type}
      description={description}
      autoComplete="off"
      {...form.getInputProps(field)}
    />
  );
}

function SyncSwitch({ form }: { form: WorkplaceForm }) {
  const may = useMay('workplaces.sync');
  const values = form.getValues();
  const gaps = values.syncToXero ? workplaceGapsOf(values) : [];
  return (
    <GuardedSwitch
      label="Sync to Xero"
      checked={values.syncToXero}
      onChange={(isOn) => form.setFieldValue('syncToXero', isOn)}
      reason={may.reason}
      description={
        gaps.length > 0
          ? `Still missing: ${gaps.map((gap) => gap.message).join(' ')}`
          : 'Keeps a contact for this workplace in Xero and brings its invoices here.'
      }
    />
  );
}
