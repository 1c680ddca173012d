import type { z } from 'zod';
import { emptyAddress, type NewLearner } from '#contract/learners';

type Draft = z.input<typeof NewLearner>;

// People of our own invention. Phone numbers are those kept free for fiction, and the e-mail
// domain belongs to nobody.
// name | born | mailbox | mobile | home phone | number | street | suburb | state | postcode
const harbourRows = `
  Amara Okafor       | 1998-04-17 | amara.okafor       | 0491 570 006 |                | 14   | Wharf Street    | Newcastle      | NSW | 2300
  Benjamin Tran      | 2001-11-02 | ben.tran           | 0491 570 156 | (02) 5550 1141 | 3/88 | Hunter Street   | Newcastle West | NSW | 2302
  Chloe Papadopoulos | 1995-07-23 | chloe.papadopoulos | 0491 570 157 |                | 27   | Lindsay Road    | Hamilton       | NSW | 2303
  Daniel O’Connor    | 1989-01-30 | dan.oconnor        | 0491 570 158 | (02) 5550 7785 | 102  | Beaumont Street | Islington      | NSW | 2296
  Elif Yılmaz        | 2003-09-12 | elif.yilmaz        | 0491 570 159 |                | 9    | Tudor Street    | Hamilton       | NSW | 2303
  Farid Rahimi       | 1992-05-05 | farid.rahimi       | 0491 570 110 |                | 56   | Maitland Road   | Mayfield       | NSW | 2304
  Grace Wilson       | 1978-12-19 | grace.wilson       | 0491 570 313 | (02) 5550 9034 | 8    | Church Street   | The Hill       | NSW | 2300
  Hannah Nguyen      | 2004-02-08 | hannah.nguyen      | 0491 570 737 |                | 41   | Darby Street    | Cooks Hill     | NSW | 2300
  Isaac Taumoepeau   | 1999-06-27 | isaac.taumoepeau   | 0491 571 266 |                | 15   | Young Street    | Carrington     | NSW | 2294
  Jasmine Kaur       | 1996-03-14 | jasmine.kaur       | 0491 571 491 | (02) 5550 3356 | 73   | Croudace Street | Lambton        | NSW | 2299
  Kieran Murphy      | 1985-10-11 | kieran.murphy      | 0491 571 804 |                | 120  | Brunker Road    | Adamstown      | NSW | 2289
  Leilani Kealoha    | 2002-08-29 | leilani.kealoha    | 0491 572 549 |                | 5    | Ocean Street    | Merewether     | NSW | 2291
  Marco Ferrari      | 1990-02-21 | marco.ferrari      | 0491 572 665 | (02) 5550 6612 | 33   | Glebe Road      | The Junction   | NSW | 2291
  Nadia Haddad       | 1994-09-03 | nadia.haddad       | 0491 572 983 |                | 19   | Park Avenue     | Kotara         | NSW | 2289
  Oliver Schmidt     | 2000-12-25 | oliver.schmidt     | 0491 573 770 |                | 64   | Elder Street    | Lambton        | NSW | 2299
  Priya Venkatesan   | 1997-07-07 | priya.venkatesan   | 0491 573 087 |                | 2/11 | Regent Street   | New Lambton    | NSW | 2305
  Quentin Baptiste   | 1983-04-02 | quentin.baptiste   | 0491 574 118 | (02) 5550 2907 | 47   | Teralba Road    | Broadmeadow    | NSW | 2292
  Rosa Delgado       | 1991-11-18 | rosa.delgado       | 0491 574 632 |                | 90   | Lambton Road    | Broadmeadow    | NSW | 2292
  Samuel Abebe       | 2005-01-09 | samuel.abebe       | 0491 575 254 |                | 12   | Fern Street     | Islington      | NSW | 2296
  Tilly Anderson     | 2003-05-31 | tilly.anderson     | 0491 575 789 |                | 6    | Memorial Drive  | Bar Beach      | NSW | 2300
`;

const keaRows = `
  Aroha Ngata     | 1999-02-16 | aroha.ngata     | 021 555 0142 |               | 18 | Cuba Street    | Te Aro         | Wellington | 6011
  Bevan Clarke    | 1986-06-04 | bevan.clarke    | 021 555 0177 | (04) 555 0108 | 5  | Adelaide Road  | Newtown        | Wellington | 6021
  Caitlin Tuilagi | 2002-10-28 | caitlin.tuilagi | 021 555 0193 |               | 77 | Jackson Street | Petone         | Lower Hutt | 5012
  Dev Sharma      | 1997-01-12 | dev.sharma      | 021 555 0120 |               | 30 | Kent Terrace   | Mount Victoria | Wellington | 6011
`;

// What real records are like: a surname or an e-mail is missing, an address is half known.
const unfinished: Draft[] = [
  { firstName: 'Uma', email: 'uma@learner.example', phoneMobile: '0491 576 398' },
  {
    firstName: 'Viktor',
    lastName: 'Novak',
    dateOfBirth: '1987-08-15',
    phoneHome: '(02) 5550 4418',
  },
  {
    firstName: 'Wiremu',
    lastName: 'Parata',
    preferredName: 'Wi',
    email: 'wiremu.parata@learner.example',
    streetAddress: { ...emptyAddress, suburb: 'Stockton', state: 'NSW', country: 'AU' },
  },
];

const noLongerHere: Draft[] = [
  {
    firstName: 'Xenia',
    lastName: 'Kovacs',
    email: 'xenia.kovacs@learner.example',
    isActive: false,
  },
  { firstName: 'Yusuf', lastName: 'Demir', dateOfBirth: '1993-03-22', isActive: false },
];

/** With Sync to Xero on, where there is a Xero to be tried. */
export const harbourLearners: Draft[] = learnersOf(harbourRows, 'AU');

/** To be completed or left alone before anybody turns Sync to Xero on for them. */
export const unfinishedLearners: Draft[] = [...unfinished, ...noLongerHere];

export const keaLearners: Draft[] = learnersOf(keaRows, 'NZ');

function learnersOf(table: string, country: string): Draft[] {
  const lines = table.trim().split('\n');
  return lines.map((line) =>
    learnerOf(
      line.split('|').map((cell) => cell.trim() || null),
      country,
    ),
  );
}

function learnerOf(cells: (string | null)[], country: string): Draft {
  const [name, dateOfBirth, mailbox, phoneMobile, phoneHome, ...address] = cells;
  const [streetNumber = null, streetName = null, suburb = null, state = null, postcode = null] =
    address;
  const [firstName = '', ...lastNames] = (name ?? '').split(' ');
  return {
    firstName,
    lastName: lastNames.join(' '),
    dateOfBirth: dateOfBirth ?? null,
    email: mailbox ? `${mailbox}@learner.example` : null,
    phoneMobile: phoneMobile ?? null,
    phoneHome: phoneHome ?? null,
    streetAddress: {
      ...emptyAddress,
      streetNumber,
      streetName,
      suburb,
      state,
      postcode,
      country,
    },
  };
}
