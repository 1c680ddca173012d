import { Agent, get } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';

/** Asks one address as fast as it is answered, in a thread of its own, and reports how often. */
export interface LoadTask {
  readonly url: string;
  readonly headers: Record<string, string>;
}

/** What came of one round. */
export interface LoadResult {
  readonly requestsPerSecond: number;
  readonly requests: number;
}

const MEASURE_MS = 2_000;
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

async function ask(): Promise<LoadResult> {
  const started = performance.now();
  let requests = 0;
  const worker = async () => {
    while (performance.now() < started + MEASURE_MS) {
      await fetchOnce();
      requests++;
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  return { requests, requestsPerSecond: (requests * 1000) / (performance.now() - started) };
}

const result = await ask();
parentPort?.postMessage(result);
agent.destroy();
