import { decideMatches } from '../../src/sync/matching/decide-match.ts';
import { inventPeople } from './people.ts';

/** The goal: so many learners against so many contacts within ten seconds of our own time. */
const LEARNERS = 10_000;
const CONTACTS = 20_000;
const GOAL_MS = 10_000;
const RUNS = 5;

const { learners, contacts } = inventPeople({ learners: LEARNERS, contacts: CONTACTS });
const times: number[] = [];
/** What the processor was busy with it, whatever else the machine does. */
const busy: number[] = [];
let groups = { safe: 0, decide: 0, create: 0 };
for (let run = 0; run < RUNS; run += 1) {
  const began = process.hrtime.bigint();
  const cpu = process.cpuUsage();
  const proposals = decideMatches(learners, contacts, new Set());
  times.push(Number(process.hrtime.bigint() - began) / 1e6);
  const { user, system } = process.cpuUsage(cpu);
  busy.push((user + system) / 1e3);
  groups = { safe: 0, decide: 0, create: 0 };
  for (const { group } of proposals.values()) groups[group] += 1;
}
const slowest = Math.max(...times);

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

process.stdout.write(
  [
    `${LEARNERS} learners against ${CONTACTS} contacts, ${RUNS} runs`,
    `  proposals  safe ${groups.safe} · to decide ${groups.decide} · create ${groups.create}`,
    `  median     ${median(times).toFixed(0)} ms, of which busy ${median(busy).toFixed(0)} ms`,
    `  slowest    ${slowest.toFixed(0)} ms`,
    `  goal       ${GOAL_MS} ms; the slowest takes ${((slowest / GOAL_MS) * 100).toFixed(1)} % of it`,
    '',
  ].join('\n'),
);
