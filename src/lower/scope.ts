/**
 * Which variable does a name mean?
 *
 * Python decides this for a whole function before it runs: a name bound anywhere in it is local, unless declared otherwise (names.ts finds
 * the bindings). Class bodies are invisible to the functions in them. Comprehensions and type parameters have scopes of their own, but are
 * lowered into the enclosing function; their names are locals of that function, renamed where they would clash.
 * Module variables are always `global`, in the module's body too, so that one variable has one form.
 * Leaves out: private name mangling (`__x` in a class), the normal form of names that are not ASCII (NFKC), and class bodies that read a name before they bind it.
 */
import type { FunctionIndex, IrFunction, NameRef } from '../ir/ir.ts';
import type { BoundNames } from './names.ts';

/** The names of one function, class body or module. */
export interface FunctionNames extends BoundNames {
  readonly index: FunctionIndex;
  readonly kind: IrFunction['kind'];
  /** Locals that lowering adds, in order: the variables of comprehensions. */
  added: Set<string> | null;
  /** By name: how many locals were added for it under another one. Generated code has thousands of comprehensions over the same name. */
  renamings: Map<string, number> | null;
  /** It names a variable of a function around it. */
  usesOuter: boolean;
}

/** The names of a function before anything has been lowered. */
export function newNames(index: FunctionIndex, kind: IrFunction['kind'], bound: BoundNames): FunctionNames {
  const { locals, globals, hasWalrus } = bound;
  return { index, kind, locals, globals, hasWalrus, added: null, renamings: null, usesOuter: false };
}

/** A link in the chain of scopes. */
export interface NameScope {
  readonly owner: FunctionNames;
  readonly outer: NameScope | null;
  /** For the scope of a comprehension or of type parameters: the names it binds, and the locals they became. */
  readonly renamed: ReadonlyMap<string, string> | null;
}

/** A name of the text. What it means is asked again and again in one scope, before the next one begins. */
export interface Spelling {
  readonly text: string;
  /** Where it was met last, and what it meant there. */
  scope: NameScope | null;
  meaning: Meaning | null;
}

interface Meaning {
  readonly name: string;
  readonly scope: NameRef['scope'];
  readonly owner: FunctionIndex;
}

/** The scope of a function's own names. */
export function functionScope(owner: FunctionNames, outer: NameScope | null): NameScope {
  return { owner, outer, renamed: null };
}

/** A scope inside a function that binds `names`; each becomes a local of the function. */
export function innerScope(outer: NameScope, names: Iterable<string>): NameScope {
  const { owner } = outer;
  const renamed = new Map<string, string>();
  for (const name of names) {
    if (renamed.has(name)) continue;
    const local = freeName(owner, name);
    owner.added ??= new Set();
    owner.added.add(local);
    renamed.set(name, local);
  }
  return { owner, outer, renamed };
}

/** In a class body or a module, a plain name would look like an attribute. */
function freeName(owner: FunctionNames, name: string): string {
  const taken = owner.kind === 'class' || owner.kind === 'module';
  if (!taken && !owner.locals.has(name) && owner.added?.has(name) !== true) return name;
  owner.renamings ??= new Map();
  const count = (owner.renamings.get(name) ?? 0) + 1;
  owner.renamings.set(name, count);
  return `${name}@${count}`;
}

/** The variable that `spelling`, written at [start, end), means in `scope`. */
export function resolveSpelling(scope: NameScope, spelling: Spelling, start: number, end: number): NameRef {
  let { meaning } = spelling;
  if (spelling.scope !== scope || meaning === null) {
    spelling.scope = scope;
    spelling.meaning = meaning = resolve(scope, spelling.text);
  }
  return nameAt(meaning, start, end);
}

/** The same for a name that the text need not hold in this form. */
export function resolveName(scope: NameScope, name: string, start: number, end: number): NameRef {
  return nameAt(resolve(scope, name), start, end);
}

function nameAt({ name, scope, owner }: Meaning, start: number, end: number): NameRef {
  return { op: 'name', name, scope, owner, start, end };
}

function resolve(from: NameScope, name: string): Meaning {
  const meaning = search(from, name);
  if (meaning.scope === 'closure') from.owner.usesOuter = true;
  return meaning;
}

function search(from: NameScope, name: string): Meaning {
  const own = from.owner.index;
  for (let scope: NameScope | null = from; scope !== null; scope = scope.outer) {
    const { owner, renamed } = scope;
    if (renamed !== null) {
      const local = renamed.get(name);
      if (local !== undefined) return { name: local, scope: owner.index === own ? 'local' : 'closure', owner: owner.index };
      continue;
    }
    if (owner.kind === 'module' || owner.globals.has(name)) break;
    if (owner.kind === 'class' && scope !== from) continue;
    if (owner.locals.has(name)) return { name, scope: owner.index === own ? 'local' : 'closure', owner: owner.index };
  }
  return { name, scope: 'global', owner: 0 };
}

/** The scope in which an assignment expression binds: not the comprehension's, but the function's. */
export function bindingScope(scope: NameScope): NameScope {
  let binding = scope;
  while (binding.renamed !== null && binding.outer !== null) binding = binding.outer;
  return binding;
}
