/**
 * Which files make up the program, and what does a dotted name mean in it?
 *
 * Modules are loaded on demand through a `Host` (only app knows the file system): a base class, a conftest or a helper outside the
 * given paths is read when a name leads to it, and only inside the root. Invariant: what a look-up answers does not depend on which
 * modules were loaded before it.
 */

import { absoluteName, dottedPath } from '../base/dotted-names.ts';
import { folderOf } from '../base/folders.ts';
import type { FunctionIndex, Operand } from '../ir/ir.ts';
import { lowerModule } from '../lower/module.ts';
import type { ParsedFile } from '../syntax/tree.ts';
import { forEachInstr, type ImportedName, type ModuleUnit, makeModule } from './module.ts';

/** What the program needs from the outside; paths are relative to the root, POSIX. */
export interface Host {
  /** The parsed file, or undefined where there is none (or it cannot be read: the host keeps the problem). */
  parse(path: string): ParsedFile | undefined;
  exists(path: string): boolean;
  /** The file of the module whose path without its ending is `stem`: `stem.py`, or else `stem/__init__.py`. */
  find(stem: string): string | undefined;
}

/** What a dotted name stands for. */
export type Symbol =
  | { readonly kind: 'function'; readonly module: ModuleUnit; readonly index: FunctionIndex }
  | { readonly kind: 'class'; readonly module: ModuleUnit; readonly index: FunctionIndex }
  | { readonly kind: 'module'; readonly module: ModuleUnit }
  /** A module-level variable of a project module. */
  | { readonly kind: 'variable'; readonly module: ModuleUnit; readonly name: string }
  /** Outside the root, or not read. */
  | { readonly kind: 'external'; readonly path: string };

/** Names of modules that hold test code. */
const TEST_CODE = /test|fixture|mock|fake|stub|helper|scenario|functional/i;

/** A chain of re-exports longer than this is a cycle in practice. */
const MAX_REEXPORTS = 12;

export class Program {
  readonly #host: Host;
  readonly #byPath = new Map<string, ModuleUnit | undefined>();
  readonly #located = new Map<string, string | undefined>();
  /** Files by the folder that looks for them and the dotted name; null for none. */
  readonly #locatedFrom = new Map<string, Map<string, string | null>>();
  readonly #packageRoots = new Map<string, string>();
  /** To which files did names of a file lead? Both by path. */
  readonly #ledTo = new Map<string, Set<string>>();

  readonly #opaque: readonly string[];
  readonly #isOpaque = new Map<string, boolean>();
  readonly #conftests = new Map<string, readonly string[]>();

  /** `opaque`: dotted modules whose classes the configuration describes (`unittest`); they are named, never read. */
  constructor(host: Host, opaque: readonly string[] = []) {
    this.#host = host;
    this.#opaque = opaque;
  }

