import type { Books } from './books.ts';
import type { Document } from './model.ts';

const MAX_ENTRIES = 4000;

interface Entry {
  readonly row: Document;
  readonly contact: unknown;
  readonly around: number;
  readonly json: Buffer;
  /** Until the contacts change again, this entry's contact is known to be the same. */
  contactsVersion: number;
}

/**
 * JSON bytes of papers that were read lately, in one way of writing them. Rows are immutable, so an
 * entry is right as long as the paper and its contact are the same objects and nothing around them
 * changed; it is dropped when the cache has filled twice.
 */
export class WireCache<T extends Document> {
  #young = new Map<string, Entry>();
  #old = new Map<string, Entry>();

  /** A reader for one answer, during which the books stand still. */
  reader(books: Books, make: (row: T) => string): (row: T) => Buffer {
    const around = versionAround(books);
    const contactsVersion = books.contacts.version;
    return (row) => {
      const known = this.#young.get(row.id) ?? this.#old.get(row.id);
      if (known?.row === row && known.around === around) {
        if (known.contactsVersion === contactsVersion) return known.json;
        if (known.contact === books.contacts.get(row.contactId)) {
          known.contactsVersion = contactsVersion;
          return known.json;
        }
      }
      const contact = books.contacts.get(row.contactId);
      const json = Buffer.from(make(row));
      this.#keep({ row, contact, around, json, contactsVersion });
      return json;
    };
  }

  #keep(entry: Entry): void {
    this.#young.set(entry.row.id, entry);
    if (this.#young.size <= MAX_ENTRIES) return;
    this.#old = this.#young;
    this.#young = new Map();
  }
}

/** Changes of these show in papers without the papers changing; they are rare. */
function versionAround(books: Books): number {
  return books.accounts.version + books.trackingCategories.version + books.attachments.version;
}
