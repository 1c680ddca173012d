import { wireCreditNote } from './credit-wire.ts';
import { paperActs } from './document-acts.ts';
import { noteHistory } from './history.ts';
import { settled } from './ledger.ts';

/** Makes and changes credit notes. */
export const creditNoteActs = paperActs({
  kind: 'creditNote',
  noun: 'Credit note',
  idField: 'CreditNoteID',
  numberField: 'CreditNoteNumber',
  types: ['ACCRECCREDIT', 'ACCPAYCREDIT'],
  numberPrefix: 'CN',
  notModifiable: 'Credit note not of valid status for modification',
  numberTaken: 'Credit note # must be unique.',
  isRenumbered: false,
  collection: (books) => books.creditNotes,
  keep(act, after, before) {
    const kept = { ...settled(act.books, after), updatedAtMs: act.clock.nowMs() };
    act.books.creditNotes.put(kept);
    noteHistory(act, kept.id, before ? 'Edited' : 'Created', `${kept.number} ${kept.status}`);
    return wireCreditNote(act.books, kept, { unitDecimals: act.unitDecimals, isFull: true });
  },
});