  /** The unit of a file; undefined where it cannot be read. */
  module(path: string): ModuleUnit | undefined {
    if (this.#byPath.has(path)) return this.#byPath.get(path);
    this.#byPath.set(path, undefined);
    if (!this.#host.exists(path)) return undefined;
    const parsed = this.#host.parse(path);
    const unit = parsed && makeModule(path, this.moduleName(path), path.endsWith('__init__.py'), parsed.text, lowerModule(parsed));
    this.#byPath.set(path, unit);
    return unit;
  }

  /** True where the root has a file of that path. */
  exists(path: string): boolean {
    return this.#host.exists(path);
  }

  /** The unit of a file that a name in `from` leads to. */
  #from(from: ModuleUnit, path: string): ModuleUnit | undefined {
    let known = this.#ledTo.get(from.path);
    if (!known) this.#ledTo.set(from.path, (known = new Set()));
    known.add(path);
    return this.module(path);
  }

  /**
   * The files that what is known of `path` may depend on, itself left out, sorted: those that names led to from it, from there and so on, and
   * the conftest files of the folders they lie in.
   */
  closure(path: string): string[] {
    const found = new Set([path]);
    for (const at of found) {
      for (const next of this.#ledTo.get(at) ?? []) found.add(next);
      for (const conftest of this.conftestsAround(at)) found.add(conftest);
    }
    found.delete(path);
    return [...found].sort();
  }

  /** The conftest files whose fixtures a file sees, the nearest first. */
  conftestsAround(path: string): readonly string[] {
    return this.#conftestsAbove(folderOf(path));
  }

  #conftestsAbove(folder: string): readonly string[] {
    let known = this.#conftests.get(folder);
    if (!known) {
      const path = folder === '' ? 'conftest.py' : `${folder}/conftest.py`;
      const own = this.#host.exists(path) ? [path] : [];
      this.#conftests.set(folder, (known = folder === '' ? own : [...own, ...this.#conftestsAbove(folderOf(folder))]));
    }
    return known;
  }

  /** The folder that Python would have on sys.path for this file: the first one above it without `__init__.py`. '' is the root. */
  packageRoot(path: string): string {
    const folder = folderOf(path);
    const known = this.#packageRoots.get(folder);
    if (known !== undefined) return known;
    let at = folder;
    while (at !== '' && this.#host.exists(`${at}/__init__.py`)) at = folderOf(at);
    this.#packageRoots.set(folder, at);
    return at;
  }

  moduleName(path: string): string {
    const root = this.packageRoot(path);
    const inner = root === '' ? path : path.slice(root.length + 1);
    return dottedPath(inner);
  }

  /** The file of dotted module `name` as seen from `from`; undefined where the root has none. */
  locate(name: string, from: ModuleUnit): string | undefined {
    const folder = folderOf(from.path);
    let known = this.#locatedFrom.get(folder);
    if (!known) this.#locatedFrom.set(folder, (known = new Map()));
    let found = known.get(name);
    if (found === undefined)
      known.set(name, (found = this.#search(name.replaceAll('.', '/'), [this.packageRoot(from.path), '', 'src', 'lib', folder]) ?? null));
    return found ?? undefined;
  }

  #search(tail: string, roots: readonly string[]): string | undefined {
    for (const root of roots) {
      const key = root === '' ? tail : `${root}/${tail}`;
      let found = this.#located.get(key);
      if (found === undefined && !this.#located.has(key)) {
        found = this.#host.find(key);
        this.#located.set(key, found);
      }
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The module that `from` has loaded by its dotted name, whatever code it holds; undefined where the root has none. */
  plugin(name: string, from: ModuleUnit): ModuleUnit | undefined {
    const path = this.isOpaque(name) ? undefined : this.locate(name, from);
    return path === undefined ? undefined : this.#from(from, path);
  }

  /** Absolute dotted name of a module written with leading dots in `from`. */
  absolute(written: string, from: ModuleUnit): string {
    return absoluteName(written, from.name, from.isPackage);
  }

  /** What a global name of `module` means, imports and re-exports followed; undefined for builtins and names bound by code alone. */
  global(module: ModuleUnit, name: string): Symbol | undefined {
    const known = module.symbols.get(name);
    if (known !== undefined) return known === null ? undefined : known;
    const found = this.#global(module, name, 0);
    module.symbols.set(name, found ?? null);
    return found;
  }

  #global(module: ModuleUnit, name: string, depth: number): Symbol | undefined {
    const own = module.topLevel.get(name);
    const imported = module.imports.get(name);
    if (own !== undefined && imported === undefined) return this.#definition(module, own);
    if (imported !== undefined) {
      if (own !== undefined && depth === 0 && imported.name === null) return this.#definition(module, own);
      return this.#imported(module, imported, depth);
    }
    if (module.globals.has(name)) return { kind: 'variable', module, name };
    for (const star of module.starImports) {
      const dotted = this.absolute(star, module);
      const located = depth < MAX_REEXPORTS && !this.isOpaque(dotted) ? this.locate(dotted, module) : undefined;
      const path = located !== undefined && this.#isHelper(located, dotted, module) ? located : undefined;
      const from = path === undefined ? undefined : this.#from(module, path);
      const found = from && from !== module ? this.#global(from, name, depth + 1) : undefined;
      if (found) return found;
    }
    return undefined;
  }

  /**
   * The class, function or variable of product code that a dotted name leads to, its module read for it, and the names behind it; undefined where the
   * root has none, or the configuration describes it. Re-exports are followed.
   */
  product(
    path: string,
    from: ModuleUnit,
    depth = 0,
  ): { readonly symbol: Exclude<Symbol, { kind: 'module' | 'external' }>; readonly rest: readonly string[] } | undefined {
    if (depth > MAX_REEXPORTS || this.isOpaque(path)) return undefined;
    const parts = path.split('.');
    for (let n = parts.length - 1; n > 0; n--) {
      const dotted = parts.slice(0, n).join('.');
      const file = this.locate(dotted, from);
      if (file === undefined) continue;
      const unit = this.#from(from, file);
      const symbol = unit && this.global(unit, parts[n] as string);
      if (!unit || !symbol) return undefined;
      const rest = parts.slice(n + 1);
      if (symbol.kind === 'module') return undefined;
      if (symbol.kind !== 'external') return { symbol, rest };
      return symbol.path !== path ? this.product([symbol.path, ...rest].join('.'), unit, depth + 1) : undefined;
    }
    return undefined;
  }

  /**
   * True for an attribute of a module inside the root whose text never mentions it: nothing in there gives it, nothing in there reads it. Not
   * where names come from elsewhere: a submodule of that name, star imports, names made at run time.
   */
  isNewAttribute(path: string, from: ModuleUnit): boolean {
    const [dotted, name] = [path.slice(0, path.lastIndexOf('.')), path.slice(path.lastIndexOf('.') + 1)];
    const file = dotted === '' || this.isOpaque(dotted) ? undefined : this.locate(dotted, from);
    if (file === undefined || this.locate(path, from) !== undefined) return false;
    const unit = this.#from(from, file);
    return unit !== undefined && unit.starImports.length === 0 && !new RegExp(`\\b(${name}|__getattr__|globals|setattr|vars)\\b`).test(unit.text);
  }

  /**
   * True for an attribute of a module or of one of its classes that is given this constant where it is defined, and nothing else there: whoever
   * assigns it again resets it.
   */
  isInitialValue(path: string, value: Operand, from: ModuleUnit): boolean {
    const found = value.op === 'const' ? this.product(path, from) : undefined;
    if (value.op !== 'const' || !found) return false;
    const { symbol, rest } = found;
    const [attribute, ...more] = symbol.kind === 'variable' ? [symbol.name, ...rest] : rest;
    const home = symbol.module.ir.functions[symbol.kind === 'class' ? symbol.index : 0];
    if (symbol.kind === 'function' || attribute === undefined || more.length > 0 || !home) return false;
    const given: Operand[] = [];
    forEachInstr(home.body, (i) => {
      if (i.op === 'assign' && i.target.op === 'name' && i.target.name === attribute) given.push(i.value);
    });
    const [first] = given;
    return given.length === 1 && first?.op === 'const' && first.kind === value.kind && first.value === value.value;
  }

  /** Attribute `name` of a module. */
  attribute(module: ModuleUnit, name: string): Symbol {
    const found = this.global(module, name);
    if (found) return found;
    if (module.isPackage) {
      const path = this.locate(`${module.name}.${name}`, module);
      const sub = path === undefined ? undefined : this.#from(module, path);
      if (sub) return { kind: 'module', module: sub };
    }
    return { kind: 'external', path: `${module.name}.${name}` };
  }

  #definition(module: ModuleUnit, index: FunctionIndex): Symbol {
    return { kind: module.ir.functions[index]?.kind === 'class' ? 'class' : 'function', module, index };
  }

  #imported(module: ModuleUnit, imported: ImportedName, depth: number): Symbol {
    const { absolute: dotted, path: full } = imported;
    if (depth > MAX_REEXPORTS || this.isOpaque(dotted)) return { kind: 'external', path: full };
    const path = this.locate(dotted, module);
    if (path === undefined || !this.#isHelper(path, dotted, module)) {
      // `from product import test`: the package is product code, the module in it is not.
      const beside = imported.name === null || this.isOpaque(full) ? undefined : this.locate(full, module);
      const unit = beside !== undefined && this.#isHelper(beside, full, module) ? this.#from(module, beside) : undefined;
      return unit ? { kind: 'module', module: unit } : { kind: 'external', path: full };
    }
    if (imported.name === null) {
      const unit = this.#from(module, path);
      return unit ? { kind: 'module', module: unit } : { kind: 'external', path: full };
    }
    const unit = this.#from(module, path);
    const found = unit && unit !== module ? this.#global(unit, imported.name, depth + 1) : undefined;
    if (found) return found;
    const sub = this.locate(full, module);
    const submodule = sub === undefined || this.isOpaque(full) ? undefined : this.#from(module, sub);
    return submodule ? { kind: 'module', module: submodule } : { kind: 'external', path: full };
  }

  /** The configuration describes the module's classes; its own code is not looked at. */
  isOpaque(dotted: string): boolean {
    let known = this.#isOpaque.get(dotted);
    if (known === undefined) this.#isOpaque.set(dotted, (known = this.#opaque.some((o) => dotted === o || dotted.startsWith(`${o}.`))));
    return known;
  }

  /** The module's name says that it is test code. */
  isTestCode(dotted: string): boolean {
    return TEST_CODE.test(dotted);
  }

  /**
   * Product code is not read for its own sake: only modules beside or below the importing one, and those whose name says that they are
   * test code; what calls of it raise, `product` is asked. Misses: helpers of tests that live in product modules elsewhere (samples/09-helpers).
   */
  #isHelper(path: string, dotted: string, from: ModuleUnit): boolean {
    const folder = folderOf(from.path);
    return (folder === '' ? !path.includes('/') : path.startsWith(`${folder}/`)) || TEST_CODE.test(dotted);
  }
}
