import { Autocomplete, Fieldset, SimpleGrid, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import type { Address } from '#contract/learners';
import { ask } from '../api/queries.ts';
import { dateText, typedDate } from '../util/dates.ts';
import type { LearnerTextField, LearnerValues } from './learner-values.ts';

export type LearnerForm = UseFormReturnType<LearnerValues>;

/** All that is written down about a learner, in groups. */
export function LearnerFieldGroups({ form }: { form: LearnerForm }) {
  return (
    <>
      <Group title="Name">
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
      </Group>
      <Group title="Contact">
        <Text form={form} field="email" label="E-mail" type="email" />
        <Text form={form} field="alternativeEmail" label="Alternative e-mail" type="email" />
        <Text form={form} field="phoneMobile" label="Mobile" type="tel" />
        <Text form={form} field="phoneHome" label="Home phone" type="tel" />
        <Text form={form} field="phoneWork" label="Work phone" type="tel" />
      </Group>
      <AddressGroup form={form} field="streetAddress" title="Street address" />
      <AddressGroup form={form} field="postalAddress" title="Postal address" />
      <Group title="Codes">
        <Text form={form} field="refExternal" label="Your own code" />
        <CampusInput form={form} />
        <Text form={form} field="usi" label="USI" description="Unique Student Identifier" />
        <Text form={form} field="australianBusinessNumber" label="ABN" />
      </Group>
    </>
  );
}

function Group({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <Fieldset legend={title} styles={{ legend: { fontSize: '1rem', fontWeight: 600 } }}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
        {children}
      </SimpleGrid>
    </Fieldset>
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

/** The campuses in use are offered; a new one is simply typed. */
function CampusInput({ form }: { form: LearnerForm }) {
  const known = useQuery(ask('getOrganisationRules'));
  return (
    <Autocomplete
      label="Campus"
      data={known.data?.campuses.map(({ campus }) => campus) ?? []}
      maxLength={100}
      {...form.getInputProps('campus')}
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

const addressParts: { part: keyof Address; label: string }[] = [
  { part: 'building', label: 'Building' },
  { part: 'unit', label: 'Unit' },
  { part: 'streetNumber', label: 'Street number' },
  { part: 'streetName', label: 'Street name' },
  { part: 'poBox', label: 'PO box' },
  { part: 'suburb', label: 'Suburb or city' },
  { part: 'state', label: 'State' },
  { part: 'postcode', label: 'Postcode' },
  { part: 'country', label: 'Country' },
];

interface AddressGroupProps {
  form: LearnerForm;
  field: 'streetAddress' | 'postalAddress';
  title: string;
}

function AddressGroup({ form, field, title }: AddressGroupProps) {
  const shown = addressParts.filter(({ part }) => part !== 'poBox' || field === 'postalAddress');
  return (
    <Group title={title}>
      {shown.map(({ part, label }) => (
        <TextInput
          key={part}
          label={label}
          autoComplete="off"
          {...form.getInputProps(`${field}.${part}`)}
        />
      ))}
    </Group>
  );
}
