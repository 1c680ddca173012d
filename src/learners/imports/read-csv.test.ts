import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { AppError } from '#platform/app-error';
import { applyMapping, proposeTargets } from './csv-mapping.ts';
import { csvRecords } from './csv-records.ts';
import type { GivenFile } from './import-record.ts';
import { smallExport, textFile } from './nat-samples.fixture.ts';
import { readCsv } from './read-csv.ts';
import { openInput } from './read-files.ts';
import { splitFullName } from './split-name.ts';
import { splitStreet } from './split-street.ts';

const TODAY = '2026-03-02';
const csv = (text: string, encoding: BufferEncoding = 'utf8'): GivenFile => ({
  name: 'people.csv',
  content: Buffer.from(text, encoding),
});

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return `${error.code} ${error.detail}`;
    throw error;
  }
  throw new Error('it was read');
}

function recordsOf(text: string) {
  const table = readCsv(csv(text));
  return csvRecords(table, proposeTargets(table.columns), TODAY);
}

describe('tables', () => {
  it.each([
    [',', 'Surname,E-mail\nTran,mia@example.org'],
    [';', 'Surname;E-mail\r\nTran;mia@example.org\r\n'],
    ['tab', 'Surname\tE-mail\rTran\tmia@example.org'],
    ['Excel’s own line', 'sep=;\nSurname;E-mail\nTran;mia@example.org'],
    ['byte order mark', '\ufeffSurname,E-mail\nTran,mia@example.org'],
    ['quotes', '"Surname","E-mail"\n"Tran","mia@example.org"'],
  ])('with %s', (_, text) => {
    const table = readCsv(csv(text));
    expect(table.columns).toEqual(['Surname', 'E-mail']);
    expect(table.rows[0]?.cells).toEqual(['Tran', 'mia@example.org']);
  });

  it('in Windows-1252 and UTF-16 are read, the first said', () => {
    const windows = readCsv(csv('Surname\nBrontë', 'latin1'));
    expect(windows.rows[0]?.cells).toEqual(['Brontë']);
    expect(windows.remarks.join()).toContain('Windows-1252');
    expect(readCsv(csv('\ufeffSurname\nBrontë', 'utf16le')).rows[0]?.cells).toEqual(['Brontë']);
  });

  it.each([
    ['no character', Buffer.from('\ufeffSurname\nTr\0an', 'utf16le')],
    ['half a character', Buffer.from('\ufeffSurname\nTr\ud83dan', 'utf16le')],
    [
      'half a byte pair',
      Buffer.concat([Buffer.from('\ufeffSurname\nTran', 'utf16le'), Buffer.of(0x41)]),
    ],
  ])('in UTF-16 with %s is no text', (_, content) => {
    expect(refusal(() => readCsv({ name: 'people.csv', content }))).toContain('not a text file');
  });

  it('counts lines past empty rows and cells of several lines', () => {
    const table = readCsv(csv('Surname,Note\n\nTran,"two\nlines"\n,\nLee,x\n'));
    expect(table.rows.map((row) => [row.line, row.cells[0]])).toEqual([
      [3, 'Tran'],
      [6, 'Lee'],
    ]);
  });

  it('gives columns without or with the same name a name of their own', () => {
    expect(readCsv(csv('Surname,,Surname\na,b,c')).columns).toEqual([
      'Surname',
      'Column 2',
      'Surname (2)',
    ]);
  });

  it('come back as they were written, whatever stands in their cells', () => {
    const cell = fc
      .string({ unit: 'grapheme', maxLength: 12 })
      .map((text) => text.replaceAll('\0', ''));
    const rows = fc.array(fc.tuple(cell, cell, fc.constant('x')), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(rows, fc.constantFrom(',', ';', '\t'), (given, delimiter) => {
        const text = stringify([['One', 'Two', 'Three'], ...given], { delimiter, quoted: true });
        expect(readCsv(csv(text)).rows.map((row) => row.cells)).toEqual(given);
      }),
    );
  });
});

