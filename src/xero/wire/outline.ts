import { z } from 'zod';
import { CREDIT_KINDS, type CreditKind } from './credit.ts';
import { instantOf } from './date.ts';

const lowerId = z.guid().transform((id) => id.toLowerCase());
const text = z.string().min(1);

/**
 * What can be told of a paper in a form that we don't know; each is null where even that can't be
 * read.
 */
export interface WireOutline {
  xeroId: string | null;
  number: string | null;
  contactId: string | null;
  /** Tells the side, as of a paper that can be read. */
  type: string | null;
  updatedAt: Date | null;
}

/** Reads what it can of a row that has no shape we know; never fails. */
export function outlineOf(kind: 'invoice' | CreditKind, json: unknown): WireOutline {
  const row = z.looseObject({}).catch({}).parse(json);
  const read = <T>(shape: z.ZodType<T>, value: unknown): T | null =>
    shape.nullable().catch(null).parse(value);
  const contact = z.looseObject({}).catch({}).parse(row.Contact);
  return {
    xeroId: read(lowerId, row[kind === 'invoice' ? 'InvoiceID' : CREDIT_KINDS[kind].id]),
    number: read(text, row[kind === 'invoice' ? 'InvoiceNumber' : 'CreditNoteNumber']),
    contactId: read(lowerId, contact.ContactID),
    type: read(text, row.Type),
    updatedAt: instantOf(read(text, row.UpdatedDateUTC), read(text, row.UpdatedDateUTCString)),
  };
}
