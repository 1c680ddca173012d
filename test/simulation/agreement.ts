import { linkOf, oneContact, orphans } from './agreement-links.ts';
import { owedOf, papersByContact, papersOfNobody, samePapers } from './agreement-papers.ts';
import type { Count, Finding, Row, Sides } from './sides.ts';

export type { Finding, Sides } from './sides.ts';

/** What does not hold between Bursar and the books, in words; nothing when all does. */
export function findingsOf(sides: Sides, count: Count = () => {}): Finding[] {
  const papers = papersByContact(sides.books);
  return [
    ...[...sides.learners, ...sides.workplaces].flatMap((party) => [
      ...oneContact(sides, party),
      ...linkOf(sides, party, count),
      ...owedOf(sides, party, papers, count),
    ]),
    ...orphans(sides),
    ...samePapers(sides, papers, count),
    ...papersOfNobody(sides),
    ...quiet(sides),
    ...runsOf(sides, count),
  ];
}

/** I9: what is due is done, wherever nothing is said to stand in the way. */
export function dueOf({
  name,
  lanes,
  links,
  notices,
  matchings = [],
  now,
}: Pick<Sides, 'name' | 'lanes' | 'links' | 'notices' | 'matchings' | 'now'>): Finding[] {
  const isFree = lanes.every(
    ({ state, paused_until: until }) =>
      state === 'running' && !(until instanceof Date && until > now),
  );
  if (!isFree) return [];
  const isReviewed = matchings.some(isOpen);
  // What failed again and again is tried ever more seldom.
  const isAside = lanes.some(({ set_aside: aside }) => {
    const { push } = aside as { push?: { until: string } };
    return push !== undefined && new Date(push.until) > now;
  });
  const pushes = links.filter(
    (link) =>
      link.standing === 'waiting' &&
      (link.next_attempt_at as Date) <= now &&
      (!link.match_due || link.contact_id !== null),
  );
  // Before somebody has said who is whom nothing is sent, and papers are nobody's.
  const due = isReviewed || isAside ? [] : pushes;
  const told = notices.filter(({ kind }) => kind === 'contact' || !isReviewed);
  const what = `${name}: ${due.length} pushes and ${told.length} notices are due and rest`;
  return due.length + told.length === 0 ? [] : [{ invariant: 'I9', what }];
}

/** Who is whom is being proposed, or waits for a person's yes. */
function isOpen({ state }: Row): boolean {
  return state === 'proposing' || state === 'open';
}

/** I9: nothing waits, nobody holds the lane. */
function quiet({ name, lanes, laneCalls, notices, matchings = [], now }: Sides): Finding[] {
  const found: string[] = [];
  if (laneCalls.length > 0) found.push(`${laneCalls.length} calls of the lane are not taken up`);
  if (matchings.some(isOpen)) found.push('who is whom waits for a yes that was given');
  if (notices.length > 0) found.push(`${notices.length} notices wait`);
  for (const lane of lanes) {
    const { paused_until: pausedUntil } = lane;
    if (pausedUntil instanceof Date && pausedUntil > now)
      found.push(`paused: ${lane.pause_reason}`);
    if (lane.state !== 'running') found.push(`the lane is ${lane.state} (${lane.stop_reason})`);
  }
  return found.map((what) => ({ invariant: 'I9', what: `${name}: ${what}` }));
}

/** I10: a run ends, and whichever way it does, it knows what became of each of its rows. */
function runsOf({ runs, runItems }: Sides, count: Count): Finding[] {
  const over = new Map(
    runs.filter(({ state }) => OVER.has(String(state))).map(({ id, state }) => [id, state]),
  );
  const open = runs.filter(({ id, state }) => !over.has(id) && state !== 'paused');
  const told = runItems.filter((item) => over.has(item.run_id));
  for (const item of told) count(`rows of runs that are ${over.get(item.run_id)}`);
  return [
    ...open.map((run) => `a run (${run.kind}) is still ${run.state}`),
    ...told
      .filter(({ outcome }) => outcome === null)
      .map((item) => `${item.label} of a run that is ${over.get(item.run_id)} has no outcome`),
  ].map((what) => ({ invariant: 'I10', what }));
}

const OVER = new Set(['finished', 'failed', 'cancelled']);
