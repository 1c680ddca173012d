import { Text } from '@mantine/core';
import { useSearch } from '@tanstack/react-router';
import { PublicFrame } from '../../ui/public-frame.tsx';
import { OutcomeMessage } from './OutcomeMessage.tsx';
import { outcomeWords } from './outcome-words.ts';

/** Where a browser lands that connected by an invitation, without being signed in here. */
export function ConnectDonePage() {
  const { outcome } = useSearch({ from: '/connect/done' });
  if (!outcome) {
    return (
      <PublicFrame title="Nothing to show">
        <Text>This page tells how a connection to Xero ended. Open it from there.</Text>
      </PublicFrame>
    );
  }
  const { isGood } = outcomeWords(outcome);
  return (
    <PublicFrame title={isGood ? 'Thank you' : 'Not connected'}>
      <OutcomeMessage outcome={outcome} />
      <Text size="sm" c="dimmed">
        {isGood
          ? 'You can close this page. The people who asked you go on from here.'
          : 'Nothing was connected. Open the link that you were sent again to have another try, or ask for a new one.'}
      </Text>
    </PublicFrame>
  );
}
