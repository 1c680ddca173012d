import { Agent, get } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';

/** Asks one address as fast as it is answered, in a thread of its own, and reports the rate. */
export interface LoadTask {
  readonly url: string;
  readonly headers: Record<string, string>;
}

const WARM_UP_MS = 2_000;
const MEASURE_MS = 6_000;
const PARALLEL = 4;

const { url, headers } = workerData as LoadTask;
const agent = new Agent({ keepAlive: true, maxSockets: PARALLEL });

function fetchOnce(): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`status ${response.statusCode}`));
      response.resume().once('end', resolve);
    }).once('error', reject);
  });
}

async function rateOver(forMs: number): Promise<number> {
  const until = performance.now() + forMs;
  let count = 0;
  const worker = async () => {
    while (performance.now() < until) {
      await fetchOnce();
      count++;
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  return (count * 1000) / forMs;
}

await rateOver(WARM_UP_MS);
parentPort?.postMessage(await rateOver(MEASURE_MS));
agent.destroy();
