import { describe, expect, it } from 'vitest';
import { AppError } from '#platform/app-error';
import type { GivenFile } from './import-record.ts';
import { clientLine, postalLine, smallExport, textFile } from './nat-samples.fixture.ts';
import { natNumber, readAvetmiss } from './read-avetmiss.ts';

const TODAY = '2026-03-02';
const read = (...files: GivenFile[]) => readAvetmiss(files, TODAY);
const clients = (...lines: string[]) => textFile('NAT00080.txt', lines);
const postals = (...lines: string[]) => textFile('NAT00085.txt', lines);

function refusal(...files: GivenFile[]): string {
  try {
    read(...files);
  } catch (error) {
    if (error instanceof AppError && error.code === 'import.unreadable') return error.detail ?? '';
    throw error;
  }
  throw new Error('it was read');
}

describe('file names', () => {
  it.each(['NAT00080.txt', 'nat00080.TXT', '1234NAT00080.txt', 'export_nat00080.txt'])(
    '%s is NAT00080',
    (name) => {
      expect(natNumber(name)).toBe('00080');
    },
  );

  it.each(['NAT00080.csv', 'NAT80.txt', 'notes.txt'])('%s is no NAT file', (name) => {
    expect(natNumber(name)).toBeNull();
  });
});

describe('people', () => {
  it('joins both records of a client', () => {
    const [mia, ben] = read(...smallExport()).records;
    expect(mia?.fields).toEqual({
      refExternal: '41',
      title: 'MS',
      firstName: 'MIA',
      middleName: 'ROSE',
      lastName: 'TRAN',
      gender: 'Female',
      dateOfBirth: '2001-04-05',
      email: 'mia@example.org',
      phoneMobile: '0400 111 222',
      streetAddress: {
        streetNumber: '12',
        streetName: 'KING ST',
        suburb: 'NEWTOWN',
        state: 'NSW',
        postcode: '2042',
        country: 'AU',
      },
    });
    expect(ben?.fields).toMatchObject({ refExternal: '42', firstName: 'BEN', gender: 'Male' });
    expect(ben?.fields).not.toHaveProperty('dateOfBirth');
    expect(ben?.fields).not.toHaveProperty('email');
  });

  it('reads NAT00080 alone, splitting its one name', () => {
    const { records, remarks } = read(
      clients(clientLine(), clientLine({ clientId: '9', name: 'MADONNA' })),
    );
    expect(records.map((record) => record.fields)).toMatchObject([
      { firstName: 'MIA', middleName: 'ROSE', lastName: 'TRAN' },
      { lastName: 'MADONNA' },
    ]);
    expect(remarks).toContain('Without NAT00085 there are no e-mail addresses or phones.');
  });

  it('reads NAT00085 alone', () => {
    const { records, remarks } = read(postals(postalLine()));
    expect(records[0]?.fields).toMatchObject({
      refExternal: '41',
      firstName: 'MIA',
      email: 'mia@example.org',
    });
    expect(remarks).toContain('Without NAT00080 there are no dates of birth, genders or USIs.');
  });

  it('lets the postal names win and keeps a middle name only beyond a given name that fits', () => {
    const postal = postalLine({ givenName: 'MIA ROSE', familyName: 'TRAN-LEE' });
    const other = postalLine({ clientId: '7', givenName: 'SAM' });
    const { records } = read(
      clients(clientLine(), clientLine({ clientId: '7' })),
      postals(postal, other),
    );
    expect(records[0]?.fields).toMatchObject({ firstName: 'MIA ROSE', lastName: 'TRAN-LEE' });
    expect(records[0]?.fields).not.toHaveProperty('middleName');
    expect(records[1]?.fields).toMatchObject({ firstName: 'SAM' });
    expect(records[1]?.fields).not.toHaveProperty('middleName');
  });

  it('keeps a PO box as postal address beside the street', () => {
    const box = {
      building: '',
      streetNumber: '',
      streetName: '',
      poBox: 'PO BOX 17',
      suburb: 'GLEBE',
      postcode: '2037',
    };
    const [record] = read(clients(clientLine()), postals(postalLine(box))).records;
    expect(record?.fields.postalAddress).toMatchObject({ poBox: 'PO BOX 17', suburb: 'GLEBE' });
    expect(record?.fields.streetAddress).toMatchObject({
      streetName: 'KING ST',
      suburb: 'NEWTOWN',
    });
  });

  it('knows what stands for “not stated” and for overseas', () => {
    const overseas = clientLine({
      state: '99',
      postcode: 'OSPC',
      streetNumber: 'NOT SPECIFIED',
      gender: '@',
      usi: '@@@@@@@@@@',
    });
    const [record] = read(clients(overseas)).records;
    expect(record?.fields.streetAddress).toEqual({ streetName: 'KING ST', suburb: 'NEWTOWN' });
    expect(record?.fields).not.toHaveProperty('gender');
    expect(record?.fields).not.toHaveProperty('usi');
  });
});

