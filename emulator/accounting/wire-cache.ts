import type { Books } from './books.ts';
import type { Document } from './model.ts';

const MAX_ENTRIES = 4000;

interface Entry {
  readonly row: Document;
  readonly contact: unknown;
  readonly around: number;
  readonly json: Buffer;
}

/**
 * JSON bytes of papers that were read lately. Rows are immutable, so an entry is right as long as
 * the paper and its contact are the same objects and nothing around them changed; it is dropped
 * when the cache has filled twice.
 */
export class WireCache<T extends Document> {
  #young = new Map<string, Entry>();
  #old = new Map<string, Entry>();

  get(variant: string, row: T, books: Books, make: () => string): Buffer {
    const key = `${variant}${row.id}`;
    const contact = books.contacts.get(row.contactId);
    const known = this.#young.get(key) ?? this.#old.get(key);
    const around = versionAround(books);
    if (known?.row === row && known.contact === contact && known.around === around) {
      return known.json;
    }
    const json = Buffer.from(make());
    this.#young.set(key, { row, contact, around, json });
    if (this.#young.size > MAX_ENTRIES) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    return json;
  }
}

/** Changes of these show in papers without the papers changing; they are rare. */
function versionAround(books: Books): number {
  return books.accounts.version + books.trackingCategories.version + books.attachments.version;
}
