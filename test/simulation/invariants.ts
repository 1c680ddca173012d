import { expect } from 'vitest';
import { api } from '#contract/api';
import type { Storm } from './storm-acts.ts';

const STATUSES: Record<string, readonly string[]> = {
  DRAFT: ['draft'],
  AUTHORISED: ['approved', 'part-paid'],
  PAID: ['paid'],
  VOIDED: ['voided'],
};

/** What must hold once the storm is over: I1, I3, I4 and that nothing is stuck or unexplained. */
export async function expectAgreement(storm: Storm): Promise<void> {
  const { world, learnerIds } = storm;
  const { contacts } = world.bookkeeper.books;
  for (const learnerId of learnerIds) {
    const learner = await world.owner.call(api.getLearner, { params: { learnerId } });
    const who = `${learner.learnerNumber} ${learner.firstName} ${learner.lastName}`;
    const alike = contacts.find('number', learner.learnerNumber.toLowerCase());
    expect(alike.length, `${who}: contacts with this number`).toBeLessThanOrEqual(1);

    const { link } = await world.syncOf(learnerId);
    expect(link === null, `${who}: silent exactly when Sync to Xero is off`).toBe(
      !learner.syncToXero,
    );
    if (link) {
      expect(link.standing, `${who}: ${link.reasons.join(' ')}`).not.toBe('waiting');
      if (link.standing !== 'in-step') expect(link.reasons, who).not.toEqual([]);
      if (link.standing === 'in-step') {
        const contact = contacts.get(link.contactId ?? '');
        expect(contact, who).toMatchObject({
          status: 'ACTIVE',
          firstName: learner.firstName,
          lastName: learner.lastName,
        });
        expect(contact?.phones.MOBILE?.number || null, who).toBe(learner.phoneMobile);
        expect(link.pushedRevision, who).toBe(learner.revision);
      }
    }
    await expectSamePapers(storm, learnerId, alike[0]?.id, who);
  }
  const { lanes } = await world.owner.call(api.syncHealth);
  expect(lanes[0]).toMatchObject({ waiting: 0, noticesWaiting: 0, pausedUntil: null });
}

async function expectSamePapers(
  { world }: Storm,
  learnerId: Storm['learnerIds'][number],
  contactId: string | undefined,
  who: string,
): Promise<void> {
  const query = { limit: 200 };
  const ours = await world.owner.call(api.listLearnerDocuments, { params: { learnerId }, query });
  const theirs = world.bookkeeper.books.invoices
    .all()
    .filter((invoice) => invoice.contactId === contactId && invoice.type === 'ACCREC');
  const byNumber = new Map(ours.items.map((paper) => [paper.number, paper]));
  expect(byNumber.size, `${who}: number of papers`).toBe(theirs.length);
  let owed = 0;
  for (const invoice of theirs) {
    const paper = byNumber.get(invoice.number);
    const what = `${who}: ${invoice.number}`;
    const paid = world.bookkeeper.books.payments
      .all()
      .filter((one) => one.docId === invoice.id && one.status === 'AUTHORISED')
      .reduce((sum, one) => sum + one.amount, 0);
    expect(STATUSES[invoice.status], what).toContain(paper?.status);
    expect(paper?.total.amountMinor, `${what}: total`).toBe(invoice.total);
    expect(paper?.paid.amountMinor, `${what}: paid`).toBe(paid);
    if (invoice.status === 'AUTHORISED') owed += invoice.total - paid;
  }
  const due = ours.balances.reduce((sum, balance) => sum + balance.due.amountMinor, 0);
  expect(due, `${who}: owed`).toBe(owed);
}
