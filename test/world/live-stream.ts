import { LIVE_PATH, LiveMessage } from '#contract/live';
import type { Client } from './client.ts';

const PATIENCE_MS = 10_000;

/** An open page's ear: what it hears, in order. */
export interface LiveStream {
  readonly heard: readonly LiveMessage[];
  /** Waits until a message of this kind was heard. @throws Error after ten seconds */
  until(isIt: (message: LiveMessage) => boolean): Promise<LiveMessage>;
  /** Resolves when the server ends the stream. */
  readonly ended: Promise<void>;
  close(): void;
}

/** Opens the caller's stream. @throws Error when it is refused */
export async function openLive(client: Client, query = ''): Promise<LiveStream> {
  const abort = new AbortController();
  const answer = await client.fetch(`${LIVE_PATH}${query}`, { signal: abort.signal });
  if (!answer.ok || !answer.body) throw new Error(`live was refused: ${answer.status}`);
  const heard: LiveMessage[] = [];
  const waiting = new Set<() => void>();

  async function listen(body: ReadableStream<Uint8Array>): Promise<void> {
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of body) {
      const parts = `${rest}${decoder.decode(chunk, { stream: true })}`.split('\n\n');
      rest = parts.pop() ?? '';
      for (const part of parts) {
        if (!part.startsWith('data: ')) continue;
        heard.push(LiveMessage.parse(JSON.parse(part.slice('data: '.length))));
        for (const look of waiting) look();
      }
    }
  }
  const ended = listen(answer.body).catch(() => undefined);

  return {
    heard,
    ended,
    close: () => abort.abort(),
    until: (isIt) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`Not heard; only ${JSON.stringify(heard)}`));
        }, PATIENCE_MS);
        function look() {
          const message = heard.find(isIt);
          if (!message) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(message);
        }
        waiting.add(look);
        look();
      }),
  };
}
