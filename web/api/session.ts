import { useSuspenseQuery } from '@tanstack/react-query';
import type { Me } from '#contract/providers';
import { chooseProvider, chosenProvider } from '../stores/chosen-provider.ts';
import { hasCode } from './errors.ts';
import { ask, queryClient } from './queries.ts';

/** Who is signed in; a provider chosen earlier that is theirs no longer is forgotten. */
export async function loadMe(): Promise<Me> {
  try {
    return await queryClient.ensureQueryData(ask('me'));
  } catch (error) {
    if (!hasCode(error, 'session.no-provider') || chosenProvider() === null) throw error;
    chooseProvider(null);
    return queryClient.ensureQueryData(ask('me'));
  }
}

/** Who is signed in; only for pages behind sign-in, where the route has loaded it. */
export function useMe(): Me {
  return useSuspenseQuery(ask('me')).data;
}
