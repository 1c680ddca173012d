import { creditNoteActs } from '../../emulator/accounting/credit-note-acts.ts';
import type { Document } from '../../emulator/accounting/model.ts';
import { idOf } from '../../emulator/control/bookkeeper.ts';
import type { DeskAct } from './acts.ts';
import type { Desk } from './desk.ts';
import type { Random } from './random.ts';

/** What bookkeepers do to papers beside raising and paying them. */
export const paperActs: Record<string, { weight: number; act: DeskAct }> = {
  'paper-moved': { weight: 2, act: movePaper },
  'bill-received': { weight: 1.5, act: receiveBill },
  'paper-edited': { weight: 2, act: editPaper },
};

function someContactId({ keeper }: Desk, random: Random): string | null {
  const active = keeper.books.contacts.all().filter(({ status }) => status === 'ACTIVE');
  return active.length === 0 ? null : random.pick(active).id;
}

/** A paper that nothing was done with yet may still be changed. */
function isUntouched({ status, paid, credited }: Document): boolean {
  return ['DRAFT', 'AUTHORISED'].includes(status) && paid === 0 && credited === 0;
}

/** It was made out to the wrong contact. */
function movePaper(desk: Desk, random: Random): void {
  const { books } = desk.keeper;
  const isInvoice = random.chance(0.7);
  const all = isInvoice ? books.invoices.all() : books.creditNotes.all();
  const open = all.filter(isUntouched);
  const ContactID = someContactId(desk, random);
  if (open.length === 0 || !ContactID) return;
  const paper = random.pick(open);
  const sent = { Contact: { ContactID } };
  if (isInvoice) desk.keeper.editInvoice(paper.id, sent);
  else desk.keeper.run((act) => idOf(creditNoteActs.update(act, paper, sent), 'CreditNoteID'));
  desk.note(`${paper.number} from ${paper.contactId} to ${ContactID}`);
}

/** Some customers sell to us as well. */
function receiveBill(desk: Desk, random: Random): void {
  const { keeper } = desk;
  const contactId = someContactId(desk, random);
  if (!contactId) return;
  const unitAmount = `${1 + random.whole(500)}.25`;
  if (random.chance(0.6)) {
    const lines = [{ description: 'Supplies', unitAmount }];
    keeper.createInvoice({ contactId, lines, type: 'ACCPAY' });
    return;
  }
  const sent = {
    Type: 'ACCPAYCREDIT',
    Contact: { ContactID: contactId },
    Status: 'AUTHORISED',
    LineItems: [{ Description: 'Sent back', UnitAmount: unitAmount, AccountCode: '200' }],
  };
  keeper.run((act) => idOf(creditNoteActs.create(act, sent), 'CreditNoteID'));
}

function editPaper(desk: Desk, random: Random): void {
  const open = desk.keeper.books.invoices.all().filter(isUntouched);
  if (open.length > 0) touch(desk, random.pick(open).id, random);
}

/** Changes something about an invoice that nobody owes more or less for. */
export function touch({ keeper }: Pick<Desk, 'keeper'>, invoiceId: string, random: Random): void {
  keeper.editInvoice(invoiceId, { Reference: `Ref ${random.whole(1_000_000)}` });
}
