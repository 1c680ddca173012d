import type { AuditArea } from '#contract/audit';

/** What is chosen on the page; dates as calendar text, empty when open. */
export interface AuditChoice {
  area: AuditArea | null;
  actor: string | null;
  from: string;
  to: string;
}

export interface AuditFilters {
  area?: AuditArea;
  actor?: string;
  from?: string;
  to?: string;
}

/** The choice as the API takes it: days are the reader's own, and the last one counts whole. */
export function filtersOf({ area, actor, from, to }: AuditChoice): AuditFilters {
  return {
    ...(area === null ? {} : { area }),
    ...(actor === null ? {} : { actor }),
    ...(from === '' ? {} : { from: startOfDay(from, 0) }),
    ...(to === '' ? {} : { to: startOfDay(to, 1) }),
  };
}

function startOfDay(date: string, daysLater: number): string {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  return new Date(year, month - 1, day + daysLater).toISOString();
}
