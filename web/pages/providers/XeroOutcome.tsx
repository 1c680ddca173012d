import { Alert } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import type { XeroSignInOutcome } from '#contract/xero-sign-in';

const words: Record<XeroSignInOutcome, { title: string; text: string }> = {
  cancelled: {
    title: 'You stopped at Xero',
    text: 'Nothing was changed. Try again when you are ready.',
  },
  expired: {
    title: 'That took longer than ten minutes',
    text: 'Begin again in this browser.',
  },
  failed: {
    title: 'Xero did not say who you are',
    text: 'Try again. If it fails again, sign in with your password.',
  },
  unknown: {
    title: 'Nobody here has this Xero sign-in',
    text: 'If you work here already, sign in with your password, then tie Xero under Settings, Security. If you are new, choose Sign up with Xero.',
  },
  'email-known': {
    title: 'Somebody with this e-mail is here already',
    text: 'If it is you, sign in with your password, then tie Xero under Settings, Security. Accounts are never joined by e-mail alone.',
  },
  tied: {
    title: 'Xero is tied to your account',
    text: 'From now on you can sign in with Xero.',
  },
  taken: {
    title: 'That Xero sign-in belongs to another person here',
    text: 'Sign in to Xero as yourself, or have it untied there first. Nothing was changed.',
  },
};

/** How the way through Xero ended. */
export function XeroOutcome({ outcome }: { outcome: XeroSignInOutcome }) {
  const isGood = outcome === 'tied';
  const { title, text } = words[outcome];
  return (
    <Alert
      role="alert"
      color={isGood ? 'moss' : 'amber'}
      icon={isGood ? <IconCheck aria-hidden /> : <IconAlertTriangle aria-hidden />}
      title={title}
    >
      {text}
    </Alert>
  );
}
