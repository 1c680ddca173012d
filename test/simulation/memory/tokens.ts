/** The pieces of a SQL text. Words are folded to lower case, as PostgreSQL folds them. */
export type Token =
  | { kind: 'word' | 'name' | 'text' | 'number' | 'sign'; value: string }
  | { kind: 'parameter'; value: string }
  | { kind: 'end'; value: '' };

const PIECE =
  /\s+|--[^\n]*|(?<name>"(?:[^"]|"")*")|(?<text>'(?:[^']|'')*')|(?<parameter>\$\d+)|(?<number>\d+(?:\.\d+)?)|(?<word>[A-Za-z_][A-Za-z0-9_]*)|(?<sign>::|=>|->>|->|#>>|#>|@>|<@|<>|!=|<=|>=|\|\||!~\*?|~\*|[-+*/%<>=(),.;[\]~&|#?:])/gy;

/** @throws Error that shows the place of what is not SQL */
export function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  PIECE.lastIndex = 0;
  while (PIECE.lastIndex < sql.length) {
    const from = PIECE.lastIndex;
    const match = PIECE.exec(sql);
    if (!match) throw new Error(`Not understood: ${sql.slice(from, from + 60)}`);
    const groups = match.groups ?? {};
    if (groups.name) {
      tokens.push({ kind: 'name', value: groups.name.slice(1, -1).replaceAll('""', '"') });
    } else if (groups.text) {
      tokens.push({ kind: 'text', value: groups.text.slice(1, -1).replaceAll("''", "'") });
    } else if (groups.parameter) {
      tokens.push({ kind: 'parameter', value: groups.parameter.slice(1) });
    } else if (groups.number) tokens.push({ kind: 'number', value: groups.number });
    else if (groups.word) tokens.push({ kind: 'word', value: groups.word.toLowerCase() });
    else if (groups.sign) tokens.push({ kind: 'sign', value: groups.sign });
  }
  tokens.push({ kind: 'end', value: '' });
  return tokens;
}

/** Walks over tokens. */
export class Reader {
  readonly #tokens: readonly Token[];
  readonly #sql: string;
  #at = 0;

  constructor(sql: string) {
    this.#sql = sql;
    this.#tokens = tokensOf(sql);
  }

  get next(): Token {
    return this.peek(0);
  }

  peek(ahead: number): Token {
    return this.#tokens[this.#at + ahead] ?? { kind: 'end', value: '' };
  }

  take(): Token {
    const token = this.next;
    this.#at += 1;
    return token;
  }

  /** Whether the next tokens are these words or signs. */
  sees(...values: string[]): boolean {
    return values.every((value, ahead) => {
      const token = this.peek(ahead);
      return (token.kind === 'word' || token.kind === 'sign') && token.value === value;
    });
  }

  /** Takes these words or signs if they are next. */
  accept(...values: string[]): boolean {
    if (!this.sees(...values)) return false;
    this.#at += values.length;
    return true;
  }

  expect(...values: string[]): void {
    if (!this.accept(...values)) throw this.wrong(values.join(' '));
  }

  /** A name, quoted or not. */
  name(): string {
    const token = this.take();
    if (token.kind === 'word' || token.kind === 'name') return token.value;
    this.#at -= 1;
    throw this.wrong('a name');
  }

  wrong(expected: string): Error {
    const near = this.#tokens
      .slice(Math.max(0, this.#at - 6), this.#at + 6)
      .map((token) => token.value)
      .join(' ');
    return new Error(`Expected ${expected} near “${near}” in: ${this.#sql}`);
  }

  list<Item>(read: () => Item): Item[] {
    const items = [read()];
    while (this.accept(',')) items.push(read());
    return items;
  }
}
