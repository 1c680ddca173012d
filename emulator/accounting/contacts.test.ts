import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ORGANISATION_IDS } from '../seeds/identity.ts';
import type { Emulator } from '../server.ts';
import { type ApiClient, type Json, messagesOf, startConnected } from '../testing.ts';

const ZERO = '00000000-0000-0000-0000-000000000000';

let emulator: Emulator;
let api: ApiClient;
beforeEach(async () => {
  ({ emulator, api } = await startConnected());
});
afterEach(() => emulator.close());

async function put(fields: object) {
  const result = await api('PUT', '/Contacts', { Contacts: [fields] });
  return result.json.Contacts[0];
}

describe('making contacts', () => {
  it('gives every phone and address slot back and fills only what was sent', async () => {
    const contact = await put({
      Name: 'Ana  Lima ',
      Phones: [{ PhoneType: 'MOBILE', PhoneNumber: '0400' }],
      Addresses: [{ AddressType: 'STREET', AddressLine1: '1 High St', City: 'Perth' }],
    });
    expect(contact.Name).toBe('Ana Lima');
    expect(contact.Phones.map((one: { PhoneType: string }) => one.PhoneType)).toEqual([
      'DDI',
      'DEFAULT',
      'FAX',
      'MOBILE',
    ]);
    expect(contact.Phones[3].PhoneNumber).toBe('0400');
    expect(contact.Addresses[0]).toMatchObject({ AddressLine1: '1 High St', City: 'Perth' });
    expect(contact.Addresses[1]).toMatchObject({ AddressType: 'POBOX', City: '' });
  });

  it('refuses a name that another active contact has, in whatever letters', async () => {
    await put({ Name: 'Ana Lima' });
    const result = await api('PUT', '/Contacts', { Contacts: [{ Name: 'ANA LIMA' }] });
    expect(result.status).toBe(400);
    expect(result.json).toMatchObject({ ErrorNumber: 10, Type: 'ValidationException' });
    expect(result.json.Elements[0]).toMatchObject({ ContactID: ZERO, Name: 'ANA LIMA' });
    expect(messagesOf(result)).toEqual([
      'The contact name ANA LIMA is already assigned to another contact. The contact name must be unique across all active contacts.',
    ]);
  });

  it('frees the name of an archived contact', async () => {
    const { ContactID } = await put({ Name: 'Ana Lima' });
    await api('POST', `/Contacts/${ContactID}`, { ContactStatus: 'ARCHIVED' });
    expect((await put({ Name: 'Ana Lima' })).ContactStatus).toBe('ACTIVE');
  });

  it.each([
    [{ Name: '' }, 'The contact name cannot be empty.'],
    [{ FirstName: 'X' }, 'The contact name must be specified.'],
    [{ Name: 'a<b' }, "The contact name cannot contain '<' or '>'."],
    [{ Name: 'A', EmailAddress: 'not mail' }, 'Email address must be valid.'],
    [{ Name: 'n'.repeat(256) }, 'The value of Name exceeds the maximum length of 255 characters'],
    [
      { Name: 'A', EmailAddress: 'a@x.example', ContactPersons: Array(6).fill({}) },
      'A contact can have at most 5 contact persons',
    ],
    [
      { Name: 'A', ContactPersons: [{ FirstName: 'B' }] },
      'Additional people cannot be added when the primary person has no email address set.',
    ],
    [{ Name: 'A', Addresses: [{ Country: 'A1' }] }, 'Country must contain letters only'],
    [{ Name: 'A', Addresses: [{ Country: 'Türkiye' }] }, 'Country must contain letters only'],
  ])('refuses %j', async (fields, message) => {
    const result = await api('PUT', '/Contacts', { Contacts: [fields] });
    expect([result.status, messagesOf(result)]).toEqual([400, [message]]);
  });

  it('keeps what is good of a request, and names what is not alone', async () => {
    const result = await api('PUT', '/Contacts', { Contacts: [{ Name: 'Good' }, { Name: '' }] });
    expect(result.status).toBe(400);
    expect(result.json).toMatchObject({ ErrorNumber: 10, Elements: [{ Name: '' }] });
    const { Contacts } = (await api('GET', '/Contacts')).json;
    expect(Contacts).toMatchObject([{ Name: 'Good' }]);
  });

  it('answers 200 for each by itself with summarizeErrors=False', async () => {
    const result = await api('PUT', '/Contacts?summarizeErrors=False', {
      Contacts: [{ Name: 'Good' }, { Name: '' }],
    });
    expect(result.status).toBe(200);
    const statuses = result.json.Contacts.map(
      (one: Record<string, unknown>) => one.StatusAttributeString,
    );
    expect(statuses).toEqual(['OK', 'ERROR']);
    expect((await api('GET', '/Contacts')).json.Contacts).toHaveLength(1);
  });
});

