/**
 * What is in the folders of a root?
 *
 * One listing a folder, instead of a look at each name: of the names that are asked for, most are not there. Where a listing cannot tell, because it
 * could not be made, because a link has to be followed, or because the file system may take another spelling for the same name, the answer is
 * "unknown", and whoever asks has to look.
 */
import { accessSync, constants, type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';

export type Entry = 'file' | 'folder' | 'nothing' | 'unknown';

/** Names that no file system takes for others, but for the case of letters. */
const PLAIN = /^[\w.-]+$/;

interface Listing {
  readonly entries: ReadonlyMap<string, Entry>;
  /** In lower case; null where some are not `PLAIN`. */
  readonly names: ReadonlySet<string> | null;
}

export class Listings {
  readonly #root: string;
  readonly #byFolder = new Map<string, Listing | null>();

  constructor(root: string) {
    this.#root = root;
  }

  /** What `name` is in a folder of the root that is there ('' is the root). */
  entry(folder: string, name: string): Entry {
    let listing = this.#byFolder.get(folder);
    if (listing === undefined) this.#byFolder.set(folder, (listing = listingOf(join(this.#root, folder))));
    if (listing === null) return 'unknown';
    const entry = listing.entries.get(name);
    if (entry !== undefined) return entry;
    return listing.names === null || !PLAIN.test(name) || listing.names.has(name.toLowerCase()) ? 'unknown' : 'nothing';
  }
}

function listingOf(folder: string): Listing | null {
  let found: Dirent[];
  try {
    accessSync(folder, constants.X_OK); // One that may be listed, but not entered, has names and no files.
    found = readdirSync(folder, { withFileTypes: true });
  } catch {
    return null;
  }
  const entries = new Map(found.map((entry) => [entry.name, kindOf(entry)]));
  const names = [...entries.keys()];
  return { entries, names: names.every((name) => PLAIN.test(name)) ? new Set(names.map((name) => name.toLowerCase())) : null };
}

function kindOf(entry: Dirent): Entry {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  return entry.isSymbolicLink() ? 'unknown' : 'nothing';
}
