/** One figure of a goal: what was reached, what it is held against, and whether that is enough. */
export interface Figure {
  readonly what: string;
  readonly reached: string;
  /** What the goal asks; empty for a figure that is only told. */
  readonly wanted: string;
  /** Ours divided by the least that Xero's limits allow. */
  readonly byFloor: number | null;
  /** Ours divided by what the same job took a plain loop over Xero's own client. */
  readonly byPeer: number | null;
  /** Null: only told. */
  readonly isReached: boolean | null;
}

/** What ours is divided by. */
export interface Against {
  readonly floor?: number;
  readonly peer?: number;
}

export interface Options {
  /** Learners of the goals that push. */
  readonly learners: number;
  /** Invoices of the goal that reads all of them. */
  readonly invoices: number;
  /** Records of one kind that are looked through for a lost one. */
  readonly records: number;
  /** Times that a record is lost and looked for. */
  readonly trials: number;
  /** Organisations that are connected while the way to the page is measured. */
  readonly orgs: number;
  /** Changes whose way to the page is measured. */
  readonly changes: number;
}

/** One goal of the list, measured in a world of its own. */
export interface Goal {
  readonly id: string;
  readonly title: string;
  run(options: Options): Promise<Figure[]>;
}

export function atMost(
  what: string,
  reached: number,
  limit: number,
  { unit = '', ...against }: Against & { unit?: string } = {},
): Figure {
  return {
    what,
    reached: words(reached, unit),
    wanted: `≤ ${words(limit, unit)}`,
    ...ratios(reached, against),
    isReached: reached <= limit,
  };
}

export function exactly(
  what: string,
  reached: number,
  wanted: number,
  { unit = '', ...against }: Against & { unit?: string } = {},
): Figure {
  return {
    what,
    reached: words(reached, unit),
    wanted: `= ${words(wanted, unit)}`,
    ...ratios(reached, against),
    isReached: reached === wanted,
  };
}

export function atLeast(what: string, reached: number, limit: number): Figure {
  return {
    what,
    reached: words(reached, ''),
    wanted: `≥ ${words(limit, '')}`,
    byFloor: null,
    byPeer: null,
    isReached: reached >= limit,
  };
}

export function holds(what: string, isReached: boolean): Figure {
  const reached = isReached ? 'yes' : 'no';
  return { what, reached, wanted: 'yes', byFloor: null, byPeer: null, isReached };
}

export function told(
  what: string,
  reached: number,
  { unit = '', ...against }: Against & { unit?: string } = {},
): Figure {
  return {
    what,
    reached: words(reached, unit),
    wanted: '',
    ...ratios(reached, against),
    isReached: null,
  };
}

function ratios(reached: number, { floor, peer }: Against) {
  return {
    byFloor: floor === undefined ? null : reached / floor,
    byPeer: peer === undefined ? null : reached / peer,
  };
}

function words(value: number, unit: string): string {
  const rounded = Number.isInteger(value) ? value : Number(value.toPrecision(4));
  const text = rounded.toLocaleString('en-AU', { maximumFractionDigits: 4 });
  return unit === '' ? text : `${text} ${unit}`;
}
