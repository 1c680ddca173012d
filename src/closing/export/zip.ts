import { Zip, ZipDeflate } from 'fflate';

/** One file of a zip, its text in pieces. */
export interface ZipEntry {
  name: string;
  pieces: AsyncIterable<string>;
}

const LEVEL = 6;

/** A zip of the entries, made piece by piece: it never stands in memory whole. */
export async function* zipOf(
  entries: AsyncIterable<ZipEntry>,
  at: Date,
): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  const encoder = new TextEncoder();
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    ready.push(chunk);
  });
  for await (const { name, pieces } of entries) {
    const file = new ZipDeflate(name, { level: LEVEL });
    file.mtime = at;
    zip.add(file);
    for await (const piece of pieces) {
      file.push(encoder.encode(piece));
      yield* ready.splice(0);
    }
    file.push(new Uint8Array(), true);
    yield* ready.splice(0);
  }
  zip.end();
  yield* ready.splice(0);
}
