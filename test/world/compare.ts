import type { AgreementWay } from '#contract/agreement';
import { api } from '#contract/api';
import { MINUTE_MS } from '#platform/clock';
import type { ConnectedWorld } from './connected.ts';

/** Where the only connected organisation stands with agreement. */
export async function stand(world: ConnectedWorld) {
  const { agreements } = await world.owner.call(api.listAgreements);
  const [one] = agreements;
  if (!one) throw new Error('No organisation is listed');
  return one;
}

/** A minute's calls may be used up, so that the rest of a comparison comes in a later one. */
const MINUTES_MAX = 10;

/** Compares both sides and waits for the end; answers with the check and what differed. */
export async function compare(world: ConnectedWorld, way: AgreementWay) {
  const { xeroOrgId } = await stand(world);
  const { id } = await world.owner.call(api.checkAgreement, { body: { xeroOrgId, way } });
  const found = () => world.owner.call(api.getAgreementCheck, { params: { checkId: id } });
  await world.settle();
  for (let minutes = 0; minutes < MINUTES_MAX; minutes += 2) {
    if ((await found()).check.finishedAt !== null) break;
    await world.pass(2 * MINUTE_MS);
  }
  return found();
}
