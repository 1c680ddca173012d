import type { Provider } from '#providers/index';
import { xeroManifest } from './catalogue/xero.ts';

/** The mail by which a colleague gets a link to connect: who asks, for what, and how long. */
export function inviteMail(wish: {
  provider: Provider;
  askedBy: string;
  url: string;
  expiresAt: Date;
}): { subject: string; text: string } {
  const { provider, askedBy, url, expiresAt } = wish;
  const app = xeroManifest.name;
  const until = new Intl.DateTimeFormat('en-AU', {
    dateStyle: 'full',
    timeStyle: 'short',
    timeZone: provider.timeZone,
  }).format(expiresAt);
  const text = [
    `${askedBy} of ${provider.name} asks you to connect ${app} to Bursar, the system in which they keep their learners.`,
    `Open this link, sign in to ${app} with your own sign-in, and allow the organisation that holds the books of ${provider.name}. ${signInWords(provider)} Bursar never sees your ${app} password.`,
    url,
    `The link works until ${until} (${provider.timeZone}), for one connection. In ${app} you need the role Standard, Adviser or Subscriber.`,
    `If you do not know ${askedBy}, do not open it.`,
  ];
  return {
    subject: `${provider.name} asks you to connect ${app}`,
    text: text.join('\n\n'),
  };
}

function signInWords({ name, colleagueLinks }: Provider): string {
  return colleagueLinks === 'anybody'
    ? 'You need no account in Bursar.'
    : `The link is for people of ${name}: you sign in to Bursar first, with your account there.`;
}
