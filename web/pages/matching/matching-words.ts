import type { MatchGroup } from '#contract/matching';

export const groupWords: Record<MatchGroup, { tab: string; lead: string; none: string }> = {
  safe: {
    tab: 'Safe',
    lead: 'The learner number, or two signs that hardly two people share, say who they are in Xero. Linking writes the learner number onto the contact and fills in what it lacks; what it says already stays.',
    none: 'Nobody was found for certain.',
  },
  decide: {
    tab: 'To decide',
    lead: 'Something speaks for a contact, and something is missing or stands in the way. Whoever you leave undecided is not sent; you can decide later on their page.',
    none: 'There is nobody to decide about.',
  },
  create: {
    tab: 'Create',
    lead: 'Nobody like them was found in Xero, so they become new contacts.',
    none: 'Everybody is in Xero already.',
  },
};

/** "1 learner", "1,204 learners". */
export function learnersText(count: number): string {
  return count === 1 ? '1 learner' : `${count.toLocaleString('en-AU')} learners`;
}

/** "1 contact", "1,204 contacts". */
export function contactsText(count: number): string {
  return count === 1 ? '1 contact' : `${count.toLocaleString('en-AU')} contacts`;
}
