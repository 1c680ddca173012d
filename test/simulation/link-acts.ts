import { api } from '#contract/api';
import type { XeroOrgId } from '#contract/ids';
import type { DeskAct } from './acts.ts';
import type { Desk } from './desk.ts';
import type { Random } from './random.ts';

/** What people do about which contact is whose, and who looks for themselves. */
export const linkActs: Record<string, { weight: number; act: DeskAct }> = {
  'learner-relinked': { weight: 3, act: relinkLearner },
  'workplace-relinked': { weight: 0.5, act: relinkWorkplace },
  'relinking-undone': { weight: 1, act: undoRelinking },
  'looked-in-xero': { weight: 2, act: lookInXero },
  'paper-missed': { weight: 1, act: missPaper },
};

/** Another contact of the books: mostly one that is nobody's, sometimes one that is taken. */
function otherContact({ keeper }: Desk, random: Random, contactId: string): string | null {
  const others = keeper.books.contacts
    .all()
    .filter(({ id, status }) => id !== contactId && status === 'ACTIVE');
  const strangers = others.filter(({ createdByApp }) => createdByApp === undefined);
  const among = strangers.length > 0 && random.chance(0.7) ? strangers : others;
  return among.length === 0 ? null : random.pick(among).id;
}

async function relinkLearner(desk: Desk, random: Random): Promise<void> {
  if (desk.learnerIds.length === 0) return;
  const learnerId = random.pick(desk.learnerIds);
  const { link } = await desk.call(api.learnerSync, { params: { learnerId } });
  const contactId = link?.contactId && otherContact(desk, random, link.contactId);
  if (!link?.contactId || !contactId) return;
  const replaceCode = random.chance(0.5);
  await callRelink(desk, { learnerId, contactId, replaceCode });
  desk.relinked.push({ learnerId, formerId: link.contactId });
}

async function callRelink(
  desk: Desk,
  { learnerId, ...to }: Pick<Desk['relinked'][number], 'learnerId'> & Relinking,
): Promise<void> {
  const body = { xeroOrgId: desk.xeroOrgId as XeroOrgId, ...to };
  await desk.call(api.relinkLearner, { params: { learnerId }, body });
  desk.note(`${learnerId} to ${to.contactId}`);
}

interface Relinking {
  contactId: string;
  replaceCode: boolean;
}

async function relinkWorkplace(desk: Desk, random: Random): Promise<void> {
  if (desk.workplaceIds.length === 0) return;
  const params = { workplaceId: random.pick(desk.workplaceIds) };
  const { link } = await desk.call(api.workplaceSync, { params });
  const contactId = link?.contactId && otherContact(desk, random, link.contactId);
  if (!contactId) return;
  const body = { xeroOrgId: desk.xeroOrgId as XeroOrgId, contactId };
  await desk.call(api.relinkWorkplace, { params, body });
}

/** It was a mistake: back to the contact from before. */
async function undoRelinking(desk: Desk, random: Random): Promise<void> {
  if (desk.relinked.length === 0) return;
  const { learnerId, formerId } = random.pick(desk.relinked);
  await callRelink(desk, { learnerId, contactId: formerId, replaceCode: false });
}

/** Somebody doubts what the page says. */
async function lookInXero(desk: Desk, random: Random): Promise<void> {
  if (desk.learnerIds.length === 0) return;
  const learnerId = random.pick(desk.learnerIds);
  await desk.call(api.lookForLearner, { params: { learnerId } });
}

async function missPaper(desk: Desk, random: Random): Promise<void> {
  const invoices = desk.keeper.books.invoices.all().filter(({ number }) => number !== '');
  if (invoices.length === 0) return;
  await desk.call(api.findPaper, { body: { number: random.pick(invoices).number } });
}
