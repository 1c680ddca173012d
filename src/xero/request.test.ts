import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { AnswerLostError, NothingSentError, sendByFetch } from './request.ts';

let server: Server | undefined;

async function listen(answer: RequestListener): Promise<string> {
  const opened = createServer(answer);
  server = opened;
  await new Promise<void>((resolve) => {
    opened.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(opened.address() as AddressInfo).port}/`;
}

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

function ask(url: string, deadlineMs?: number) {
  return sendByFetch({ method: 'POST', url, headers: { 'x-here': '1' }, body: 'ü' }, deadlineMs);
}

it('gives every status as an answer, with its headers, text and bytes', async () => {
  const url = await listen((request, response) => {
    response.writeHead(503, { 'content-type': 'text/plain', 'x-back': request.headers['x-here'] });
    request.pipe(response);
  });
  const answer = await ask(url);
  expect(answer).toMatchObject({ status: 503, text: 'ü', bytes: 2 });
  expect(answer.headers.get('x-back')).toBe('1');
});

it('follows no redirect', async () => {
  const url = await listen((_, response) => {
    response.writeHead(302, { location: 'https://elsewhere.example/' }).end();
  });
  expect((await ask(url)).status).toBe(302);
});

it('knows that nothing was sent when nobody listens', async () => {
  const url = await listen(() => {});
  await new Promise((resolve) => server?.close(resolve));
  await expect(ask(url)).rejects.toBeInstanceOf(NothingSentError);
  await expect(ask('http://no-such-host.invalid/')).rejects.toBeInstanceOf(NothingSentError);
});

it('knows that the answer was lost when the line breaks, before or within it', async () => {
  const broken = await listen((request) => {
    request.on('end', () => request.socket.destroy()).resume();
  });
  await expect(ask(broken)).rejects.toBeInstanceOf(AnswerLostError);
  server?.close();
  const cut = await listen((_, response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('half', () => response.destroy());
  });
  await expect(ask(cut)).rejects.toMatchObject({ name: 'AnswerLostError', isTooMuch: false });
});

it('gives up at the deadline', async () => {
  const url = await listen(() => {});
  await expect(ask(url, 50)).rejects.toThrow(/deadline/);
  await expect(ask(url, 50)).rejects.toMatchObject({ isTooMuch: true });
});

it('reads no answer without end', async () => {
  const megabyte = Buffer.alloc(1024 * 1024);
  const url = await listen((_, response) => {
    const more = () => {
      while (!response.destroyed && response.write(megabyte));
    };
    response.on('drain', more);
    more();
  });
  await expect(ask(url)).rejects.toMatchObject({ name: 'AnswerLostError', isTooMuch: true });
});
