import { ColleagueLinks } from '#contract/connect-invitations';
import { SecondFactorPolicy } from '#contract/sign-in';
import { ownScope } from '#platform/scope';
import { type Command, chosenProvider, type Given, needed, UsageError } from './command.ts';

const provider = { value: 'ID', isNeeded: false, help: 'id or name; not needed when there is one' };

const setProvider: Command = {
  name: 'provider set',
  summary: 'Set a provider’s policies: second factor, who may use links for colleagues',
  options: {
    'second-factor': {
      value: 'POLICY',
      isNeeded: false,
      help: `for Owners and Admins: ${SecondFactorPolicy.options.join(' or ')}`,
    },
    'colleague-links': {
      value: 'POLICY',
      isNeeded: false,
      help: `who may connect Xero with such a link: ${ColleagueLinks.options.join(' or ')}`,
    },
    provider,
  },
  async run(context, given) {
    const secondFactor = wanted(given, 'second-factor', 'The second factor is', SecondFactorPolicy);
    const links = wanted(given, 'colleague-links', 'Links for colleagues are for', ColleagueLinks);
    if (!secondFactor && !links) {
      throw new UsageError('Please give --second-factor or --colleague-links.');
    }
    const { id, name } = await chosenProvider(context, given);
    const scope = ownScope(id);
    const words: string[] = [];
    if (secondFactor) {
      await context.providers.setSecondFactorPolicy(scope, secondFactor);
      words.push(`A second factor is ${secondFactor} for Owners and Admins of ${name}.`);
    }
    if (links) {
      await context.providers.setColleagueLinks(scope, links);
      words.push(`Links for colleagues of ${name} work ${LINKS_FOR[links]}.`);
    }
    const data = {
      ...(secondFactor && { secondFactor }),
      ...(links && { colleagueLinks: links }),
    };
    return { data: { providerId: id, ...data }, words };
  },
};

const LINKS_FOR: Record<ColleagueLinks, string> = {
  anybody: 'for anybody who has them',
  members: 'only for people who belong to it and are signed in',
};

/** One of the values of a policy; undefined where it was not given. */
function wanted<Value extends string>(
  given: Given,
  name: string,
  subject: string,
  policy: { options: readonly Value[] },
): Value | undefined {
  const typed = given.options[name]?.trim();
  if (typed === undefined) return undefined;
  const value = policy.options.find((option) => option === typed);
  if (value !== undefined) return value;
  throw new UsageError(`${subject} ${policy.options.join(' or ')}, not “${typed}”.`);
}

const resetSecondFactor: Command = {
  name: 'person reset-second-factor',
  summary: 'Take away every way in but the password, once you know it is them who ask',
  options: { email: { value: 'ADDRESS', isNeeded: true, help: 'they sign in with it' } },
  async run(context, given) {
    const email = needed(given, 'email').toLowerCase();
    const left = await context.providers.resetSecondFactor(email);
    if (!left) throw new UsageError(`There is no person “${email}” here.`);
    return {
      data: { email, ...left },
      words: [
        'Authenticator app, passkeys and the sign-in with Xero are gone, and every session has ended.',
        left.hasPassword
          ? `${email} signs in by password alone now.`
          : `${email} has no password yet: they choose one at “Forgotten password”, or "person create" for a provider of theirs gives them one.`,
      ],
    };
  },
};

export const signInCommands: Command[] = [setProvider, resetSecondFactor];