describe('the order of answers', () => {
  const names = async (path: string) => {
    const Contacts = ['One', '', 'Three'].map((Name) => ({ Name }));
    const { json } = await api('POST', path, { Contacts });
    return json.Contacts.map((one: { Name: string }) => one.Name);
  };

  it('is that of what was sent, or another one where that is switched on', async () => {
    expect(await names('/Contacts?summarizeErrors=false')).toEqual(['One', '', 'Three']);
    emulator.control.switches.answersOutOfOrder = true;
    expect(await names('/Contacts?summarizeErrors=false')).toEqual(['', 'Three', 'One']);
  });
});

describe('changing contacts', () => {
  it('matches by id, then by number, then by active name; PUT refuses what exists', async () => {
    const made = await put({ Name: 'Ana Lima', ContactNumber: 'L-1' });
    for (const match of [
      { ContactID: made.ContactID },
      { ContactNumber: 'l-1' },
      { Name: 'ana lima' },
    ]) {
      const result = await api('POST', '/Contacts', { Contacts: [{ ...match, FirstName: 'Ana' }] });
      expect(result.json.Contacts[0].ContactID).toBe(made.ContactID);
    }
    const twice = await api('PUT', '/Contacts', {
      Contacts: [{ Name: 'Other', ContactNumber: 'L-1' }],
    });
    expect(messagesOf(twice)[0]).toContain('contact number L-1 is already assigned');
  });

  it('leaves what was not sent, clears what was sent empty, replaces persons as a whole', async () => {
    const { ContactID } = await put({
      Name: 'Ana Lima',
      FirstName: 'Ana',
      EmailAddress: 'ana@example.com',
      ContactPersons: [{ FirstName: 'One' }, { FirstName: 'Two' }],
    });
    const { json } = await api('POST', `/Contacts/${ContactID}`, {
      FirstName: '',
      ContactPersons: [{ FirstName: 'Three' }],
    });
    const [contact] = json.Contacts;
    expect(contact).not.toHaveProperty('FirstName');
    expect(contact.EmailAddress).toBe('ana@example.com');
    expect(contact.ContactPersons).toHaveLength(1);
  });

  it.each([
    [{ EmailAddress: 'nobody at home' }, 'Email address must be valid.'],
    [{ Website: 'see below' }, 'Website must be valid.'],
    [{ Name: 'Ana <old>' }, "The contact name cannot contain '<' or '>'."],
  ])('takes no change at all while %j stands on the contact', async (fields, message) => {
    const { ContactID } = await put({ Name: 'Ana Lima' });
    const leave = async (left: object) => {
      const path = `/_emulator/organisations/${ORGANISATION_IDS.au}/contacts/${ContactID}/unchecked`;
      const headers = { 'content-type': 'application/json' };
      const request = { method: 'POST', headers, body: JSON.stringify(left) };
      expect((await fetch(`${emulator.url}${path}`, request)).status).toBe(200);
    };
    await leave(fields);
    expect((await api('GET', `/Contacts/${ContactID}`)).json.Contacts[0]).toMatchObject(fields);
    const refused = await api('POST', `/Contacts/${ContactID}`, { FirstName: 'Ana' });
    expect([refused.status, messagesOf(refused)]).toEqual([400, [message]]);
    await leave({ Name: 'Ana Lima', EmailAddress: '', Website: 'www.example.com' });
    expect((await api('POST', `/Contacts/${ContactID}`, { FirstName: 'Ana' })).status).toBe(200);
  });

  it('refuses to edit an archived contact, by id and by number', async () => {
    const { ContactID } = await put({ Name: 'Ana Lima', ContactNumber: 'L-1' });
    await api('POST', `/Contacts/${ContactID}`, { ContactStatus: 'ARCHIVED' });
    for (const path of [`/Contacts/${ContactID}`, '/Contacts']) {
      const result = await api('POST', path, {
        Contacts: [{ ContactNumber: 'L-1', FirstName: 'A' }],
      });
      expect(messagesOf(result)[0]).toContain('matched an archived contact');
    }
  });

  it('brings one back by the API only where that is switched on, unless its name is taken', async () => {
    const { ContactID } = await put({ Name: 'Ana Lima' });
    const restore = () => api('POST', `/Contacts/${ContactID}`, { ContactStatus: 'ACTIVE' });
    await api('POST', `/Contacts/${ContactID}`, { ContactStatus: 'ARCHIVED' });
    expect((await restore()).status).toBe(400);
    emulator.control.switches.apiRestoresContacts = true;
    const { ContactID: twin } = await put({ Name: 'Ana Lima' });
    expect(messagesOf(await restore())[0]).toContain('already assigned');
    await api('POST', `/Contacts/${twin}`, { Name: 'Ana Other' });
    expect((await restore()).json.Contacts[0].ContactStatus).toBe('ACTIVE');
  });

  it('merges quietly, loudly, or leaves papers with the one that is gone, as is switched', () => {
    const { switches, clock } = emulator.control;
    const keeper = emulator.control.bookkeeper();
    const merge = () => {
      const [loser, winner] = ['Ana Lima', 'Ana de Lima'].map((Name) =>
        keeper.createContact({ Name }),
      );
      const [from, into] = [loser?.id ?? '', winner?.id ?? ''];
      const line = { description: 'Fee', unitAmount: 100 };
      const { id } = keeper.createInvoice({ contactId: from, lines: [line] });
      const before = clock.nowMs();
      clock.advance(1_000);
      keeper.mergeContacts(from, into);
      const paper = keeper.invoice(id);
      const names = paper.contactId === into ? 'winner' : 'loser';
      const areDatedAnew = [paper, keeper.contact(into), keeper.contact(from)].map(
        ({ updatedAtMs }) => updatedAtMs > before,
      );
      keeper.editContact(into, { Name: `Ana ${clock.nowMs()}` });
      return { names, areDatedAnew };
    };
    expect(merge()).toEqual({ names: 'winner', areDatedAnew: [false, false, true] });
    switches.mergesMovePapersLoudly = true;
    expect(merge()).toEqual({ names: 'winner', areDatedAnew: [true, true, true] });
    Object.assign(switches, { mergesMovePapersLoudly: false, mergesLeavePapers: true });
    expect(merge()).toEqual({ names: 'loser', areDatedAnew: [false, false, true] });
  });

  it('moves papers in a merge and leaves a trail from the loser', async () => {
    const keeper = emulator.control.bookkeeper();
    const loser = keeper.createContact({ Name: 'Ana Lima' });
    const winner = keeper.createContact({ Name: 'Ana de Lima' });
    const invoice = keeper.createInvoice({
      contactId: loser.id,
      lines: [{ description: 'Fee', unitAmount: 100 }],
    });
    keeper.credits.receiveOverpayment({ contactId: loser.id, amount: 5 });
    keeper.mergeContacts(loser.id, winner.id);
    const received = (await api('GET', '/BankTransactions')).json.BankTransactions[0];
    expect(received.Contact.ContactID).toBe(winner.id);
    const { json } = await api('GET', `/Contacts/${loser.id}`);
    expect(json.Contacts[0]).toMatchObject({
      ContactStatus: 'ARCHIVED',
      MergedToContactID: winner.id,
    });
    expect((await api('GET', `/Invoices/${invoice.id}`)).json.Invoices[0].Contact.ContactID).toBe(
      winner.id,
    );
  });
});

