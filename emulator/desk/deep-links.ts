import type { FastifyInstance } from 'fastify';
import { asTexts } from '../core/form.ts';
import type { World } from '../core/world.ts';
import { orgPath } from './layout.ts';

const CONTACT_LINK = /^\/Contacts\/View\/([0-9a-f-]{36})$/i;

/**
 * Links into Xero's own pages, as apps write them: an organisation by its short code and a page
 * to go on to. Here they lead to the desk: to the contact if one is named, else to the organisation.
 */
export function deepLinks(server: FastifyInstance, world: World): void {
  server.get('/organisationlogin/default.aspx', (request, reply) => {
    const query = asTexts(request.query);
    const organisation = world.registry.organisations
      .all()
      .find(({ shortCode }) => shortCode === query.shortcode);
    if (!organisation) return reply.redirect('/desk', 302);
    const contactId = CONTACT_LINK.exec(query.redirecturl ?? '')?.[1]?.toLowerCase();
    const page = contactId ? `/contacts/${contactId}` : '';
    return reply.redirect(`${orgPath(organisation)}${page}`, 302);
  });
}