describe('tables that are refused whole', () => {
  it.each([
    [
      'a short row',
      'Surname,E-mail\nTran,a@b.org\nLee',
      'people.csv, line 3, column 2: this row has 1 columns where the header has 2.',
    ],
    [
      'a long row',
      'Surname,E-mail\nTran,a@b.org,x',
      'people.csv, line 2, column 3: this row has 3 columns',
    ],
    [
      'a quote never closed',
      'Surname,E-mail\n"Tran,a@b.org\nLee,b@c.org',
      'a quoted cell is never closed.',
    ],
    [
      'text behind a quote',
      'Surname,E-mail\n"Tran"x,a@b.org',
      'line 2, column 1: something follows a closing quote',
    ],
    [
      'a quote within a cell',
      'Surname,E-mail\nTr"an,a@b.org',
      'line 2, column 1: a quote stands within an unquoted cell.',
    ],
    ['nothing', '', 'people.csv: there is nothing in it.'],
    ['only blank lines', '\n \n,,\n', 'people.csv: there is nothing in it.'],
    ['only a header', 'Surname,E-mail\n', 'there is a header line and nothing else.'],
    [
      'no header',
      'Tran,mia@example.org\nLee,lee@example.org',
      'line 1, column 2: “mia@example.org” is no column name.',
    ],
    ['too many columns', `${'a,'.repeat(200)}b\n`, 'line 1: there are more than 200 columns.'],
    [
      'a cell without end',
      `Surname\n${'x'.repeat(10_001)}`,
      'line 2, column 1: this cell is longer than 10000 characters.',
    ],
    ['bytes that are no text', 'Surname\nTr\0an', 'line 2, column 3: this is not a text file.'],
  ])('%s', (_, text, message) => {
    expect(refusal(() => readCsv(csv(text)))).toContain(`import.unreadable`);
    expect(refusal(() => readCsv(csv(text)))).toContain(message);
  });

  it('too many rows', () => {
    expect(refusal(() => readCsv(csv(`Surname\n${'Tran\n'.repeat(50_001)}`)))).toContain(
      'request.too-large',
    );
  });
});

/** The same zip, with 0 bytes as the unpacked size in the entry's own header and in the directory. */
function lyingOfItsSize(file: GivenFile): GivenFile {
  const content = Buffer.from(file.content);
  content.writeUInt32LE(0, 22);
  const directory = content.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
  content.writeUInt32LE(0, directory + 24);
  return { ...file, content };
}

describe('zips', () => {
  const zip = (entries: Record<string, Uint8Array>, name = 'export.zip'): GivenFile => ({
    name,
    content: zipSync(entries),
  });

  it('are opened, folders and helper files left out', () => {
    const entries = Object.fromEntries(
      smallExport().map((file) => [`out/${file.name}`, file.content]),
    );
    const input = openInput([zip({ ...entries, '__MACOSX/out/._NAT00080.txt': strToU8('x') })]);
    expect(input.kind).toBe('avetmiss');
    expect(input.files.map((file) => file.name)).toEqual(['NAT00080.txt', 'NAT00085.txt']);
  });

  it('may hold one table', () => {
    expect(openInput([zip({ 'people.csv': strToU8('Surname\nTran') })]).kind).toBe('csv');
  });

  const many = Object.fromEntries(
    Array.from({ length: 201 }, (_, index) => [`${index}.txt`, strToU8('x')]),
  );
  const damaged = zip({ 'people.csv': strToU8('Surname\nTran') });
  it.each([
    [
      'a bomb',
      zip({ 'NAT00080.txt': new Uint8Array(61 * 1024 * 1024) }),
      'unpacked it is larger than 60 MB.',
    ],
    [
      'a bomb that says it holds nothing',
      lyingOfItsSize(zip({ 'NAT00080.txt': new Uint8Array(61 * 1024 * 1024) })),
      'unpacked it is larger than 60 MB.',
    ],
    ['too many files', zip(many), 'more than 200 files'],
    [
      'a workbook',
      zip({ 'xl/workbook.xml': strToU8('<x/>') }, 'people.xlsx'),
      'people.xlsx: this is an Excel workbook. Save it as CSV.',
    ],
    [
      'a zip within a zip',
      zip({ 'inner.zip': damaged.content }),
      'inner.zip: a zip within a zip is not opened.',
    ],
    ['nothing in it', zip({ 'empty/': new Uint8Array() }), 'there is no file in this zip.'],
    ['damage', { ...damaged, content: damaged.content.slice(0, 40) }, 'damaged or locked'],
  ])('with %s are refused', (_, file, message) => {
    expect(refusal(() => openInput([file]))).toContain(message);
  });

  it('and tables are not mixed, nor two tables taken at once', () => {
    expect(refusal(() => openInput([csv('a'), textFile('b.csv', ['a'])]))).toContain(
      'choose one CSV file',
    );
  });

  it('larger than 20 MB are refused', () => {
    const big = { name: 'big.csv', content: new Uint8Array(20 * 1024 * 1024 + 1) };
    expect(refusal(() => openInput([big]))).toContain('request.too-large');
  });
});

