import { Anchor, Divider, Stack, Title } from '@mantine/core';
import type { Address, Learner } from '#contract/learners';
import { type Fact, Facts } from '../../ui/facts.tsx';
import { countryText } from '../../util/countries.ts';
import { dateText } from '../../util/dates.ts';
import { LearnerWorkplace } from '../workplaces/LearnerWorkplace.tsx';

/** What is known of the person. */
export function LearnerDetailsTab({ learner }: { learner: Learner }) {
  return (
    <Stack gap="lg">
      <Section title="Name">
        <Facts facts={nameFacts(learner)} />
      </Section>
      <Divider color="var(--bursar-line)" />
      <Section title="Contact">
        <Facts facts={contactFacts(learner)} />
      </Section>
      <Divider color="var(--bursar-line)" />
      <Section title="Addresses">
        <Facts
          columns={2}
          facts={[
            { label: 'Street address', value: addressText(learner.streetAddress) },
            { label: 'Postal address', value: addressText(learner.postalAddress) },
          ]}
        />
      </Section>
      <Divider color="var(--bursar-line)" />
      <Section title="Workplace">
        <LearnerWorkplace learner={learner} />
      </Section>
      <Divider color="var(--bursar-line)" />
      <Section title="Codes">
        <Facts
          facts={[
            { label: 'Learner number', value: figures(learner.learnerNumber) },
            { label: 'Your own code', value: learner.refExternal },
            { label: 'Campus', value: learner.campus },
            { label: 'USI', value: figures(learner.usi) },
            { label: 'ABN', value: figures(learner.australianBusinessNumber) },
          ]}
        />
      </Section>
    </Stack>
  );
}

function Section({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section>
      <Title order={2} mb="sm">
        {title}
      </Title>
      {children}
    </section>
  );
}

function nameFacts(learner: Learner): Fact[] {
  return [
    { label: 'Title', value: learner.title },
    { label: 'First name', value: learner.firstName },
    { label: 'Middle name', value: learner.middleName },
    { label: 'Last name', value: learner.lastName },
    { label: 'Preferred name', value: learner.preferredName },
    { label: 'Date of birth', value: learner.dateOfBirth && dateText(learner.dateOfBirth) },
    { label: 'Gender', value: learner.gender },
  ];
}

function contactFacts(learner: Learner): Fact[] {
  return [
    { label: 'E-mail', value: mailLink(learner.email), isLong: true },
    { label: 'Alternative e-mail', value: mailLink(learner.alternativeEmail), isLong: true },
    { label: 'Mobile', value: figures(learner.phoneMobile) },
    { label: 'Home phone', value: figures(learner.phoneHome) },
    { label: 'Work phone', value: figures(learner.phoneWork) },
  ];
}

function mailLink(address: string | null) {
  return address && <Anchor href={`mailto:${address}`}>{address}</Anchor>;
}

function figures(text: string | null) {
  return text && <span className="figures">{text}</span>;
}

/** An address in the lines of an envelope; null when nothing of it is known. */
export function addressText(address: Address) {
  const unit = [address.building, address.unit].filter(Boolean).join(', ');
  const street = [address.streetNumber, address.streetName].filter(Boolean).join(' ');
  const place = [address.suburb, address.state, address.postcode].filter(Boolean).join(' ');
  const lines = [unit, street, address.poBox, place, countryText(address.country)].filter(Boolean);
  if (lines.length === 0) return null;
  return <span style={{ whiteSpace: 'pre-line' }}>{lines.join('\n')}</span>;
}
