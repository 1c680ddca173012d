import type { Owing } from '#contract/money';
import { useMay } from '../api/may.ts';
import { useOrganisationName } from '../api/organisations.ts';
import { OwingSums } from '../ui/amount.tsx';
import type { Column } from './table.tsx';

/** The column of what each row owes: none for those who may not see papers. */
export function useOwingColumn<Row extends { owing: Owing[] | null }>(): Column<Row>[] {
  const may = useMay('documents.view');
  const nameOf = useOrganisationName();
  if (!may.allowed) return [];
  const cell = (row: Row) => <OwingSums sums={row.owing ?? []} nameOf={nameOf} />;
  return [{ head: 'Owing', align: 'right', cell }];
}