it('is found by a number with odd signs, unless such addresses are switched off', async () => {
  await put({ Name: 'Ana Lima', ContactNumber: 'K/1' });
  await put({ Name: 'Ben Ito', ContactNumber: 'K 2' });
  const ask = async (number: string) =>
    (await api('GET', `/Contacts/${encodeURIComponent(number)}`)).status;
  expect([await ask('K/1'), await ask('K 2')]).toEqual([200, 200]);
  emulator.control.switches.refusesOddAddresses = true;
  expect([await ask('K/1'), await ask('K 2')]).toEqual([404, 200]);
});

describe('reading contacts', () => {
  beforeEach(async () => {
    const names = ['Ana Lima', 'Ben Okoro', 'Cy Vance', 'Dee Ito', "Eve O'Neil"];
    await api('PUT', '/Contacts', {
      Contacts: names.map((Name, i) => ({
        Name,
        ContactNumber: `L-${i}`,
        EmailAddress: `p${i}@example.com`,
        CompanyNumber: `4100${i}`,
      })),
    });
  });

  const namesOf = (json: { Contacts: { Name: string }[] }) => json.Contacts.map((one) => one.Name);

  it('pages with a block before the list, clamps sizes, gives an empty page past the end', async () => {
    const { json, text } = await api('GET', '/Contacts?page=2&pageSize=2');
    expect(json.pagination).toEqual({ page: 2, pageSize: 2, pageCount: 3, itemCount: 5 });
    expect(text.indexOf('"pagination"')).toBeLessThan(text.indexOf('"Contacts"'));
    expect(json.Contacts).toHaveLength(2);
    expect((await api('GET', '/Contacts?page=1&pageSize=5000')).json.pagination.pageSize).toBe(
      1000,
    );
    expect((await api('GET', '/Contacts?page=9')).json.Contacts).toEqual([]);
    expect((await api('GET', '/Contacts')).json).not.toHaveProperty('pagination');
  });

  it.each([
    ['where=Name=="ANA LIMA"', ['Ana Lima']],
    ['WHERE=Name.Contains("an")&ORDER=Name DESC', ['Cy Vance', 'Ana Lima']],
    ['where=ContactNumber=="L-1" OR EmailAddress=="p3@example.com"', ['Ben Okoro', 'Dee Ito']],
    ['where=Name=="âña LÍMA"', ['Ana Lima']],
    ['where=Name.Contains("oköro")', ['Ben Okoro']],
    ["searchTerm=o'ne", ["Eve O'Neil"]],
    ['searchTerm=41003', ['Dee Ito']],
    ['where=Name.StartsWith("b") AND ContactStatus=="ACTIVE"', ['Ben Okoro']],
  ])('filters by %s', async (query, expected) => {
    const { json } = await api('GET', `/Contacts?${encodeURI(query)}`);
    expect(namesOf(json)).toEqual(expected);
  });

  it('refuses a filter that it cannot read', async () => {
    for (const where of ['Nonsense==1', 'Name==', 'Name=="', 'Name~"x"', '(((']) {
      const result = await api('GET', `/Contacts?where=${encodeURIComponent(where)}`);
      expect([result.status, result.json.Type]).toEqual([400, 'QueryParseException']);
    }
  });

  it('refuses many by their numbers at once where there are very many', async () => {
    await put({ Name: 'Ana', ContactNumber: 'L1' });
    emulator.control.switches.highVolumeRows = 0;
    const where = encodeURIComponent('ContactNumber=="L1" OR ContactNumber=="L2"');
    const refused = await api('GET', `/Contacts?page=1&where=${where}`);
    expect(refused).toMatchObject({ status: 400, json: { Type: 'HighVolumeException' } });
    expect((await api('GET', '/Contacts/L1')).status).toBe(200);
    expect((await api('GET', '/Contacts?page=1&order=UpdatedDateUTC')).status).toBe(200);
  });

  it('leaves archived ones out unless asked, finds by ids, by number and by id', async () => {
    const { json } = await api('GET', '/Contacts/L-2');
    const id = json.Contacts[0].ContactID;
    await api('POST', `/Contacts/${id}`, { ContactStatus: 'ARCHIVED' });
    expect((await api('GET', '/Contacts')).json.Contacts).toHaveLength(4);
    expect((await api('GET', '/Contacts?includeArchived=true')).json.Contacts).toHaveLength(5);
    expect(
      (await api('GET', `/Contacts?IDs=${id}&includeArchived=true`)).json.Contacts,
    ).toHaveLength(1);
    expect((await api('GET', `/Contacts/${id.toUpperCase()}`)).json.Contacts[0].Name).toBe(
      'Cy Vance',
    );
  });

  it('compares If-Modified-Since by whole seconds', async () => {
    emulator.clock.advance(10_400);
    await api('POST', '/Contacts', { Contacts: [{ ContactNumber: 'L-1', FirstName: 'B' }] });
    const since = (text: string) =>
      api('GET', '/Contacts', undefined, { 'if-modified-since': text });
    expect(namesOf((await since('2026-11-22T09:00:10')).json)).toEqual(['Ben Okoro']);
    expect(namesOf((await since('2026-11-22T09:00:10.900')).json)).toEqual(['Ben Okoro']);
    expect((await since('2026-11-22T09:00:11')).json.Contacts).toEqual([]);
    expect((await since('Sun, 22 Nov 2026 09:00:10 GMT')).json.Contacts).toHaveLength(1);
    expect((await since('yesterday')).status).toBe(412);
  });

  it.each(['/Contacts', '/Invoices'])('refuses what is no id among the IDs of %s', async (path) => {
    const { status, text } = await api('GET', `${path}?IDs=nonsense`);
    expect([status, text]).toEqual([400, "Supplied parameter 'Ids' cannot be parsed."]);
  });

  it('lists one whose erasure was asked for unless that is switched, and takes no edit of it', async () => {
    const { id } = emulator.control.bookkeeper().findContact('L-1') ?? { id: '' };
    emulator.control.bookkeeper().requestErasure(id);
    const listed = async (query: string) =>
      (await api('GET', `/Contacts${query}`)).json.Contacts.map(({ ContactID }: Json) => ContactID);
    expect(await listed('')).toContain(id);
    emulator.control.switches.erasureHidesContacts = true;
    expect(await listed('')).not.toContain(id);
    expect(await listed('?includeArchived=true')).toContain(id);
    const { json } = await api('GET', `/Contacts/${id}`);
    expect(json.Contacts[0].ContactStatus).toBe('GDPRREQUEST');
    expect((await api('POST', `/Contacts/${id}`, { FirstName: 'B' })).status).toBe(400);
  });

  it('answers an unknown one with a page, not JSON', async () => {
    const result = await api('GET', '/Contacts/nobody');
    expect(result.status).toBe(404);
    expect(result.headers.get('content-type')).toContain('text/html');
  });
});