describe('layouts', () => {
  it.each(['\r\n', '\n', '\r'])(
    'takes lines that end with %j, and no end after the last',
    (lineBreak) => {
      const file = textFile(
        'NAT00080.txt',
        [clientLine(), clientLine({ clientId: '7' })],
        lineBreak,
      );
      expect(read(file).records).toHaveLength(2);
    },
  );

  it('reads the columns of AVETMISS 7', () => {
    const { records, remarks } = read(clients(clientLine({}, 7), clientLine({ clientId: '7' }, 7)));
    expect(records[0]?.fields).toMatchObject({ dateOfBirth: '2001-04-05', gender: 'Female' });
    expect(records[0]?.fields.streetAddress).toMatchObject({
      suburb: 'NEWTOWN',
      streetName: 'KING ST',
    });
    expect(remarks.join()).toContain('AVETMISS 7');
  });

  it('reads past what a state adds behind the last column', () => {
    const lines = [`${clientLine()}A       `, `${clientLine({ clientId: '7' })}A       `];
    expect(read(clients(...lines)).records[1]?.fields.streetAddress).toMatchObject({
      streetName: 'KING ST',
    });
  });

  it('reads files whose ends of lines were trimmed', () => {
    const lines = [clientLine(), clientLine({ clientId: '7', streetName: '' })].map((line) =>
      line.trimEnd(),
    );
    expect(read(clients(...lines)).records).toHaveLength(2);
  });

  it('reads accents, whether columns count letters or bytes', () => {
    const accented = clientLine({ clientId: '7', name: 'BRÖNTË, ZOË' });
    const byLetters = textFile('NAT00080.txt', [clientLine(), accented]);
    // Three letters of two bytes each: a writer that counts bytes puts three spaces less.
    const byBytes = textFile('NAT00080.txt', [clientLine(), accented.replace('ZOË   ', 'ZOË')]);
    const windows = {
      name: 'NAT00080.txt',
      content: Buffer.from(`${clientLine()}\r\n${accented}`, 'latin1'),
    };
    for (const file of [byLetters, byBytes, windows]) {
      expect(read(file).records[1]?.fields).toMatchObject({
        firstName: 'ZOË',
        lastName: 'BRÖNTË',
        dateOfBirth: '2001-04-05',
      });
    }
    expect(read(windows).remarks.join()).toContain('Windows-1252');
  });

  it('counts the other files of an export and says that they are left out', () => {
    const { remarks } = read(
      clients(clientLine()),
      textFile('NAT00120.txt', ['a', 'b', 'c']),
      textFile('readme.txt', ['hello']),
    );
    expect(remarks).toContain(
      'Only people are imported. Left out: NAT00120.txt (enrolments, 3 lines).',
    );
    expect(remarks).toContain('readme.txt is not a NAT file and was left out.');
  });
});

describe('records that can’t be taken', () => {
  const faultsOf = (...files: GivenFile[]) =>
    read(...files).records.flatMap((record) => record.faults);

  it('have an impossible date of birth', () => {
    expect(faultsOf(clients(clientLine({ dateOfBirth: '31022001' })))).toEqual([
      'NAT00080.txt, line 1, column 74: 31022001 is no possible date of birth (DDMMYYYY).',
    ]);
    expect(faultsOf(clients(clientLine({ dateOfBirth: '01012030' })))).toHaveLength(1);
  });

  it('are postal details of an unknown client, or come twice', () => {
    const files = [
      clients(clientLine()),
      postals(postalLine(), postalLine({ clientId: '77' }), postalLine()),
    ];
    expect(faultsOf(...files)).toEqual([
      'NAT00085.txt, line 2, column 1: client 77 is not in NAT00080.txt.',
      'NAT00085.txt, line 3, column 1: client 41 stands on line 1 already.',
    ]);
  });

  it('have an e-mail address that is none', () => {
    expect(faultsOf(clients(clientLine()), postals(postalLine({ email: 'MIA AT HOME' })))).toEqual([
      'E-mail “mia at home” is not an e-mail address',
    ]);
  });
});

describe('files that are refused whole', () => {
  const good = clientLine();
  it.each([
    [
      'a cut line',
      [clients(good, good.slice(0, 300), good)],
      'NAT00080.txt, line 2, column 301: the line ends after 300 characters where the others have 326.',
    ],
    [
      'a line that ends before the date',
      [clients(good.slice(0, 60))],
      'NAT00080.txt, line 1, column 61: the line ends after 60 characters where at least 81 are needed.',
    ],
    [
      'columns out of place',
      [clients(good, `X${good}`.slice(0, 326), good)],
      'NAT00080.txt, line 2, column 74: “F0504200” is no date',
    ],
    [
      'letters where a date should be',
      [clients(clientLine({ dateOfBirth: '5 APRIL ' }))],
      'line 1, column 74: “5 APRIL ” is no date (DDMMYYYY)',
    ],
    [
      'no client identifier',
      [clients(clientLine({ clientId: '' }))],
      'line 1, column 1: the client identifier is empty.',
    ],
    [
      'another file by that name',
      [clients('First name,Surname,Email', 'Mia,Tran,mia@example.org')],
      'NAT00080.txt, line 1, column 25: the line ends after 24',
    ],
    ['an empty file', [clients('')], 'NAT00080.txt: there is nothing in it.'],
    [
      'an export without people',
      [textFile('NAT00120.txt', ['x'])],
      'NAT00120.txt: there is neither NAT00080 nor NAT00085',
    ],
    [
      'the same file twice',
      [clients(good), textFile('1NAT00080.txt', [good])],
      '1NAT00080.txt: NAT00080 is there twice.',
    ],
    [
      'bytes that are no text',
      [{ name: 'NAT00080.txt', content: Buffer.from([65, 10, 66, 0]) }],
      'NAT00080.txt, line 2, column 2: this is not a text file.',
    ],
    [
      'postal details cut before the name',
      [postals(postalLine().slice(0, 80))],
      'NAT00085.txt, line 1, column 81: the line ends',
    ],
  ] as [string, GivenFile[], string][])('%s', (_, files, message) => {
    expect(refusal(...files)).toContain(message);
  });
});
