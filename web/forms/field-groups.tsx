import { Autocomplete, Fieldset, SimpleGrid, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Address } from '#contract/learners';
import { ask } from '../api/queries.ts';

/** Fields that belong together, under one heading. */
export function FieldGroup({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Fieldset legend={title} styles={{ legend: { fontSize: '1rem', fontWeight: 600 } }}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
        {children}
      </SimpleGrid>
    </Fieldset>
  );
}

/** The campuses in use are offered; a new one is simply typed. */
export function CampusInput({ input }: { input: object }) {
  const known = useQuery(ask('getOrganisationRules'));
  return (
    <Autocomplete
      label="Campus"
      data={known.data?.campuses.map(({ campus }) => campus) ?? []}
      maxLength={100}
      {...input}
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

type AddressField = 'streetAddress' | 'postalAddress';

interface AddressGroupProps {
  form: { getInputProps: (path: `${AddressField}.${keyof Address}`) => object };
  field: AddressField;
  title: string;
}

/** The parts of an address, each in its own field. */
export function AddressGroup({ form, field, title }: AddressGroupProps) {
  const shown = addressParts.filter(({ part }) => part !== 'poBox' || field === 'postalAddress');
  return (
    <FieldGroup title={title}>
      {shown.map(({ part, label }) => (
        <TextInput
          key={part}
          label={label}
          autoComplete="off"
          {...form.getInputProps(`${field}.${part}`)}
        />
      ))}
    </FieldGroup>
  );
}
