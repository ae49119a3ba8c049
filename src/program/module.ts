/**
 * What is known of one Python file once it is lowered?
 *
 * A module unit holds the file's IR and answers the look-ups that need only this file: which global names are imports, which
 * functions and classes it defines, the control-flow graph of a function (built on first use). Invariant: nothing in here depends on
 * another file, so a unit can be made in any order and thrown away.
 */

import { absoluteName } from '../base/dotted-names.ts';
import { buildCfg } from '../cfg/build.ts';
import type { Cfg } from '../cfg/cfg.ts';
import type { FunctionIndex, Instr, IrFunction, IrModule, StatementMemo, Stmt, Store, Target } from '../ir/ir.ts';
import type { Symbol } from './program.ts';

export interface ImportedName {
  /** Dotted module as written, leading dots for relative imports. */
  readonly module: string;
  /** The name taken from it; null where the module itself is bound. */
  readonly name: string | null;
  /** `module` without leading dots, as seen from the root. */
  readonly absolute: string;
  /** What is bound, dotted: `absolute`, and the name in it. */
  readonly path: string;
}

export interface ModuleUnit {
  /** Path relative to the project root, POSIX. */
  readonly path: string;
  /** Dotted name as other modules import it: `project.tests.base`. */
  readonly name: string;
  readonly isPackage: boolean;
  readonly text: string;
  readonly ir: IrModule;
  /** Names bound at module level (or inside functions, first come) by imports. */
  readonly imports: ReadonlyMap<string, ImportedName>;
  /** Modules imported with `*`. */
  readonly starImports: readonly string[];
  /** Functions and classes defined at module level, by name (the last definition wins, as in Python). */
  readonly topLevel: ReadonlyMap<string, FunctionIndex>;
  /** Direct children of each function or class body, by name. */
  readonly members: ReadonlyMap<FunctionIndex, ReadonlyMap<string, FunctionIndex>>;
  /** All names that the module's own code binds. */
  readonly globals: ReadonlySet<string>;
  /** What `Program.global` has answered, by name; null for undefined. */
  readonly symbols: Map<string, Symbol | null>;
  cfg(index: FunctionIndex): Cfg;
}

/** Kinds of statements, as bits of `kindsIn`. */
export const Kind = {
  if: 1,
  loop: 2,
  try: 4,
  with: 8,
  match: 16,
  return: 32,
  /** raise, break, continue */
  leave: 64,
} as const;

/** The instructions of the statement tree in source order, with those of nested functions left out. */
export function instrsIn(stmt: Stmt): readonly Instr[] {
  return (stmt.memo ?? look(stmt)).instrs;
}

/** Calls `visit` for each of `instrsIn`. */
export function forEachInstr(stmt: Stmt, visit: (instr: Instr) => void): void {
  const { instrs } = stmt.memo ?? look(stmt);
  const { length } = instrs;
  for (let i = 0; i < length; i++) visit(instrs[i] as Instr);
}

/** The calls among `instrsIn`: most questions are about calls only. */
export function callsIn(stmt: Stmt): StatementMemo['calls'] {
  return (stmt.memo ?? look(stmt)).calls;
}

/** The managers that are entered among `instrsIn`. */
export function entersIn(stmt: Stmt): StatementMemo['enters'] {
  return (stmt.memo ?? look(stmt)).enters;
}

/** Which kinds of statements the tree holds (`Kind`): most functions have no loop and no try, and who looks for one need not walk them. */
export function kindsIn(stmt: Stmt): number {
  return (stmt.memo ?? look(stmt)).kinds;
}

/** Those among `instrsIn` that give something to an attribute, an item or several targets, and all deletions: most functions have none. */
export function storesIn(stmt: Stmt): readonly Store[] {
  return (stmt.memo ?? look(stmt)).stores;
}

/** In source order, all calls and stores among `instrsIn`, and perhaps others: most functions have no stores, and their calls are at hand. */
export function callsAndStoresIn(stmt: Stmt): readonly Instr[] {
  const { calls, instrs, stores } = stmt.memo ?? look(stmt);
  return stores.length === 0 ? calls : instrs;
}

const noCalls: StatementMemo['calls'] = [];
const noEnters: StatementMemo['enters'] = [];
const noStores: StatementMemo['stores'] = [];

function look(stmt: Stmt): StatementMemo {
  let instrs: readonly Instr[];
  let kinds = 0;
  if (stmt.op === 'run') instrs = stmt.instrs;
  else {
    const found: Instr[] = [];
    kinds = walk(stmt, found);
    instrs = found.slice(); // Cut to size: it stays for long.
  }
  const calls: StatementMemo['calls'][number][] = [];
  const enters: StatementMemo['enters'][number][] = [];
  const stores: Store[] = [];
  const { length } = instrs;
  for (let i = 0; i < length; i++) {
    const instr = instrs[i] as Instr;
    switch (instr.op) {
      case 'call':
        calls.push(instr);
        break;
      case 'assign':
      case 'augment':
      case 'next':
      case 'caught':
        if (isStored(instr.target)) stores.push(instr);
        break;
      case 'enter':
        enters.push(instr);
        if (isStored(instr.target)) stores.push(instr);
        break;
      case 'delete':
        stores.push(instr);
        break;
      default:
    }
  }
  stmt.memo = {
    instrs,
    kinds,
    calls: calls.length === 0 ? noCalls : calls.slice(),
    enters: enters.length === 0 ? noEnters : enters.slice(),
    stores: stores.length === 0 ? noStores : stores.slice(),
  };
  return stmt.memo;
}

