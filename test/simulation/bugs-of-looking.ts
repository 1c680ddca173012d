import type { PlantedBug } from './bugs.ts';

/** Faults that nobody would see who did not look at every field, every failure and every call. */
export const plantsOfLooking: readonly PlantedBug[] = [
  {
    name: 'trouble-leaves-the-lane',
    what: 'What Xero fails at ends the run of a lane as a failure of our own',
    breaks: ['crash', 'I9'],
    file: 'src/sync/lane/run-lane.ts',
    find: 'if (!(error instanceof XeroError)) throw error;',
    replace: 'if (!(error instanceof LeaseLostError)) throw error;',
  },
  {
    name: 'postal-for-street',
    what: 'The postal address stands in Xero where the street address belongs',
    breaks: ['I10'],
    file: 'src/sync/push/contact-mapping.ts',
    find: 'street: slotOfAddress(party.streetAddress),',
    replace: 'street: slotOfAddress(party.postalAddress),',
  },
  {
    name: 'phone-of-works-lost',
    what: 'The phone number of a workplace is not sent',
    breaks: ['I10'],
    file: 'src/sync/parties/party.ts',
    find: 'phoneHome: workplace.phone,',
    replace: 'phoneHome: null,',
  },
  {
    name: 'due-when-raised',
    what: 'An invoice is due on the day of its date',
    breaks: ['I3'],
    file: 'src/sync/pull/mirror-documents.ts',
    find: 'dueDate: invoice.dueDay,',
    replace: 'dueDate: invoice.day,',
  },
  {
    name: 'price-for-amount',
    what: 'A line’s amount is its price, however many there are',
    breaks: ['I3'],
    file: 'src/sync/pull/mirror-documents.ts',
    find: 'amountMinor: minorOf(line.LineAmount, currency),',
    replace: 'amountMinor: minorOf(line.UnitAmount ?? 0, currency),',
  },
  {
    name: 'all-of-the-credit-used',
    what: 'An allocation counts for all of its credit',
    breaks: ['I3'],
    file: 'src/sync/pull/mirror-documents.ts',
    find: 'amountMinor: minor(allocation.Amount),',
    replace: 'amountMinor: minor(credit.Total),',
  },
  {
    name: 'cancelled-without-outcome',
    what: 'A run that is cancelled says nothing of the rows that were left',
    breaks: ['I10'],
    file: 'src/sync/runs/steer-run.ts',
    find: "await settleRest(deps, tx, scope, run, 'was cancelled');",
    replace: "if (run.failure !== null) await settleRest(deps, tx, scope, run, 'was cancelled');",
  },
  {
    name: 'written-before-approval',
    what: 'Contacts are sent while nobody has said who is whom',
    breaks: ['gate'],
    file: 'src/sync/matching/matching-store.ts',
    find: "return matching?.state === 'proposing' || matching?.state === 'open';",
    replace: "return matching?.state === 'open';",
    also: [
      {
        file: 'src/sync/matching/matching-store.ts',
        find: 'return { isGateClosed: true, isDue: true };',
        replace: 'return { isGateClosed: false, isDue: true };',
      },
    ],
  },
  {
    name: 'swept-once-a-shift',
    what: 'Invoices that nobody tells of are swept every eight hours',
    breaks: ['I9'],
    file: 'src/sync/pull/sweep-pace.ts',
    find: 'invoices: { busy: 30 * MINUTE_MS, idle: HOUR_MS },',
    replace: 'invoices: { busy: 8 * HOUR_MS, idle: 8 * HOUR_MS },',
    also: [
      {
        file: 'src/sync/pull/sweep-pace.ts',
        find: 'invoices: { busy: 10 * MINUTE_MS, idle: 40 * MINUTE_MS },',
        replace: 'invoices: { busy: 8 * HOUR_MS, idle: 8 * HOUR_MS },',
      },
    ],
  },
  {
    name: 'merged-apart',
    what: 'Papers that go on naming a contact that was merged away are nobody’s',
    breaks: ['I3', 'I4', 'I9'],
    file: 'src/sync/matching/merged-contacts.ts',
    find: 'return chain;',
    replace: 'return [id];',
  },
];
