import type { GivenFile } from './import-record.ts';
import { clientLayout7, clientLayout8, postalLayout, type Slot } from './nat-layout.ts';

/** Lays texts out in columns, as a writer of NAT files does. */
function laidOut(
  layout: Record<string, Slot>,
  values: Record<string, string>,
  filler: Slot[],
): string {
  const width = Math.max(...Object.values(layout).map(([start, size]) => start + size));
  const line = Array.from({ length: width }, () => ' ');
  for (const [start, size] of filler) line.fill('@', start, start + size);
  for (const [field, [start, size]] of Object.entries(layout)) {
    const text = (values[field] ?? '').padEnd(size).slice(0, size);
    for (const [index, letter] of Array.from(text).entries()) line[start + index] = letter;
  }
  return line.join('');
}

const CLIENT = {
  clientId: '0000000041',
  name: 'TRAN, MIA ROSE',
  gender: 'F',
  dateOfBirth: '05042001',
  postcode: '2042',
  suburb: 'NEWTOWN',
  state: '01',
  streetNumber: '12',
  streetName: 'KING ST',
};

/** One line of NAT00080, by release 8 unless told otherwise. */
export function clientLine(
  values: Partial<Record<string, string>> = {},
  release: 7 | 8 = 8,
): string {
  const layout = release === 8 ? clientLayout8 : clientLayout7;
  const between: Slot = [layout.postcode[0] + 4, layout.suburb[0] - layout.postcode[0] - 4];
  return laidOut(layout, { ...CLIENT, ...values } as Record<string, string>, [between]);
}

const POSTAL = {
  clientId: '0000000041',
  title: 'MS',
  givenName: 'MIA',
  familyName: 'TRAN',
  streetNumber: '12',
  streetName: 'KING ST',
  suburb: 'NEWTOWN',
  postcode: '2042',
  state: '01',
  phoneMobile: '0400 111 222',
  email: 'MIA@EXAMPLE.ORG',
};

/** One line of NAT00085. */
export function postalLine(values: Partial<Record<string, string>> = {}): string {
  return laidOut(postalLayout, { ...POSTAL, ...values } as Record<string, string>, []);
}

/** A file in UTF-8, whose last line has no end. Lines end as on Windows unless told otherwise. */
export function textFile(name: string, lines: readonly string[], lineBreak = '\r\n'): GivenFile {
  return { name, content: Buffer.from(lines.join(lineBreak)) };
}

/** A small export of two people. */
export function smallExport(): GivenFile[] {
  const second = { clientId: '42', name: 'OKORO, BEN', dateOfBirth: '@@@@@@@@', gender: 'M' };
  const postal = { clientId: '42', givenName: 'BEN', familyName: 'OKORO', title: '', email: '' };
  return [
    textFile('NAT00080.txt', [clientLine(), clientLine(second)]),
    textFile('NAT00085.txt', [postalLine(), postalLine(postal)]),
  ];
}
