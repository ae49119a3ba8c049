/**
 * What in a file decides which packs are on for it, and where does it stand?
 *
 * The modules it imports, by canonical name and with its own, and the bases of its classes as they are written. Nothing else, and no other file:
 * results do not depend on which files are analysed together.
 */
import type { Occurrences } from '../config/select.ts';
import { dottedOf } from '../program/classes.ts';
import { importedName, type ModuleUnit } from '../program/module.ts';
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
  for (const { path } of module.imports.values()) imports.add(path);
  imports.add(module.name);
  const bases = module.ir.functions.flatMap((fn) => (fn.kind === 'class' ? fn.bases.flatMap((b) => dottedOf(b.value) ?? []) : []));
  return { imports, bases };
}

/** The offset in the file's text at which the name is imported, or the class with the base is defined; undefined for the file's own name. */
export function placeOfOccurrence(module: ModuleUnit, name: string): number | undefined {
  const cls = module.ir.functions.find((fn) => fn.kind === 'class' && fn.bases.some((b) => dottedOf(b.value) === name));
  if (cls) return cls.nameStart;
  for (const { instr } of module.ir.imports) {
    for (const binding of instr.bindings) {
      const { absolute, path } = importedName(binding.module, binding.name, module.name, module.isPackage);
      if (absolute === name || path === name) return instr.start;
    }
  }
  return undefined;
}
