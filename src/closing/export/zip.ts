import { finished } from 'node:stream/promises';
import { crc32, createDeflateRaw, type DeflateRaw } from 'node:zlib';
import { Zip, type ZipInputFile } from 'fflate';

/** One file of a zip, its text in pieces. */
export interface ZipEntry {
  name: string;
  pieces: AsyncIterable<string>;
}

const LEVEL = 6;
const DEFLATED = 8;
const NOTHING = new Uint8Array();

/**
 * A zip of the entries, made piece by piece: it never stands in memory whole, and the next piece is
 * asked for once the one before is packed. Packing is done beside the server's own work.
 */
export async function* zipOf(
  entries: AsyncIterable<ZipEntry>,
  at: Date,
): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    ready.push(chunk);
  });
  for await (const { name, pieces } of entries) {
    const file: ZipInputFile = {
      filename: name,
      size: 0,
      crc: 0,
      compression: DEFLATED,
      mtime: at,
    };
    zip.add(file);
    const deflate = createDeflateRaw({ level: LEVEL });
    deflate.on('data', (chunk: Uint8Array<ArrayBuffer>) => file.ondata?.(null, chunk, false));
    // Whoever writes is told, too.
    deflate.on('error', () => undefined);
    try {
      for await (const piece of pieces) {
        const bytes = Buffer.from(piece);
        file.size += bytes.length;
        file.crc = crc32(bytes, file.crc);
        await write(deflate, bytes);
        yield* ready.splice(0);
      }
      deflate.end();
      await finished(deflate);
    } finally {
      deflate.destroy();
    }
    file.ondata?.(null, NOTHING, true);
    yield* ready.splice(0);
  }
  zip.end();
  yield* ready.splice(0);
}

function write(deflate: DeflateRaw, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    deflate.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}
