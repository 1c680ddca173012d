import type { Books } from '../accounting/books.ts';
import { html } from '../core/html.ts';
import type { Registry } from '../identity/registry.ts';
import { fullName } from '../identity/registry.ts';
import { buttonForm, deskPage, type Notice, orgPath } from './layout.ts';

/** The apps connected to an organisation, each to be disconnected from this side. */
export function connectedAppsPage(books: Books, registry: Registry, notice: Notice): string {
  const organisation = books.organisation();
  const rows = registry.connections.find('org', organisation.id).map((connection) => {
    const user = registry.users.get(connection.userId);
    const path = `${orgPath(organisation)}/connected-apps/${connection.id}/disconnect`;
    return html`<tr><td>${registry.apps.get(connection.appId)?.name ?? connection.appId}</td>
<td>${user && fullName(user)}</td><td>${new Date(connection.updatedAtMs).toISOString().slice(0, 16).replace('T', ' ')} UTC</td>
<td>${buttonForm(path, 'Disconnect', true)}</td></tr>`;
  });
  return deskPage(
    'Connected apps',
    [[organisation.name, orgPath(organisation)]],
    notice,
    rows.length === 0
      ? html`<p class="soft">No app is connected.</p>`
      : html`<table><thead><tr><th>App</th><th>Connected by</th><th>Since</th><th>Act</th></tr></thead><tbody>${rows}</tbody></table>`,
  );
}
