import { decideMatches } from '../../src/sync/matching/decide-match.ts';
import { inventPeople } from './people.ts';

/** The goal: so many learners against so many contacts within ten seconds of our own time. */
const LEARNERS = 10_000;
const CONTACTS = 20_000;
const GOAL_MS = 10_000;
const RUNS = 5;

const { learners, contacts } = inventPeople({ learners: LEARNERS, contacts: CONTACTS });
const times: number[] = [];
let groups = { safe: 0, decide: 0, create: 0 };
for (let run = 0; run < RUNS; run += 1) {
  const began = process.hrtime.bigint();
  const proposals = decideMatches(learners, contacts, new Set());
  times.push(Number(process.hrtime.bigint() - began) / 1e6);
  groups = { safe: 0, decide: 0, create: 0 };
  for (const { group } of proposals.values()) groups[group] += 1;
}
times.sort((a, b) => a - b);
const median = times[Math.floor(RUNS / 2)] ?? 0;
const slowest = times.at(-1) ?? 0;

process.stdout.write(
  [
    `${LEARNERS} learners against ${CONTACTS} contacts, ${RUNS} runs`,
    `  proposals  safe ${groups.safe} · to decide ${groups.decide} · create ${groups.create}`,
    `  median     ${median.toFixed(0)} ms`,
    `  slowest    ${slowest.toFixed(0)} ms`,
    `  goal       ${GOAL_MS} ms; the slowest takes ${((slowest / GOAL_MS) * 100).toFixed(1)} % of it`,
    '',
  ].join('\n'),
);
