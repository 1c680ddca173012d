import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Contact } from '../accounting/model.ts';
import { ORGANISATION_IDS } from '../seeds/identity.ts';
import type { Emulator } from '../server.ts';
import { startConnected } from '../testing.ts';

const DESK = `/desk/${ORGANISATION_IDS.au}`;

let emulator: Emulator;
let contact: Contact;
beforeEach(async () => {
  ({ emulator } = await startConnected());
  contact = emulator.control.bookkeeper().createContact({ Name: 'Ana Lima', ContactNumber: 'L-1' });
});
afterEach(() => emulator.close());

async function open(path: string) {
  const response = await fetch(`${emulator.url}${path}`);
  const { pathname } = new URL(response.url);
  return { status: response.status, url: pathname, text: await response.text() };
}

/** Submits a form and follows to the page that says what was done. */
async function submit(path: string, form: Record<string, string> = {}) {
  const response = await fetch(`${emulator.url}${path}`, {
    method: 'POST',
    headers: { origin: emulator.url },
    body: new URLSearchParams(form),
  });
  return {
    status: response.status,
    url: new URL(response.url).pathname,
    text: await response.text(),
  };
}

const LINE = {
  'line1-description': 'Course fee',
  'line1-quantity': '2',
  'line1-unitAmount': '49.95',
  'line1-account': '210',
  'line1-tax': '',
};

