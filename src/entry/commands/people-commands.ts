import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { ROLES, Role, roleNames } from '#contract/permissions';
import { ApiKeyName } from '#contract/providers';
import { Name } from '#contract/text';
import { ownScope } from '#platform/scope';
import { type AddedPerson, PRODUCTS, type Product } from '#providers/index';
import type { Context } from '../context.ts';
import {
  type Command,
  chosenProvider,
  everyProvider,
  type Given,
  needed,
  neededAs,
  sameName,
  UsageError,
} from './command.ts';

const provider = { value: 'ID', isNeeded: false, help: 'id or name; not needed when there is one' };
const role = { value: 'ROLE', isNeeded: true, help: ROLES.join(', ') };

const createProvider: Command = {
  name: 'provider create',
  summary: 'Make a training provider; one of the same name and country is left as it is',
  options: {
    name: { value: 'NAME', isNeeded: true, help: 'its name' },
    country: { value: 'CODE', isNeeded: true, help: 'two letters, such as AU' },
    'time-zone': { value: 'ZONE', isNeeded: false, help: 'such as Australia/Perth' },
  },
  async run(context, given) {
    const name = neededAs(given, 'name', Name);
    const country = needed(given, 'country').toUpperCase();
    const same = await sameProvider(context, name, country);
    const timeZone = given.options['time-zone'];
    const made = same ?? (await context.providers.create({ name, country, timeZone }));
    return {
      data: { provider: made, isNew: !same },
      words: [
        `${same ? 'Here already' : 'Made'}: ${made.name}, ${made.country}. Its id is ${made.id}`,
      ],
    };
  },
};

async function sameProvider(context: Context, name: string, country: string) {
  for await (const one of everyProvider(context)) {
    if (sameName(one.name, name) && one.country === country) return one;
  }
  return null;
}

const createPerson: Command = {
  name: 'person create',
  summary: 'Add a person to a provider; an e-mail that is known here needs --existing',
  options: {
    email: { value: 'ADDRESS', isNeeded: true, help: 'they sign in with it' },
    name: { value: 'NAME', isNeeded: true, help: 'first and last name' },
    role,
    provider,
    password: { value: 'TEXT', isNeeded: false, help: 'made and shown once if left out' },
    existing: {
      value: null,
      isNeeded: false,
      help: 'the account that has this e-mail already is theirs: it keeps name and password',
    },
  },
  async run(context, given) {
    const email = needed(given, 'email').toLowerCase();
    if (!z.email().safeParse(email).success) {
      throw new UsageError(`“${email}” is not an e-mail address.`);
    }
    const name = neededAs(given, 'name', Name);
    const wish = { email, name, role: roleOf(given), password: given.options.password };
    const { id, name: providerName } = await chosenProvider(context, given);
    const password = wish.password ?? makePassword();
    const mustBeNew = given.options.existing === undefined;
    const added = await context.providers.addPerson(ownScope(id), { ...wish, password, mustBeNew });
    const isShown = added.hasNewPassword && wish.password === undefined;
    return {
      data: { ...added, email, providerId: id, ...(isShown ? { password } : {}) },
      words: [
        added.isNewMember
          ? `${added.name} is now ${roleNames[wish.role]} at ${providerName}${keptBy(added)}.`
          : `${email} belongs to ${providerName} already; name and role stay as they were.`,
        ...(added.isNewMember && !added.isEmailShown
          ? [
              `Nobody has shown that ${email} is theirs: until they choose a new password by a mailed link, whoever made the account comes in.`,
            ]
          : []),
        ...(isShown ? [`Password, shown only now: ${password}`] : []),
      ],
    };
  },
};

const createApiKey: Command = {
  name: 'api-key create',
  summary: 'Make an API key; it is shown only once',
  options: {
    role,
    provider,
    name: { value: 'NAME', isNeeded: false, help: 'what it is for' },
  },
  async run(context, given) {
    const isNamed = Boolean(given.options.name?.trim());
    const keyName = isNamed ? neededAs(given, 'name', ApiKeyName) : 'Command line';
    const wish = { role: roleOf(given), name: keyName };
    const { id, name } = await chosenProvider(context, given);
    const { apiKey, key } = await context.providers.createApiKey(ownScope(id), wish);
    return {
      data: { apiKey, key, providerId: id },
      words: [`API key for ${name} with the role ${roleNames[wish.role]}, shown only now:`, key],
    };
  },
};

function licenceCommand(verb: 'grant' | 'withdraw', summary: string): Command {
  return {
    name: `licence ${verb}`,
    summary,
    options: {
      product: { value: 'PRODUCT', isNeeded: true, help: PRODUCTS.join(', ') },
      provider,
    },
    async run(context, given) {
      const product = oneOf(PRODUCTS, needed(given, 'product'), 'product') as Product;
      const { id, name } = await chosenProvider(context, given);
      const { grantLicence, withdrawLicence } = context.providers;
      await (verb === 'grant' ? grantLicence : withdrawLicence)(ownScope(id), product);
      const isLicensed = verb === 'grant';
      return {
        data: { providerId: id, product, isLicensed },
        words: [
          `The package of ${name} ${isLicensed ? 'includes' : 'no longer includes'} ${product}.`,
        ],
      };
    },
  };
}

export const peopleCommands: Command[] = [
  createProvider,
  createPerson,
  createApiKey,
  licenceCommand('grant', 'Add a product to a provider’s package'),
  licenceCommand('withdraw', 'Take a product out of a provider’s package'),
];

function keptBy({ isNewPerson, hasNewPassword }: AddedPerson): string {
  if (isNewPerson) return '';
  return hasNewPassword
    ? ', and keeps name and every other way in'
    : ', and keeps name, password and every other way in';
}

function roleOf(given: Given): Role {
  return Role.parse(oneOf(ROLES, needed(given, 'role').toLowerCase(), 'role'));
}

function oneOf(allowed: readonly string[], value: string, what: string): string {
  if (allowed.includes(value)) return value;
  throw new UsageError(`The ${what} is one of ${allowed.join(', ')}, not “${value}”.`);
}

const PASSWORD_ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const PASSWORD_GROUPS = 4;
const PASSWORD_GROUP_LENGTH = 5;

/** Twenty characters (99 bits) in groups, without those that are easily mistaken for each other. */
function makePassword(): string {
  const letter = () => PASSWORD_ALPHABET[randomInt(PASSWORD_ALPHABET.length)];
  const group = () => Array.from({ length: PASSWORD_GROUP_LENGTH }, letter).join('');
  return Array.from({ length: PASSWORD_GROUPS }, group).join('-');
}
