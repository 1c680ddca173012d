import type { Store } from '../core/store.ts';
import type { World } from '../core/world.ts';
import { allowConsent, denyConsent, openConsent, signIn } from '../identity/consent.ts';
import type { Connection, ConsentRequest, Membership, Role, XeroUser } from '../identity/model.ts';
import { organisationChoices } from '../identity/registry.ts';
import { isIdentityOnly } from '../identity/scopes.ts';
import { addOrganisation } from '../seeds/identity.ts';
import { ActRefused } from './bookkeeper.ts';

/** What a person does on the consent pages, in one go. */
export interface ConsentAnswer {
  /** Id or e-mail. */
  readonly user: string;
  /** Organisation ids; the first possible one when absent, `'all'` for every possible one. */
  readonly organisations?: readonly string[] | 'all';
  readonly decision?: 'allow' | 'cancel';
}

/** Users, their roles and the apps connected to their organisations. */
export class People {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  users(): readonly XeroUser[] {
    return this.#world.registry.users.all();
  }

  /** By id or e-mail. @throws ActRefused when there is none. */
  user(key: string): XeroUser {
    const found = this.users().find((user) => user.id === key || user.email === key);
    if (!found) throw new ActRefused(`There is no user ${key}`);
    return found;
  }

  addUser(fields: Omit<XeroUser, 'id'>): XeroUser {
    const user = { id: this.#world.ids.uuid(), ...fields };
    this.#world.registry.users.put(user);
    this.#world.store.commit();
    return user;
  }

  /** Makes an organisation with its country's chart of accounts, without papers. */
  addOrganisation(name: string, countryCode: 'AU' | 'NZ' | 'GB'): string {
    const ground = {
      AU: { baseCurrency: 'AUD', timezone: 'AUSEASTERNSTANDARDTIME' },
      NZ: { baseCurrency: 'NZD', timezone: 'NEWZEALANDSTANDARDTIME' },
      GB: { baseCurrency: 'GBP', timezone: 'GMTSTANDARDTIME' },
    }[countryCode];
    const id = this.#world.ids.uuid();
    addOrganisation(this.#world, {
      id,
      name,
      countryCode,
      ...ground,
      taxNumber: '',
      shortCode: `!${id.slice(0, 5)}`,
      financialYearEnd: { day: 30, month: 6 },
    });
    this.#world.store.commit();
    return id;
  }

  /** Gives a user a role in an organisation. READONLY and INVOICEONLY lose access for their apps. */
  setRole(userKey: string, orgId: string, role: Role): Membership {
    const userId = this.user(userKey).id;
    const membership = { id: `${userId}:${orgId}`, userId, orgId, role };
    this.#world.registry.memberships.put(membership);
    this.#world.store.commit();
    return membership;
  }

  /** The user stays but may no longer do what apps need: their calls answer 403. */
  demoteUser(userKey: string, orgId: string): Membership {
    return this.setRole(userKey, orgId, 'READONLY');
  }

  /** Takes a user out of an organisation. */
  removeUser(userKey: string, orgId: string): void {
    this.#world.registry.memberships.remove(`${this.user(userKey).id}:${orgId}`);
    this.#world.store.commit();
  }

  /** The apps connected to an organisation, one row a user. */
  connections(orgId?: string): readonly Connection[] {
    const { connections } = this.#world.registry;
    return orgId === undefined ? connections.all() : connections.find('org', orgId);
  }

  /** Disconnects an app from Xero's side; it learns of it from its next call. Gives how many. */
  disconnect(orgId: string, appId?: string): number {
    const gone = this.connections(orgId).filter(
      (one) => appId === undefined || one.appId === appId,
    );
    for (const connection of gone) this.#world.registry.connections.remove(connection.id);
    this.#world.store.commit();
    return gone.length;
  }

  /**
   * Walks an authorize address to its end without a browser.
   * @returns the address the browser would be sent back to.
   * @throws ActRefused when the address is wrong or the choice is not possible.
   */
  consent(authorizeUrl: string, answer: ConsentAnswer): string {
    const { registry, store } = this.#world;
    if (!URL.canParse(authorizeUrl, 'http://localhost'))
      throw new ActRefused('url must be an authorize address');
    const query = Object.fromEntries(new URL(authorizeUrl, 'http://localhost').searchParams);
    const outcome = openConsent(registry, query);
    if (outcome.kind === 'broken') throw new ActRefused(outcome.message);
    if (outcome.kind === 'redirect') return outcome.to;
    const user = this.user(answer.user);
    const request = signIn(registry, outcome.request, user.id);
    const to =
      answer.decision === 'cancel'
        ? denyConsent(registry, request)
        : refusable(store, () =>
            allowConsent(this.#world, request, user.id, this.#chosen(request, user.id, answer)),
          );
    store.commit();
    return to;
  }

  #chosen(request: ConsentRequest, userId: string, answer: ConsentAnswer): readonly string[] {
    if (isIdentityOnly(request.scopes)) return [];
    if (Array.isArray(answer.organisations)) return answer.organisations;
    const app = this.#world.registry.apps.get(request.appId);
    const possible = app
      ? organisationChoices(this.#world.registry, app, userId).filter(({ refusal }) => !refusal)
      : [];
    const ids = possible.map(({ organisation }) => organisation.id);
    return answer.organisations === 'all' ? ids : ids.slice(0, 1);
  }
}

/** The act happens whole or not at all; why not is said in its own words. */
function refusable<T>(store: Store, act: () => T): T {
  try {
    return store.transaction(act);
  } catch (error) {
    throw new ActRefused(error instanceof Error ? error.message : 'Refused');
  }
}
