/**
 * Which files are best analysed on one thread, because they import the same long file?
 *
 * Each thread reads what its files import, so a long file whose importers are spread is read and lowered once a thread: with two threads a tenth of
 * all lines. A glance at the imports at the top of each file is enough, for nothing but time depends on the answer.
 */
import { closeSync, readSync } from 'node:fs';
import { absoluteName, dottedPath } from '../base/dotted-names.ts';
import { openQuietly } from './read.ts';

/** A file, and what it costs (`costsOf`). */
export interface Costly {
  readonly path: string;
  readonly cost: number;
}

/** Reading a shorter file once more costs less than a group that is hard to place. */
const LONG = 50_000;
/** Bytes of a file that are looked at; its imports stand behind a licence and a docstring. */
const HEAD = 4_096;
const IMPORT = /^(?:from[ \t]+([.\w]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]*)|import[ \t]+([^\n#]*))/gm;

/** All files in groups that cost `most` at the utmost, unless one file does. In order, where a group stands in the place of its longest file. */
export function readTogether(root: string, files: readonly Costly[], most: number): Costly[][] {
  const groups = files.map((file) => ({ files: [file], cost: file.cost }));
  const importers = importersOf(root, files);
  const longestFirst = [...importers.keys()].sort((a, b) => (files[b] as Costly).cost - (files[a] as Costly).cost || a - b);
  const groupOf = [...groups];
  for (const long of longestFirst) {
    const joined = new Set([long, ...(importers.get(long) as readonly number[])].map((i) => groupOf[i] as (typeof groups)[number]));
    const cost = [...joined].reduce((sum, group) => sum + group.cost, 0);
    if (joined.size === 1 || cost > most) continue;
    const group = { files: [...joined].flatMap((one) => one.files), cost };
    for (const [i, one] of groupOf.entries()) if (joined.has(one)) groupOf[i] = group;
  }
  const places = new Map<(typeof groups)[number], number>();
  for (const [i, group] of groupOf.entries()) {
    const place = places.get(group);
    if (place === undefined || (files[i] as Costly).cost > (files[place] as Costly).cost) places.set(group, i);
  }
  return [...places].sort(([, a], [, b]) => a - b).map(([group]) => group.files);
}

/** Who imports each long file? All by their places in `files`. */
function importersOf(root: string, files: readonly Costly[]): ReadonlyMap<number, readonly number[]> {
  /** Long files by the last part of their dotted names. */
  const byLastName = new Map<string, { readonly name: string; readonly place: number }[]>();
  for (const [place, { path, cost }] of files.entries()) {
    if (cost < LONG) continue;
    const name = dottedPath(path);
    const last = lastOf(name);
    const others = byLastName.get(last);
    if (others) others.push({ name, place });
    else byLastName.set(last, [{ name, place }]);
  }
  const importers = new Map<number, number[]>();
  if (byLastName.size === 0) return importers;
  const buffer = Buffer.allocUnsafe(HEAD);
  for (const [i, { path }] of files.entries()) {
    for (const written of importsIn(headOf(`${root}/${path}`, buffer), byLastName)) {
      for (const { name, place } of byLastName.get(lastOf(written)) ?? []) {
        if (place === i) continue;
        const absolute = absoluteName(written, dottedPath(path), path.endsWith('__init__.py'));
        if (name !== absolute && !name.endsWith(`.${absolute}`)) continue;
        const known = importers.get(place);
        if (known) known.push(i);
        else importers.set(place, [i]);
      }
    }
  }
  return importers;
}

function lastOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** Modules that may be imported and have one of the last names, dotted as written: of `from a import b`, both `a` and `a.b`. */
function importsIn(text: string, lastNames: ReadonlyMap<string, unknown>): readonly string[] {
  const found: string[] = [];
  for (const [, module, names, modules] of text.matchAll(IMPORT)) {
    if (module !== undefined) {
      if (lastNames.has(lastOf(module))) found.push(module);
      for (const name of names?.match(/\w+/g) ?? []) if (lastNames.has(name)) found.push(module.endsWith('.') ? module + name : `${module}.${name}`);
    } else for (const name of modules?.match(/[\w.]+/g) ?? []) if (lastNames.has(lastOf(name))) found.push(name);
  }
  return found;
}

/** The beginning of a file; '' where it cannot be read. */
function headOf(absolute: string, buffer: Buffer): string {
  try {
    const fd = openQuietly(absolute);
    try {
      return buffer.toString('latin1', 0, readSync(fd, buffer, 0, HEAD, 0));
    } finally {
      closeSync(fd);
    }
  } catch {
    return '';
  }
}
