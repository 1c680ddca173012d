import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { launchBrowser } from './browser.ts';

it('has a browser that runs a page, its script and its fonts', async () => {
  const page = '<title>x</title><button onclick="document.title=`ärger 木`">Press</button>';
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8').end(page);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const browser = await launchBrowser();
  try {
    const tab = await browser.newPage();
    await tab.goto(`http://127.0.0.1:${port}/`);
    await tab.getByRole('button', { name: 'Press' }).click();
    expect(await tab.title()).toBe('ärger 木');
    const width = await tab
      .getByRole('button')
      .evaluate((one) => one.getBoundingClientRect().width);
    expect(width).toBeGreaterThan(20);
  } finally {
    await browser.close();
    server.close();
  }
});
