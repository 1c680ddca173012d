import type { ErrorText } from './errors.ts';

/** What can be wrong with learners and workplaces. */
export const partyTexts = {
  'learner.number-taken': {
    status: 409,
    title: 'Another learner has this learner number',
    way: 'Leave the number empty to have one made, or choose another.',
    remedy: 'fix',
  },
  'learner.possible-duplicate': {
    status: 409,
    title: 'This person may be here already',
    way: 'Look at the learners named. Save again with “save anyway” if it is another person.',
    remedy: 'fix',
  },
  'workplace.possible-duplicate': {
    status: 409,
    title: 'This workplace may be here already',
    way: 'Look at the workplaces named. Save again with “save anyway” if it is another one.',
    remedy: 'fix',
  },
  'workplace.cannot-sync': {
    status: 422,
    title: 'This workplace can’t be put into Xero yet',
    way: 'Fill in what is missing, then turn Sync to Xero on.',
    remedy: 'fix',
  },
  'learner.merged': {
    status: 409,
    title: 'This learner was merged into another one',
    way: 'Work with the learner they were merged into, or undo the merge on the profile.',
    remedy: 'fix',
  },
  'learner.merge-over': {
    status: 409,
    title: 'This merge can’t be undone',
    way: 'Add the learner again if they are needed; nothing of their papers is lost.',
    remedy: 'none',
  },
  'learner.cannot-sync': {
    status: 422,
    title: 'This learner can’t be put into Xero yet',
    way: 'Fill in what is missing, then turn Sync to Xero on.',
    remedy: 'fix',
  },
} as const satisfies Record<string, ErrorText>;
