import { Checkbox } from '@mantine/core';
import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react';
import { Fragment, type ReactNode } from 'react';

export interface Column<Row> {
  /** Also the label of the value where rows stand stacked. */
  head: string;
  cell: (row: Row) => ReactNode;
  /** Money and counts stand to the right. */
  align?: 'right';
  /** Left out where rows stand stacked: what one seldom needs on a phone. */
  isMinor?: boolean;
  /** Set where the list can be sorted by this column. */
  sort?: { direction: 'asc' | 'desc' | null; toggle: () => void };
}

interface Selection {
  selected: ReadonlySet<string>;
  toggle: (key: string) => void;
  toggleAll: () => void;
}

interface TableProps<Row> {
  /** What the table lists, for those who can't see the heading beside it. */
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  /** The name of a row, for its checkbox. */
  nameOf?: (row: Row) => string;
  selection?: Selection | undefined;
  isVoid?: (row: Row) => boolean;
  /** A second row under a row; null for none. */
  below?: (row: Row) => ReactNode;
}

/** A plain table; on a phone each row becomes a small stack of label and value. */
export function Table<Row>(props: TableProps<Row>) {
  const { columns, rows, keyOf, selection } = props;
  return (
    <div className="table-frame">
      <table className="table" aria-label={props.label}>
        <thead>
          <tr>
            {selection && <SelectAll rows={rows} keyOf={keyOf} selection={selection} />}
            {columns.map((column) => (
              <Head key={column.head} column={column} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const below = props.below?.(row);
            return (
              <Fragment key={keyOf(row)}>
                <BodyRow {...props} row={row} />
                {below && (
                  <tr>
                    <td colSpan={columns.length + (selection ? 1 : 0)} data-below>
                      {below}
                    </td>
                  </tr>
                )}
              </Fragment>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function BodyRow<Row>({ row, ...props }: TableProps<Row> & { row: Row }) {
  const key = props.keyOf(row);
  const isSelected = props.selection?.selected.has(key) ?? false;
  return (
    <tr data-selected={isSelected || undefined} data-void={props.isVoid?.(row) || undefined}>
      {props.selection && (
        <td data-tick>
          <Checkbox
            aria-label={`Select ${props.nameOf?.(row) ?? key}`}
            checked={isSelected}
            onChange={() => props.selection?.toggle(key)}
          />
        </td>
      )}
      {props.columns.map((column, index) => (
        <td
          key={column.head}
          data-align={column.align}
          data-label={column.head}
          data-minor={column.isMinor || undefined}
          data-title={index === 0 || undefined}
        >
          {column.cell(row)}
        </td>
      ))}
    </tr>
  );
}

function SelectAll<Row>(props: {
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  selection: Selection;
}) {
  const count = props.rows.filter((row) => props.selection.selected.has(props.keyOf(row))).length;
  const all = count > 0 && count === props.rows.length;
  return (
    <th scope="col" style={{ width: 40 }}>
      <Checkbox
        aria-label="Select all shown"
        checked={all}
        indeterminate={count > 0 && !all}
        onChange={props.selection.toggleAll}
      />
    </th>
  );
}

const ariaSort = { asc: 'ascending', desc: 'descending' } as const;

function Head<Row>({ column }: { column: Column<Row> }) {
  const { sort } = column;
  if (!sort) {
    return (
      <th scope="col" data-align={column.align}>
        {column.head}
      </th>
    );
  }
  const Icon = { asc: IconArrowUp, desc: IconArrowDown, none: IconArrowsSort }[
    sort.direction ?? 'none'
  ];
  return (
    <th
      scope="col"
      data-align={column.align}
      aria-sort={sort.direction ? ariaSort[sort.direction] : 'none'}
    >
      <button type="button" className="sort-button" onClick={sort.toggle}>
        {column.head}
        <Icon size={14} aria-hidden />
      </button>
    </th>
  );
}