describe('matching columns', () => {
  it('proposes by the names that other systems use, each field once', () => {
    const columns = [
      'RefInternal',
      'Surname',
      'Given Names',
      'DOB',
      'Email Address',
      'Mobile',
      'Last name',
      'Shoe size',
      'Post code',
    ];
    expect(proposeTargets(columns)).toEqual([
      'learnerNumber',
      'lastName',
      'firstName',
      'dateOfBirth',
      'email',
      'phoneMobile',
      null,
      null,
      'streetPostcode',
    ]);
  });

  it('refuses what does not fit', () => {
    const columns = ['A', 'B'];
    expect(applyMapping(columns, { A: 'lastName' })).toEqual(['lastName', null]);
    expect(refusal(() => applyMapping(columns, { C: 'lastName' }))).toContain('no column “C”');
    expect(refusal(() => applyMapping(columns, { A: 'lastName', B: 'lastName' }))).toContain(
      'two columns',
    );
    expect(refusal(() => applyMapping(columns, { A: 'email' }))).toContain(
      'import.mapping-incomplete',
    );
  });
});

describe('cells', () => {
  it('become the fields of a learner', () => {
    const { records, remarks } = recordsOf(
      'Name,DOB,E-mail,Address,Suburb,State,Postcode,Country,Hair\n"Tran, Mia Rose",5/4/2001, MIA@Example.org ,Unit 3/12 King St,Newtown,New South Wales,2042,Australia,red',
    );
    expect(records[0]).toEqual({
      line: 2,
      learnerNumber: null,
      recased: [],
      faults: [],
      fields: {
        firstName: 'Mia',
        middleName: 'Rose',
        lastName: 'Tran',
        dateOfBirth: '2001-04-05',
        email: 'mia@example.org',
        streetAddress: {
          unit: 'Unit 3',
          streetNumber: '12',
          streetName: 'King St',
          suburb: 'Newtown',
          state: 'NSW',
          postcode: '2042',
          country: 'AU',
        },
      },
    });
    expect(remarks).toEqual(['Columns left out: Hair.']);
  });

  it('refuse learner numbers that Xero could not be asked for', () => {
    const faultsOf = (number: string) =>
      recordsOf(`RefInternal,Surname\n${number},Tran`).records.flatMap((record) => record.faults);
    expect(faultsOf('..')).toEqual(['A learner number must not be dots alone.']);
    expect(faultsOf('WP-1')).toHaveLength(1);
    expect(faultsOf('L.1.')).toEqual([]);
  });

  it('tell the order of days and months together', () => {
    const dates = (...cells: string[]) =>
      recordsOf(`Surname,DOB\n${cells.map((cell) => `x,${cell}`).join('\n')}`).records.map(
        (record) => record.fields.dateOfBirth,
      );
    expect(dates('5/4/2001', '6.7.1999')).toEqual(['2001-04-05', '1999-07-06']);
    expect(dates('5/4/2001', '4/25/1999')).toEqual(['2001-05-04', '1999-04-25']);
    expect(dates('2001-04-05', '5/4/99', '1/2/25')).toEqual([
      '2001-04-05',
      '1999-04-05',
      '2025-02-01',
    ]);
  });

  it('that can’t be right make their row faulty, with the reason', () => {
    const text =
      'Surname,DOB,E-mail,Learner number,First name\nTran,31/2/2001,mia at home,L1,Mia\nLee,,,,\n';
    const { records } = recordsOf(text);
    expect(records[0]?.faults).toEqual([
      '“31/2/2001” is no possible date of birth.',
      'E-mail “mia at home” is not an e-mail address',
    ]);
    expect(records[1]).toMatchObject({ faults: [], fields: { lastName: 'Lee' } });
    expect(recordsOf(`Surname\n${'x'.repeat(101)}`).records[0]?.faults[0]).toContain('at most 100');
    expect(
      recordsOf(`Surname,Learner number\nx,${'1'.repeat(31)}`).records[0]?.faults[0],
    ).toContain('30');
    expect(recordsOf('Surname,Learner number\nx,L<1').records[0]?.faults[0]).toContain('<');
  });
});

describe('names and streets in one cell', () => {
  it.each([
    ['Mia Tran', ['Mia', null, 'Tran']],
    ['Mia Rose Tran', ['Mia', 'Rose', 'Tran']],
    ['Ana van der Berg', ['Ana', null, 'van der Berg']],
    ['Tran, Mia Rose', ['Mia', 'Rose', 'Tran']],
    ['Madonna', [null, null, 'Madonna']],
  ])('%s', (name, expected) => {
    const { firstName, middleName, lastName } = splitFullName(name);
    expect([firstName, middleName, lastName]).toEqual(expected);
  });

  it.each([
    ['12 King St', { streetNumber: '12', streetName: 'King St' }],
    ['3/12a King St', { unit: '3', streetNumber: '12a', streetName: 'King St' }],
    ['Flat 2, 10-12 King St', { unit: 'Flat 2', streetNumber: '10-12', streetName: 'King St' }],
    ['PO Box 17', { poBox: 'PO Box 17' }],
    ['The Old Mill', { streetName: 'The Old Mill' }],
    ['Level 3', { streetName: 'Level 3' }],
  ])('%s', (line, expected) => {
    expect(splitStreet(line)).toEqual(expected);
  });
});
