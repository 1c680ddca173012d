import { Anchor, Divider, Stack, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Workplace } from '#contract/workplaces';
import { Facts } from '../../ui/facts.tsx';
import { addressText } from '../learners/LearnerDetailsTab.tsx';

/** What is known of the workplace. */
export function WorkplaceDetailsTab({ workplace }: { workplace: Workplace }) {
  const { email, phone, contactFirstName, contactLastName, businessNumber } = workplace;
  const person = [contactFirstName, contactLastName].filter(Boolean).join(' ');
  return (
    <Stack gap="lg">
      <Section title="Workplace">
        <Facts
          facts={[
            { label: 'Name', value: workplace.name },
            { label: 'Legal name', value: workplace.legalName },
            { label: 'Workplace number', value: figures(workplace.workplaceNumber) },
            { label: 'Business number', value: figures(businessNumber) },
            { label: 'Campus', value: workplace.campus },
          ]}
        />
      </Section>
      <Divider color="var(--bursar-line)" />
      <Section title="Contact">
        <Facts
          facts={[
            { label: 'Contact person', value: person || null },
            {
              label: 'E-mail',
              value: email && <Anchor href={`mailto:${email}`}>{email}</Anchor>,
              isLong: true,
            },
            { label: 'Phone', value: figures(phone) },
          ]}
        />
      </Section>
      <Divider color="var(--bursar-line)" />
      <Section title="Addresses">
        <Facts
          columns={2}
          facts={[
            { label: 'Street address', value: addressText(workplace.streetAddress) },
            { label: 'Postal address', value: addressText(workplace.postalAddress) },
          ]}
        />
      </Section>
    </Stack>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <Title order={2} mb="sm">
        {title}
      </Title>
      {children}
    </section>
  );
}

function figures(text: string | null) {
  return text && <span className="figures">{text}</span>;
}
