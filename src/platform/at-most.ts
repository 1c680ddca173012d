/** What bounds work that goes at once. */
export interface AtMost {
  /** How many pieces go at once. */
  most: number;
  /** How long one waits for its turn. */
  waitMs: number;
  /** What is thrown when its turn did not come. */
  late(): Error;
}

/** Has work carried out a few pieces at once; the others wait in line, in the order they came. */
export function atMost({ most, waitMs, late }: AtMost) {
  const line = new Set<() => void>();
  let going = 0;

  function turn(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        line.delete(go);
        reject(late());
      }, waitMs);
      function go() {
        clearTimeout(timer);
        resolve();
      }
      line.add(go);
    });
  }

  /** The turn goes to whoever waits longest, or is free for the next. */
  function pass(): void {
    const [next] = line;
    if (next === undefined) {
      going -= 1;
      return;
    }
    line.delete(next);
    next();
  }

  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (going >= most) await turn();
    else going += 1;
    try {
      return await work();
    } finally {
      pass();
    }
  };
}
