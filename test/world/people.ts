import type { PersonId, ProviderId } from '#contract/ids';
import type { Role } from '#contract/permissions';
import type { SecondFactorPolicy } from '#contract/sign-in';
import type { Context } from '#entry/context';
import { ownScope } from '#platform/scope';
import { type Client, createClient } from './client.ts';

export const PASSWORD = 'a quiet harbour';

/** A person of a provider with a browser of their own, signed in. */
export interface SignedIn extends Client {
  readonly personId: PersonId;
  readonly email: string;
  readonly name: string;
}

/** One provider and whoever works there; people are made when first asked for. */
export interface Cast {
  readonly providerId: ProviderId;
  owner(): Promise<SignedIn>;
  admin(): Promise<SignedIn>;
  finance(): Promise<SignedIn>;
  staff(): Promise<SignedIn>;
  /** A caller with an API key of the given role. */
  apiClient(role: Role): Promise<Client>;
}

const names: Record<Role, string> = {
  owner: 'Odile Marchand',
  admin: 'Arjun Mehta',
  finance: 'Freya Lind',
  staff: 'Sione Vaka',
};

/** Makes a provider with nobody in it yet; `label` keeps the e-mails of several casts apart. */
export async function createCast(
  context: Context,
  origin: string,
  provider: {
    name: string;
    country: string;
    label: string;
    /** Optional unless said, so that a story's people may act at once. */
    secondFactor?: SecondFactorPolicy;
  },
): Promise<Cast> {
  const { id: providerId } = await context.providers.create({
    secondFactor: 'optional',
    ...provider,
  });
  const scope = ownScope(providerId);
  const known = new Map<Role, Promise<SignedIn>>();

  async function make(role: Role): Promise<SignedIn> {
    const email = `${role}@${provider.label}.example`;
    const name = names[role];
    const wish = { email, name, role, password: PASSWORD };
    const { personId } = await context.providers.addPerson(scope, wish);
    const client = createClient(origin, { provider: providerId });
    await client.signIn(email, PASSWORD);
    return { ...client, personId, email, name };
  }

  function as(role: Role): Promise<SignedIn> {
    const present = known.get(role) ?? make(role);
    known.set(role, present);
    return present;
  }

  return {
    providerId,
    owner: () => as('owner'),
    admin: () => as('admin'),
    finance: () => as('finance'),
    staff: () => as('staff'),
    async apiClient(role) {
      const { key } = await context.providers.createApiKey(scope, { name: `${role} key`, role });
      return createClient(origin, { key });
    },
  };
}
