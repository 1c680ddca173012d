import type { Act } from './api-call.ts';

/** Writes one line into the history of a paper or a contact. */
export function noteHistory(act: Act, subjectId: string, changes: string, details: string): void {
  act.books.history.put({
    id: act.ids.uuid(),
    subjectId,
    changes,
    details,
    user: act.userName,
    atMs: act.clock.nowMs(),
  });
}
