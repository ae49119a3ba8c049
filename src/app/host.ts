/**
 * What does the program layer see of the file system? Parsed files inside the root, and nothing else.
 *
 * Keeps the problems of reading and parsing, and times both.
 */

import { lstatSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { folderOf } from '../base/folders.ts';
import { type LineTable, lineTable, positionAt } from '../base/lines.ts';
import type { Problem } from '../findings/finding.ts';
import type { Host } from '../program/program.ts';
import type { PythonParser } from '../syntax/parse.ts';
import type { ParsedFile } from '../syntax/tree.ts';
import { type Entry, Listings } from './listings.ts';
import { readSource } from './read.ts';

export interface Times {
  read: number;
  parse: number;
}

/** What a run has looked at; only a cache wants to know: content hashes of the files read, and paths at which there was no file, or one. */
export interface Seen {
  readonly hashes: Map<string, string>;
  readonly absent: Set<string>;
  readonly present: Set<string>;
}

/** An exception for each name that leads nowhere would take longer than the look. */
const QUIETLY = { throwIfNoEntry: false } as const;

export class FileHost implements Host {
  readonly #root: string;
  readonly #parser: PythonParser;
  #realRoot: string | undefined;
  readonly #listings: Listings;
  readonly #exists = new Map<string, boolean>();
  readonly #folders = new Map<string, boolean>();
  /** Which folders lie in the root, links followed. */
  readonly #inside = new Map<string, boolean>();
  readonly #lines = new Map<string, LineTable>();
  readonly #problems = new Map<string, Problem[]>();
  readonly #seen: Seen | undefined;
  /** UTF-16 units of all sources parsed so far. */
  units = 0;
  readonly times: Times = { read: 0, parse: 0 };
  /** Sources given on standard input, by path. */
  readonly virtual = new Map<string, string>();
  /** Comments of the files parsed so far, for suppressions. */
  readonly comments = new Map<string, ParsedFile['comments']>();

  constructor(root: string, parser: PythonParser, seen?: Seen) {
    this.#root = root;
    this.#listings = new Listings(root);
    this.#parser = parser;
    this.#seen = seen;
  }

  /** A link that leads out of the root is no file of the project, wherever on the way it stands. */
  #isInside(absolute: string): boolean {
    this.#realRoot ??= realpathSync.native(this.#root);
    const real = realpathSync.native(absolute);
    return real === this.#realRoot || real.startsWith(this.#realRoot.endsWith(sep) ? this.#realRoot : this.#realRoot + sep);
  }

  /** Only a link can lead elsewhere than its folder does. */
  #isFile(path: string): boolean {
    const folder = folderOf(path);
    if (!this.#hasFolder(folder)) return false;
    const entry = this.#entry(folder, path);
    if (entry !== 'unknown') return entry === 'file' && this.#isInsideFolder(folder);
    const absolute = join(this.#root, path);
    const found = lstatSync(absolute, QUIETLY);
    if (found?.isFile() === true) return this.#isInsideFolder(folder);
    return found?.isSymbolicLink() === true && statSync(absolute, QUIETLY)?.isFile() === true && this.#isInside(absolute);
  }

  #entry(folder: string, path: string): Entry {
    return this.#listings.entry(folder, folder === '' ? path : path.slice(folder.length + 1));
  }

  #isInsideFolder(folder: string): boolean {
    let known = this.#inside.get(folder);
    if (known === undefined) this.#inside.set(folder, (known = folder === '' || this.#isInside(join(this.#root, folder))));
    return known;
  }

  /** What is wrong with the file, of reading and of syntax. */
  problemsOf(path: string): readonly Problem[] {
    return this.#problems.get(path) ?? [];
  }

  #note(problem: Problem): void {
    const known = this.#problems.get(problem.path);
    if (known) known.push(problem);
    else this.#problems.set(problem.path, [problem]);
  }

  exists(path: string): boolean {
    let known = this.#exists.get(path);
    if (known === undefined) {
      try {
        known = this.virtual.has(path) || this.#isFile(path);
      } catch {
        known = false;
      }
      this.#exists.set(path, known);
      if (this.#seen) (known ? this.#seen.present : this.#seen.absent).add(path);
    }
    return known;
  }

  find(stem: string): string | undefined {
    const mustTell = this.#seen !== undefined || this.virtual.size > 0;
    if (!mustTell && !this.#hasFolder(folderOf(stem))) return undefined;
    return [`${stem}.py`, `${stem}/__init__.py`].find((path) => this.exists(path));
  }

  /** Whether the root has the folder ('' is the root): a name is looked for in many folders of which few exist. */
  #hasFolder(folder: string): boolean {
    if (folder === '') return true;
    let known = this.#folders.get(folder);
    if (known === undefined) {
      const outer = folderOf(folder);
      const entry = this.#hasFolder(outer) ? this.#entry(outer, folder) : 'nothing';
      known = entry === 'unknown' ? isFolder(join(this.#root, folder)) : entry === 'folder';
      this.#folders.set(folder, known);
    }
    return known;
  }

  parse(path: string): ParsedFile | undefined {
    const start = performance.now();
    const given = this.virtual.get(path);
    const { text, problem, hash } =
      given === undefined ? readSource(`${this.#root}/${path}`, path, this.#seen !== undefined) : { text: given, problem: undefined, hash: '' };
    const read = performance.now();
    this.times.read += read - start;
    this.#seen?.hashes.set(path, hash);
    if (problem) this.#note(problem);
    if (text === undefined) return undefined;
    this.units += text.length;
    const parsed = this.#parser.parse(text);
    this.times.parse += performance.now() - read;
    this.comments.set(path, parsed.comments);
    const [first] = parsed.problems;
    if (first)
      this.#note({
        path,
        line: positionAt(this.lines(path, text), first.start).line,
        kind: 'syntax',
        message: `${first.message}${parsed.problems.length > 1 ? ` (and ${parsed.problems.length - 1} more)` : ''}`,
      });
    return parsed;
  }

  lines(path: string, text: string): LineTable {
    let table = this.#lines.get(path);
    if (!table) this.#lines.set(path, (table = lineTable(text)));
    return table;
  }
}

/** False too where a link leads in a ring, a folder above cannot be entered, or the name is too long: then nothing can be read there. */
function isFolder(absolute: string): boolean {
  try {
    return statSync(absolute, QUIETLY)?.isDirectory() === true;
  } catch {
    return false;
  }
}
