import type { Books } from '../accounting/books.ts';
import { html } from '../core/html.ts';
import { deskPage, field, type Notice, orgPath } from './layout.ts';

/** The organisation's name and the days up to which its books are closed. */
export function settingsPage(books: Books, notice: Notice): string {
  const organisation = books.organisation();
  const path = orgPath(organisation);
  return deskPage(
    'Settings',
    [[organisation.name, path]],
    notice,
    html`<h2>Name</h2><form method="post" action="${path}/rename" class="row">
${field('Organisation name', 'name', html`required maxlength="255" value="${organisation.name}"`)}
<button>Rename</button></form>
<h2>Lock dates</h2><p class="soft">Papers up to and on these days cannot be approved, paid or voided. Empty opens the books again.</p>
<form method="post" action="${path}/lock-dates" class="row">
${field('Period lock date', 'period', html`type="date" value="${organisation.periodLockDay}"`)}
${field('End of year lock date', 'endOfYear', html`type="date" value="${organisation.endOfYearLockDay}"`)}
<button>Save lock dates</button></form>`,
  );
}
