import { ORGANISATION_IDS } from '../seeds/identity.ts';
import { createEmulator } from '../server.ts';
import { apiClient, obtainTokens } from '../testing.ts';

/** Lays so many invoices into one organisation and says what they take. Run by bench.ts. */
const invoices = Number(process.argv[2] ?? 100_000);
const contacts = Math.min(100_000, Math.ceil(invoices / 10));
const started = performance.now();
const emulator = await createEmulator({ seed: { contacts, invoices, isFirstOnly: true } });
const { books } = emulator.control.bookkeeper();
const seconds = (performance.now() - started) / 1000;
globalThis.gc?.();
const megabytes = (bytes: number) => (bytes / 1024 / 1024).toFixed(0);
const { heapUsed, rss } = process.memoryUsage();
console.log(
  `${books.invoices.size} invoices, ${books.payments.size} payments, ${books.contacts.size} contacts laid in ${seconds.toFixed(1)} s`,
);
console.log(`heap ${megabytes(heapUsed)} MB, resident ${megabytes(rss)} MB`);
const { access_token } = await obtainTokens(emulator);
const api = apiClient(emulator, access_token, ORGANISATION_IDS.au);
for (const path of [
  '/Invoices?page=5000',
  '/Invoices?page=1&where=Status=="DRAFT"',
  '/Invoices?page=1&order=UpdatedDateUTC DESC',
  '/Contacts?page=1',
]) {
  const before = performance.now();
  const { status } = await api('GET', encodeURI(path));
  console.log(`GET ${path}: ${status} in ${(performance.now() - before).toFixed(0)} ms`);
}
await emulator.close();
