/** A buffer that is lent, and how to give it back. */
export interface LentBuffer {
  readonly bytes: Buffer;
  release(): void;
}

const SMALLEST_BYTES = 16 * 1024;
const LARGEST_BYTES = 4 * 1024 * 1024;
const KEPT_A_SIZE = 16;

/**
 * Lends buffers for answers and takes them back when they have been sent. Memory outside of the
 * heap makes the engine collect all of it, so that a new buffer for each page of a big list would
 * cost more than everything else about the page.
 */
export class BufferPool {
  readonly #free = new Map<number, Buffer[]>();

  /** A buffer of exactly so many bytes; what stands in it is of no account. */
  lend(byteCount: number): LentBuffer {
    const size = sizeFor(byteCount);
    if (size === undefined) return { bytes: Buffer.allocUnsafe(byteCount), release: () => {} };
    const whole = this.#free.get(size)?.pop() ?? Buffer.allocUnsafeSlow(size);
    let isLent = true;
    const release = () => {
      if (isLent) this.#keep(whole);
      isLent = false;
    };
    return { bytes: whole.subarray(0, byteCount), release };
  }

  #keep(whole: Buffer): void {
    const free = this.#free.get(whole.length) ?? [];
    this.#free.set(whole.length, free);
    if (free.length < KEPT_A_SIZE) free.push(whole);
  }
}

/** The next power of two, or undefined for what is too small or too large to be kept. */
function sizeFor(byteCount: number): number | undefined {
  if (byteCount < SMALLEST_BYTES || byteCount > LARGEST_BYTES) return undefined;
  return 2 ** Math.ceil(Math.log2(byteCount));
}
