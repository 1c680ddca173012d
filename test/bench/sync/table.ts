import type { Figure, Goal } from './goal.ts';

const HEADS = ['goal', 'figure', 'reached', 'wanted', '÷ floor', '÷ peer', 'verdict'];

/** Writes all figures as one table. */
export function tableOf(results: readonly { goal: Goal; figures: readonly Figure[] }[]): string {
  const rows = results.flatMap(({ goal, figures }) =>
    figures.map((figure, index) => [
      index === 0 ? `${goal.id} ${goal.title}` : '',
      figure.what,
      figure.reached,
      figure.wanted,
      ratio(figure.byFloor),
      ratio(figure.byPeer),
      verdictOf(figure),
    ]),
  );
  const widths = HEADS.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(HEADS), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join(
    '\n',
  );
}

function verdictOf({ isReached }: Figure): string {
  if (isReached === null) return '';
  if (isReached) return 'reached';
  return 'MISSED';
}

function ratio(value: number | null): string {
  if (value === null) return '';
  return value < 0.01 ? value.toExponential(1) : value.toFixed(value < 10 ? 3 : 1);
}
