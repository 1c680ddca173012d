import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { clientLine, textFile } from './nat-samples.fixture.ts';
import { readApart } from './read-apart.ts';
import type { ReadTask } from './read-tasks.ts';

const options = { correctNameCase: true, today: '2026-03-02' };

function opening(name: string, lines: string[]): ReadTask {
  return { step: 'open', files: [textFile(name, lines)], options };
}

const manyRows = Array.from(
  { length: 6_000 },
  (_, index) => `Given${index},Family${index},a${index}@example.org`,
);
const largeTable = opening('people.csv', ['First name,Surname,E-mail', ...manyRows]);
const manyClients = Array.from({ length: 600 }, (_, index) =>
  clientLine({ clientId: String(index + 1) }),
);

describe('large input, read in a thread of its own', () => {
  it('gives the columns of a table, then its records', async () => {
    const opened = await readApart(largeTable);
    expect(opened.columns.map((column) => column.target)).toEqual([
      'firstName',
      'lastName',
      'email',
    ]);
    expect(opened.reading).toBeNull();
    const { input, columns } = opened;
    const read = await readApart({ step: 'read', input, columns, options });
    expect(read.reading?.records).toHaveLength(6_000);
    expect(read.reading?.records[41]).toMatchObject({ line: 43, fields: { firstName: 'Given41' } });
  });

  it('gives the people of an AVETMISS export at once', async () => {
    const { reading } = await readApart(opening('NAT00080.txt', manyClients));
    expect(reading?.records).toHaveLength(600);
    expect(reading?.records[0]?.fields).toMatchObject({ firstName: 'Mia', lastName: 'Tran' });
  });

  it('is refused in the same words as small input', async () => {
    const cut = [
      ...manyClients.slice(0, 500),
      manyClients[0]?.slice(0, 90) ?? '',
      ...manyClients.slice(501),
    ];
    await expect(readApart(opening('NAT00080.txt', cut))).rejects.toMatchObject({
      code: 'import.unreadable',
      detail:
        'NAT00080.txt, line 501, column 91: the line ends after 90 characters where the others have 326.',
    });
  });

  it('waits for nobody: a third at once is told to come back', async () => {
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => readApart(largeTable)));
    expect(outcomes.map((outcome) => outcome.status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
    ]);
    expect(outcomes[2]).toMatchObject({ reason: { code: 'server.busy' } });
    expect((await readApart(largeTable)).columns).toHaveLength(3);
  });
});

describe('a zip, however small', () => {
  it('is unpacked in a thread of its own too, since much may come out of it', async () => {
    const content = zipSync({ 'people.csv': strToU8('Surname\nTran') });
    const task: ReadTask = { step: 'open', files: [{ name: 'people.zip', content }], options };
    const outcomes = await Promise.allSettled([task, task, task].map(readApart));
    expect(outcomes[0]).toMatchObject({ value: { columns: [{ samples: ['Tran'] }] } });
    expect(outcomes[2]).toMatchObject({ reason: { code: 'server.busy' } });
  });
});

describe('small input', () => {
  it('is read here and now', async () => {
    const { columns } = await readApart(opening('people.csv', ['Surname', 'Tran']));
    expect(columns).toEqual([{ name: 'Surname', samples: ['Tran'], target: 'lastName' }]);
  });
});
