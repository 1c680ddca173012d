import { Autocomplete, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { dateText, typedDate } from '../util/dates.ts';
import { AddressGroup, CampusInput, FieldGroup } from './field-groups.tsx';
import type { LearnerTextField, LearnerValues } from './learner-values.ts';

export type LearnerForm = UseFormReturnType<LearnerValues>;

/** All that is written down about a learner, in groups. */
export function LearnerFieldGroups({ form }: { form: LearnerForm }) {
  return (
    <>
      <FieldGroup title="Name">
        <Autocomplete
          label="Title"
          data={['Mr', 'Ms', 'Mrs', 'Miss', 'Mx', 'Dr']}
          {...form.getInputProps('title')}
        />
        <Text form={form} field="preferredName" label="Preferred name" />
        <Text form={form} field="firstName" label="First name" />
        <Text form={form} field="middleName" label="Middle name" />
        <Text form={form} field="lastName" label="Last name" />
        <BirthDate form={form} />
        <Autocomplete
          label="Gender"
          data={['Female', 'Male', 'Other', 'Not stated']}
          {...form.getInputProps('gender')}
        />
      </FieldGroup>
      <FieldGroup title="Contact">
        <Text form={form} field="email" label="E-mail" type="email" />
        <Text form={form} field="alternativeEmail" label="Alternative e-mail" type="email" />
        <Text form={form} field="phoneMobile" label="Mobile" type="tel" />
        <Text form={form} field="phoneHome" label="Home phone" type="tel" />
        <Text form={form} field="phoneWork" label="Work phone" type="tel" />
      </FieldGroup>
      <AddressGroup form={form} field="streetAddress" title="Street address" />
      <AddressGroup form={form} field="postalAddress" title="Postal address" />
      <FieldGroup title="Codes">
        <Text form={form} field="refExternal" label="Your own code" />
        <CampusInput input={form.getInputProps('campus')} />
        <Text form={form} field="usi" label="USI" description="Unique Student Identifier" />
        <Text form={form} field="australianBusinessNumber" label="ABN" />
      </FieldGroup>
    </>
  );
}

interface TextProps {
  form: LearnerForm;
  field: LearnerTextField;
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

/** Birthdays are known by heart and faster typed than picked. */
function BirthDate({ form }: { form: LearnerForm }) {
  const { onBlur, ...input } = form.getInputProps('dateOfBirth');
  const tidy = (event: React.FocusEvent) => {
    const date = typedDate(form.getValues().dateOfBirth);
    if (date) form.setFieldValue('dateOfBirth', dateText(date));
    onBlur?.(event);
  };
  return (
    <TextInput
      label="Date of birth"
      placeholder="3 Apr 1999"
      autoComplete="off"
      {...input}
      onBlur={tidy}
    />
  );
}
