/**
 * What in a file decides which packs are on for it, and where does it stand?
 *
 * The modules it imports, by canonical name and with its own, and the bases of its classes as they are written. Nothing else, and no other file:
 * results do not depend on which files are analysed together.
 */
import type { Occurrences } from '../config/select.ts';
import { dottedOf } from '../program/classes.ts';
import { forEachInstr, type ModuleUnit } from '../program/module.ts';
import type { Program } from '../program/program.ts';

/** The occurrences of a file. */
export function occurrencesOf(program: Program, module: ModuleUnit): Occurrences {
  let known = cache.get(module);
  if (!known) cache.set(module, (known = findOccurrences(program, module)));
  return known;
}

/** A module belongs to one program. */
const cache = new WeakMap<ModuleUnit, Occurrences>();

function findOccurrences(program: Program, module: ModuleUnit): Occurrences {
  const imports = new Set<string>(module.starImports.map((s) => program.absolute(s, module)));
  for (const i of module.imports.values()) imports.add(importedName(program, module, i.module, i.name));
  imports.add(module.name);
  const bases = module.ir.functions.flatMap((fn) => (fn.kind === 'class' ? fn.bases.flatMap((b) => dottedOf(b.value) ?? []) : []));
  return { imports, bases };
}

/** The offset in the file's text at which the name is imported, or the class with the base is defined; undefined for the file's own name. */
export function placeOfOccurrence(program: Program, module: ModuleUnit, name: string): number | undefined {
  for (const fn of module.ir.functions) {
    if (fn.kind === 'class' && fn.bases.some((b) => dottedOf(b.value) === name)) return fn.nameStart;
    let found: number | undefined;
    forEachInstr(fn.body, (instr) => {
      if (found !== undefined || instr.op !== 'import') return;
      const names = instr.bindings.flatMap((b) => [program.absolute(b.module, module), importedName(program, module, b.module, b.name)]);
      if (names.includes(name)) found = instr.start;
    });
    if (found !== undefined) return found;
  }
  return undefined;
}

function importedName(program: Program, module: ModuleUnit, from: string, name: string | null): string {
  const dotted = program.absolute(from, module);
  return name === null ? dotted : `${dotted}.${name}`;
}