const isStored = (target: Target | null): boolean => target !== null && target.op !== 'name' && target.op !== 'temp';

/** Puts the instructions into `found`; returns the kinds of the statements. */
function walk(stmt: Stmt, found: Instr[]): number {
  const stack: Stmt[] = [stmt];
  let kinds = 0;
  while (stack.length > 0) {
    const s = stack.pop() as Stmt;
    switch (s.op) {
      case 'seq':
        for (let i = s.items.length - 1; i >= 0; i--) stack.push(s.items[i] as Stmt);
        break;
      case 'run':
        for (const instr of s.instrs) found.push(instr);
        break;
      case 'if':
        kinds |= Kind.if;
        if (s.otherwise) stack.push(s.otherwise);
        stack.push(s.then);
        break;
      case 'loop':
        kinds |= Kind.loop;
        if (s.otherwise) stack.push(s.otherwise);
        stack.push(s.body, s.head);
        break;
      case 'try':
        kinds |= Kind.try;
        if (s.final) stack.push(s.final);
        if (s.otherwise) stack.push(s.otherwise);
        for (let i = s.handlers.length - 1; i >= 0; i--) stack.push((s.handlers[i] as { body: Stmt }).body);
        stack.push(s.body);
        break;
      case 'with':
        kinds |= Kind.with;
        found.push(s.enter);
        stack.push(s.body);
        break;
      case 'match':
        kinds |= Kind.match;
        for (let i = s.cases.length - 1; i >= 0; i--) {
          const c = s.cases[i] as (typeof s.cases)[number];
          stack.push(c.body);
          if (c.guardHead) stack.push(c.guardHead);
          stack.push(c.bind);
        }
        break;
      case 'return':
        kinds |= Kind.return;
        found.push(s.instr);
        break;
      case 'raise':
        kinds |= Kind.leave;
        found.push(s.instr);
        break;
      default:
        kinds |= Kind.leave;
    }
  }
  return kinds;
}

/** What an import binds that is written in the module named `within`. */
export function importedName(module: string, name: string | null, within: string, isPackage: boolean): ImportedName {
  const absolute = absoluteName(module, within, isPackage);
  return { module, name, absolute, path: name === null ? absolute : absolute === '' ? name : `${absolute}.${name}` };
}

/** Makes the unit of a lowered file. */
export function makeModule(path: string, name: string, isPackage: boolean, text: string, ir: IrModule): ModuleUnit {
  const imports = new Map<string, ImportedName>();
  const starImports: string[] = [];
  const topLevel = new Map<string, FunctionIndex>();
  const members = new Map<FunctionIndex, Map<string, FunctionIndex>>();
  for (const fn of ir.functions) {
    if (fn.parent !== null && fn.kind !== 'lambda') {
      let own = members.get(fn.parent);
      if (!own) members.set(fn.parent, (own = new Map()));
      own.set(fn.name, fn.index);
      if (fn.parent === 0) topLevel.set(fn.name, fn.index);
    }
  }
  // Module-level imports win over those made inside functions, whatever their order. Overreports: nothing; Misses: a function-level
  // import that shadows another module-level one (samples/09-helpers).
  for (const { instr, within } of [...ir.imports].sort((a, b) => a.within - b.within)) {
    for (const b of instr.bindings) {
      if (b.bound.name === '*') starImports.push(b.module);
      else if (within === 0 || !imports.has(b.bound.name)) imports.set(b.bound.name, importedName(b.module, b.name, name, isPackage));
    }
  }
  const cfgs: (Cfg | undefined)[] = [];
  return {
    path,
    name,
    isPackage,
    text,
    ir,
    imports,
    starImports,
    topLevel,
    members,
    globals: new Set(ir.functions[0]?.locals),
    symbols: new Map(),
    cfg(index: FunctionIndex): Cfg {
      return (cfgs[index] ??= buildCfg(ir.functions[index] as IrFunction));
    },
  };
}

const insideOf = new WeakMap<ModuleUnit, ReadonlyMap<number, readonly IrFunction[]>>();

/** The functions and lambdas written inside of a function, nested ones included. */
export function functionsInside(module: ModuleUnit, index: number): readonly IrFunction[] {
  let children = insideOf.get(module);
  if (!children) {
    const made = new Map<number, IrFunction[]>();
    for (const fn of module.ir.functions) {
      if (fn.parent === null) continue;
      const siblings = made.get(fn.parent);
      if (siblings) siblings.push(fn);
      else made.set(fn.parent, [fn]);
    }
    insideOf.set(module, (children = made));
  }
  const found: IrFunction[] = [];
  const pending = [index];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const fn of children.get(next) ?? []) {
      found.push(fn);
      pending.push(fn.index);
    }
  }
  return found;
}
