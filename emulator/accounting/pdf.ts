import { formatCents } from '../core/decimal.ts';
import type { ApiAnswer, ApiCall } from './api-call.ts';
import type { Document } from './model.ts';

const LEFT = 56;
const TOP = 780;
const LINE_HEIGHT = 18;
const MAX_TEXT_LINES = 38;

/** Whether the caller asked for the paper itself rather than its data. */
export function isPdfWanted(call: ApiCall): boolean {
  return /application\/pdf/i.test(call.accept) && !/json/i.test(call.accept);
}

/** A paper as a plain one-page PDF. */
export function pdfAnswer(call: ApiCall, document: Document): ApiAnswer {
  const contact = call.books.contacts.get(document.contactId);
  const money = (cents: number) => `${formatCents(cents)} ${document.currency}`;
  const text = [
    call.books.organisation().name,
    `${document.kind === 'invoice' ? 'Invoice' : 'Credit note'} ${document.number}`,
    `To ${contact?.name ?? ''}`,
    `Date ${document.day}${document.dueDay ? `, due ${document.dueDay}` : ''}`,
    '',
    ...document.lines.map((line) => `${line.description.slice(0, 70)}   ${money(line.amount)}`),
    '',
    `Tax ${money(document.totalTax)}`,
    `Total ${money(document.total)}`,
  ];
  return {
    status: 200,
    contentType: 'application/pdf',
    body: renderPdf(text.slice(0, MAX_TEXT_LINES)),
  };
}

/** The smallest file that readers accept: one page, one built-in font. */
function renderPdf(lines: readonly string[]): Buffer {
  const shown = lines.map((line) => `(${escapePdf(line)}) Tj 0 -${LINE_HEIGHT} Td`).join('\n');
  const content = `BT /F1 12 Tf ${LEFT} ${TOP} Td\n${shown}\nET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${Buffer.byteLength(content, 'latin1')} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
  ];
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, i) => {
    const offset = Buffer.byteLength(file, 'latin1');
    file += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const start = Buffer.byteLength(file, 'latin1');
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(file, 'latin1');
}

/** Latin-1 only; other letters become question marks, since the built-in font has none. */
function escapePdf(text: string): string {
  return text.replace(/[^\x20-\x7e\xa0-\xff]/g, '?').replace(/[\\()]/g, '\\$&');
}
