import type { WireRequest } from '../../src/xero/request.ts';
import { type Ground, PARTIES, rowsOf } from './ground.ts';
import type { Broken } from './watch.ts';

const IDS = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const NUMBERS = /\b(?:WP-|L)\d{5,}\b/g;

/**
 * What must hold of each call that leaves. I8: a call for one organisation names no contact, no paper
 * and nobody's number of another. Gate: before somebody has said who is whom in an organisation, or
 * before its contacts are known, nothing is written there.
 */
export function watchCalls(ground: Ground, broken: Broken): (request: WireRequest) => void {
  const booksOf = (org: string) => {
    const { books } = ground.emulator.control.bookkeeper(org);
    const { invoices, creditNotes, prepayments, overpayments, contacts } = books;
    return [contacts, invoices, creditNotes, prepayments, overpayments];
  };
  const holds = (org: string, id: string) => booksOf(org).some((rows) => rows.get(id));
  function numbersOf(providerId: string): Set<unknown> {
    const own = (name: string) =>
      rowsOf(ground, name).filter((row) => row.provider_id === providerId);
    return new Set([
      ...own('learners').map((row) => row.learner_number),
      ...own('workplaces').map((row) => row.workplace_number),
    ]);
  }
  function watchNames(org: string, text: string): void {
    const others = PARTIES.filter(({ xeroOrgId }) => xeroOrgId !== org);
    for (const [id] of text.matchAll(IDS)) {
      const owner = others.find(({ xeroOrgId }) => holds(xeroOrgId, id.toLowerCase()));
      if (owner) broken('I8', `a call for ${org} names what is in the books of ${owner.name}`);
    }
    for (const [number] of text.matchAll(NUMBERS)) {
      const owner = others.find(({ providerId }) => numbersOf(providerId).has(number));
      if (owner) broken('I8', `a call for ${org} names ${number} of ${owner.name}`);
    }
  }
  function watchGate(org: string): void {
    const found = rowsOf(ground, 'matchings').find((row) => row.xero_org_id === org);
    if (found?.state === 'approved' || found?.state === 'none') return;
    broken('gate', `${org} is written to while the matching is ${found?.state ?? 'not begun'}`);
  }
  return ({ method, url, headers, body = '' }) => {
    const org = headers['xero-tenant-id'];
    if (!org) return;
    watchNames(org, `${decodeURIComponent(url)} ${body}`);
    if (method !== 'GET') watchGate(org);
  };
}
