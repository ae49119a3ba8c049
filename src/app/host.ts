/**
 * What does the program layer see of the file system? Parsed files inside the root, and nothing else.
 *
 * Keeps the problems of reading and parsing, and times both.
 */
import { lstatSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type LineTable, lineTable, positionAt } from '../base/lines.ts';
import type { Problem } from '../findings/finding.ts';
import type { Host } from '../program/program.ts';
import type { PythonParser } from '../syntax/parse.ts';
import type { ParsedFile } from '../syntax/tree.ts';
import { readSource } from './read.ts';

export interface Times {
  read: number;
  parse: number;
}

export class FileHost implements Host {
  readonly #root: string;
  readonly #parser: PythonParser;
  readonly #exists = new Map<string, boolean>();
  readonly #lines = new Map<string, LineTable>();
  readonly problems: Problem[] = [];
  readonly times: Times = { read: 0, parse: 0 };
  /** Sources given on standard input, by path. */
  readonly virtual = new Map<string, string>();
  /** Comments of the files parsed so far, for suppressions. */
  readonly comments = new Map<string, ParsedFile['comments']>();

  constructor(root: string, parser: PythonParser) {
    this.#root = root;
    this.#parser = parser;
  }

  exists(path: string): boolean {
    let known = this.#exists.get(path);
    if (known === undefined) {
      try {
        const absolute = join(this.#root, path);
        known = this.virtual.has(path) || (statSync(absolute).isFile() && !lstatSync(absolute).isDirectory());
      } catch {
        known = false;
      }
      this.#exists.set(path, known);
    }
    return known;
  }

  parse(path: string): ParsedFile | undefined {
    const start = performance.now();
    const given = this.virtual.get(path);
    const { text, problem } = given === undefined ? readSource(join(this.#root, path), path) : { text: given, problem: undefined };
    const read = performance.now();
    this.times.read += read - start;
    if (problem) this.problems.push(problem);
    if (text === undefined) return undefined;
    const parsed = this.#parser.parse(text);
    this.times.parse += performance.now() - read;
    this.comments.set(path, parsed.comments);
    const table = lineTable(text);
    this.#lines.set(path, table);
    const [first] = parsed.problems;
    if (first)
      this.problems.push({
        path,
        line: positionAt(table, first.start).line,
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

  release(path: string): void {
    this.comments.delete(path);
    this.#lines.delete(path);
  }
}