describe('the desk', () => {
  it('leads from the organisations to a contact', async () => {
    expect((await open('/desk')).text).toContain('Harbour Training Pty Ltd');
    const found = await open(`${DESK}?search=l-1`);
    expect(found.text).toContain('Ana Lima');
    expect((await open(`${DESK}?search=nobody`)).text).toContain('0 contacts');
    const page = await open(`${DESK}/contacts/${contact.id}`);
    expect(page.text).toContain('Xero emulator, bookkeeper’s desk');
    expect((await open('/desk/none')).status).toBe(404);
  });

  it('takes up links that an app writes into its own pages', async () => {
    const { id, shortCode } = emulator.control.bookkeeper().books.organisation();
    const link = (page: string) =>
      `/organisationlogin/default.aspx?${new URLSearchParams({ shortcode: shortCode, redirecturl: page })}`;
    const linked = await open(link(`/Contacts/View/${contact.id.toUpperCase()}`));
    expect(linked.url).toBe(`/desk/${id}/contacts/${contact.id}`);
    expect((await open(link('//elsewhere.example'))).url).toBe(`/desk/${id}`);
    expect((await open('/organisationlogin/default.aspx')).url).toBe('/desk');
  });

  it('raises a draft, approves it, takes payments, takes one back and voids', async () => {
    const made = await submit(`${DESK}/contacts/${contact.id}/new-invoice`, {
      date: '2026-11-22',
      dueDate: '2026-12-06',
      reference: 'PO 7',
      lineAmountTypes: 'Exclusive',
      status: 'DRAFT',
      ...LINE,
    });
    expect(made.text).toContain('Invoice INV-0001 was saved as a draft');
    expect((await submit(`${made.url}/approve`)).text).toContain('was approved');
    const paid = await submit(`${made.url}/pay`, {
      amount: '9.89',
      date: '2026-11-23',
      account: '090',
    });
    expect(paid.text).toContain('The payment was recorded');
    expect(paid.text).toContain('100.00 AUD');
    expect((await submit(`${made.url}/void`)).text).toContain('has a payment or credit note');
    const [paymentPath = ''] = /\/desk\/[^"]+\/payments\/[^"]+\/delete/.exec(paid.text) ?? [];
    expect((await submit(paymentPath)).text).toContain('The payment was deleted');
    expect((await submit(`${made.url}/void`)).text).toContain('was voided');
  });

  it('takes a bill in, with a number of its own and an account of costs', async () => {
    const path = `${DESK}/contacts/${contact.id}/new-invoice`;
    const form = await open(`${path}?type=ACCPAY`);
    expect(form.text).toContain('New bill from Ana Lima');
    expect(form.text).toContain('<option value="429">');
    const bill = { type: 'ACCPAY', number: 'B-7', date: '2026-11-22', dueDate: '2026-12-06' };
    const line = { 'line1-description': 'Rent', 'line1-unitAmount': '50', 'line1-account': '429' };
    const made = await submit(path, { ...bill, ...line, status: 'AUTHORISED' });
    expect(made.text).toContain('Bill B-7 was approved');
    expect(emulator.control.bookkeeper().invoice('B-7').type).toBe('ACCPAY');
    const search = async (term: string) => (await open(`${DESK}/invoices?search=${term}`)).text;
    expect([await search('b-7'), await search('b-8')].map((text) => text.includes('B-7'))).toEqual([
      true,
      false,
    ]);
  });

  it('says why something is not possible, and does nothing', async () => {
    const form = { date: '2026-11-22', dueDate: '2026-12-06', status: 'AUTHORISED' };
    const refused = await submit(`${DESK}/contacts/${contact.id}/new-invoice`, form);
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('One or more line items must be specified');
    expect(emulator.control.bookkeeper().books.invoices.size).toBe(0);
  });

  it('adds a contact and changes it; what the form does not show stays', async () => {
    const form = { name: 'Ben Okoro', number: 'L-2', email: 'ben@example.com', mobile: '0400' };
    const made = await submit(`${DESK}/new-contact`, form);
    expect(made.text).toContain('Ben Okoro was added');
    const keeper = emulator.control.bookkeeper();
    const { id } = keeper.findContact('L-2') ?? contact;
    keeper.editContact(id, { TaxNumber: '1' });
    expect((await open(`${made.url}/edit`)).text).toContain('value="ben@example.com"');
    const changed = { ...form, name: 'Ben O. Okoro', email: '' };
    expect((await submit(`${made.url}/edit`, changed)).text).toContain('Ben O. Okoro was saved');
    expect(keeper.contact(id)).toMatchObject({ name: 'Ben O. Okoro', email: '', taxNumber: '1' });
    const twin = await submit(`${DESK}/new-contact`, { ...form, name: 'Ana Lima', number: '' });
    expect(twin.text).toContain('already assigned to another contact');
  });

  it('archives, restores and merges contacts', async () => {
    const other = emulator.control.bookkeeper().createContact({ Name: 'Ana de Lima' });
    const path = `${DESK}/contacts/${contact.id}`;
    expect((await submit(`${path}/archive`)).text).toContain('Ana Lima was archived');
    expect((await submit(`${path}/restore`)).text).toContain('Ana Lima was restored');
    const merged = await submit(`${path}/merge`, { into: other.id });
    expect(merged.text).toContain('Ana Lima was merged into Ana de Lima');
    expect(emulator.control.bookkeeper().contact(contact.id).mergedToId).toBe(other.id);
  });

  it('gives credit, sets it against an invoice, refunds the rest, takes it back', async () => {
    const keeper = emulator.control.bookkeeper();
    const invoice = keeper.createInvoice({
      contactId: contact.id,
      lines: [{ description: 'Fee', unitAmount: 100 }],
    });
    const path = `${DESK}/contacts/${contact.id}`;
    const form = { kind: 'overpayment', creditAmount: '30', creditDate: '2026-11-22' };
    const added = await submit(`${path}/new-credit`, form);
    expect(added.text).toContain('Overpayment was added');
    const [credit = ''] = /\/desk\/[^"]+\/credits\/overpayment\/[0-9a-f-]+/.exec(added.text) ?? [];
    const used = await submit(`${credit}/allocate`, { invoice: invoice.id, amount: '20' });
    expect(used.text).toContain('The credit was set against INV-0001');
    expect(keeper.invoice(invoice.id).credited).toBe(2000);
    expect((await submit(`${credit}/refund`, { refund: '10' })).text).toContain(
      'The refund was recorded',
    );
    const [refund = ''] =
      /\/desk\/[^"]+\/payments\/[^"]+\/delete/.exec((await open(credit)).text) ?? [];
    const undone = await submit(refund);
    expect([undone.url, undone.text.includes('The payment was deleted')]).toEqual([credit, true]);
    const [removal = ''] =
      /\/desk\/[^"]+\/allocations\/[^"]+\/remove/.exec((await open(credit)).text) ?? [];
    expect((await submit(removal)).text).toContain('The allocation was removed');
    expect(keeper.invoice(invoice.id).credited).toBe(0);
    for (const kind of ['creditNote', 'prepayment']) {
      expect((await submit(`${path}/new-credit`, { ...form, kind })).text).toContain('was added');
    }
    expect((await submit(`${path}/new-credit`, { ...form, kind: 'gift' })).status).toBe(400);
  });

  it('renames the organisation and closes the books', async () => {
    expect((await submit(`${DESK}/rename`, { name: 'New Harbour' })).text).toContain('New Harbour');
    await submit(`${DESK}/lock-dates`, { period: '2026-12-31', endOfYear: '' });
    const refused = await submit(`${DESK}/contacts/${contact.id}/new-invoice`, {
      date: '2026-11-22',
      dueDate: '2026-12-06',
      status: 'AUTHORISED',
      ...LINE,
    });
    expect(refused.text).toContain('period lock date, currently set at 31 December 2026');
    expect((await submit(`${DESK}/lock-dates`, { period: 'soon' })).status).toBe(400);
  });

  it('disconnects an app', async () => {
    const page = await open(`${DESK}/connected-apps`);
    const [path = ''] = /\/desk\/[^"]+\/disconnect/.exec(page.text) ?? [];
    expect((await submit(path)).text).toContain('The app was disconnected');
    expect(emulator.control.people.connections(ORGANISATION_IDS.au)).toEqual([]);
  });

  it('writes what people typed as text, never as markup', async () => {
    const evil = emulator.control
      .bookkeeper()
      .createContact({ Name: `Q"'&Q`, FirstName: '<script>x</script>' });
    const { text } = await open(`${DESK}/contacts/${evil.id}`);
    expect(text).toContain('&lt;script&gt;');
    expect(text).not.toContain('<script>');
    expect((await open(`${DESK}?done=<img src=x>`)).text).not.toContain('<img');
  });
});
