import { writeFileSync } from 'node:fs';
import { loadDescription } from './description.ts';
import { coveragePage } from './page.ts';

const PAGE = new URL('../../docs/emulator-coverage.md', import.meta.url);

const description = loadDescription();
if (!description) {
  console.error('The official description is not at hand, so the page cannot be written.');
  process.exit(1);
}
writeFileSync(PAGE, coveragePage(description));
