import type { OrganisationChoice, OrganisationWarning } from '#contract/connections';
import type { Fact } from '../../ui/facts.tsx';
import { countryText } from '../../util/countries.ts';
import { momentText } from '../../util/dates.ts';

/** Something worth a look before an organisation is connected, in one or two sentences. */
export function warningText(warning: OrganisationWarning): string {
  switch (warning.kind) {
    case 'was-here':
      return `It was connected here before, by ${warning.connectedBy}, until ${momentText(warning.until)}. ${linksText(warning.links)}`;
    case 'differs':
      return warning.makesWay
        ? `${warning.lastName} waits to be reconnected and would be disconnected instead. Its links and papers are kept under its name; learners are sent to this organisation from now on.`
        : `${warning.lastName} was connected last. Its links and papers are kept under its name; learners are sent to this organisation from now on.`;
    case 'demo':
      return 'It is a demo company: Xero empties it from time to time.';
    case 'country':
      return `It is in another country than this provider (${countryText(warning.expected)}).`;
    case 'currency':
      return `Its books are kept in another currency than is usual here (${warning.expected}).`;
    case 'undescribed':
      return 'Xero did not say more about it just now.';
  }
}

function linksText(links: number): string {
  if (links === 0) return 'No learner was linked to a contact in it.';
  const learners = links === 1 ? '1 learner’s link comes' : `${links} learners’ links come`;
  return `${learners} back with it.`;
}

/** All that tells an organisation apart from others of a similar name. */
export function organisationFacts(organisation: OrganisationChoice): Fact[] {
  return [
    { label: 'Legal name', value: organisation.legalName },
    { label: 'Country', value: countryText(organisation.country) },
    { label: 'Base currency', value: organisation.baseCurrency },
    { label: 'Tax number', value: organisation.taxNumber },
    { label: 'Kind', value: organisation.isDemo ? 'Demo company' : 'Real organisation' },
  ];
}
