import { SecondFactorPolicy } from '#contract/sign-in';
import { ownScope } from '#platform/scope';
import { type Command, chosenProvider, needed, UsageError } from './command.ts';

const provider = { value: 'ID', isNeeded: false, help: 'id or name; not needed when there is one' };

const setProvider: Command = {
  name: 'provider set',
  summary: 'Set whether a provider’s Owners and Admins must have a second factor',
  options: {
    'second-factor': {
      value: 'POLICY',
      isNeeded: true,
      help: SecondFactorPolicy.options.join(' or '),
    },
    provider,
  },
  async run(context, given) {
    const wanted = needed(given, 'second-factor');
    const policy = SecondFactorPolicy.safeParse(wanted).data;
    if (!policy)
      throw new UsageError(`The second factor is required or optional, not “${wanted}”.`);
    const { id, name } = await chosenProvider(context, given);
    await context.providers.setSecondFactorPolicy(ownScope(id), policy);
    return {
      data: { providerId: id, secondFactor: policy },
      words: [`A second factor is ${policy} for Owners and Admins of ${name}.`],
    };
  },
};

const resetSecondFactor: Command = {
  name: 'person reset-second-factor',
  summary: 'Take away someone’s authenticator app and passkeys, once you know it is them who ask',
  options: { email: { value: 'ADDRESS', isNeeded: true, help: 'they sign in with it' } },
  async run(context, given) {
    const email = needed(given, 'email').toLowerCase();
    const isKnown = await context.providers.resetSecondFactor(email);
    if (!isKnown) throw new UsageError(`There is no person “${email}” here.`);
    return {
      data: { email },
      words: [`${email} signs in by password alone now; every session of theirs has ended.`],
    };
  },
};

export const signInCommands: Command[] = [setProvider, resetSecondFactor];
