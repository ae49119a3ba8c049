/**
 * Which place of a program does an operand name, so that two mentions of it can be compared?
 *
 * An access path is a root and members: `3:f` (local f of function 3), `3%7` (temporary 7), `@` (the instance of the test's class),
 * `@c` (its class), `g:path:name` (a module's global), `R` (what the function returns), then `.attribute`, `[key]`, `[*]`.
 * A local that is assigned once from a temporary (or from what `with` enters) *is* that temporary: copies need no bookkeeping.
 * Misses: aliases through two containers and through attributes of parameters (samples/10-holders).
 */
import type { Instr, IrFunction, Operand } from '../ir/ir.ts';
import { forEachInstr } from '../program/module.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import type { Values } from '../program/values.ts';

export type Path = string;

/** The obligation is also held by the caller, out of sight of the callee. */
export const FRAME: Path = '^';
/** What the function returns. */
export const RESULT: Path = 'R';
/** The member under which an exit stack keeps what it will release. */
export const OWNED = '.<owned>';
/** The member under which an object has the thread that runs one of its methods. */
export const RUNS = '.<runs>';
/** The member under which a path below a folder has that folder: `join(folder, "x")` has it, and `dirname` gives it back. */
export const FOLDER = '.<folder>';

const MAX_PATH_DEPTH = 6; // Longer member chains are not followed: they occur in data, not in handles.

/** The access path of an operand, or undefined where it names no place. */
export function pathOf(operand: Operand, scope: Scope, values: Values, depth = 0): Path | undefined {
  if (depth > MAX_PATH_DEPTH) return undefined;
  switch (operand.op) {
    case 'temp': {
      const def = factsOf(scope.module, scope.fn).temps[operand.id];
      if (def?.kind === 'result') {
        if (def.instr.op === 'await') return pathOf(def.instr.value, scope, values, depth + 1) ?? `${scope.fn.index}%${operand.id}`;
        if (def.instr.op === 'enter') return pathOf(def.instr.manager, scope, values, depth + 1) ?? `${scope.fn.index}%${operand.id}`;
        if (def.instr.op === 'call' && def.instr.callee.op === 'name' && def.instr.callee.name === 'type' && def.instr.args.length === 1) {
          const of = pathOf((def.instr.args[0] as { value: Operand }).value, scope, values, depth + 1);
          if (of === '@') return '@c';
        }
        const member =
          def.instr.op === 'call' ? (memberGot(def.instr, scope, values, depth) ?? folderOf(def.instr, scope, values, depth)) : undefined;
        if (member !== undefined) return member;
        if (def.instr.op === 'call' && def.instr.callee.op === 'name' && def.instr.callee.name === 'super' && scope.cls) return '@';
      }
      return `${scope.fn.index}%${operand.id}`;
    }
    case 'name': {
      if (operand.scope === 'global') {
        const value = values.program.global(scope.module, operand.name);
        if (value?.kind === 'class' && scope.cls?.mro.some((c) => c.module === value.module && c.body.index === value.index)) return '@c';
        return `g:${scope.module.path}:${operand.name}`;
      }
      const owner = scope.module.ir.functions[operand.owner];
      if (!owner) return undefined;
      const facts = factsOf(scope.module, owner);
      if (facts.receiver?.name === operand.name) return facts.receiver.isClass ? '@c' : '@';
      const defs = facts.names.get(operand.name);
      const def = defs?.length === 1 && !facts.assignedInside.has(operand.name) ? defs[0] : undefined;
      if (def?.kind === 'value' && (def.instr.op === 'assign' || def.instr.op === 'enter')) {
        const inner = { ...scope, fn: owner };
        if (def.value.op === 'temp') return pathOf(def.value, inner, values, depth + 1);
        if (def.value.op === 'attr' || def.value.op === 'name') {
          const path = pathOf(def.value, inner, values, depth + 1);
          if (path?.startsWith('@') && !(def.value.op === 'attr' && assignedMembers(owner).has(def.value.name))) return path;
        }
      }
      return `${operand.owner}:${operand.name}`;
    }
    case 'attr': {
      const base = pathOf(operand.of, scope, values, depth + 1);
      if (base === undefined) return undefined;
      if (base === '@' && operand.name === '__class__') return '@c';
      return `${base}.${operand.name}`;
    }
    case 'index': {
      const base = pathOf(operand.of, scope, values, depth + 1);
      if (base === undefined) return undefined;
      return operand.key.op === 'const' && (typeof operand.key.value === 'string' || typeof operand.key.value === 'number')
        ? `${base}[${JSON.stringify(operand.key.value)}]`
        : `${base}[*]`;
    }
    case 'format':
    case 'binary': {
      const text = textOfParts(operand, scope, values, depth + 1);
      return text?.isText ? literalPlace(text.parts) : undefined;
    }
    case 'const':
      return typeof operand.value === 'string' && operand.kind === 'string' && operand.value !== '' ? literalPlace(operand.value) : undefined;
    default:
      return undefined;
  }
}

/**
 * What a text is put together from, the same however it is written: `self.prefix + "a"` and `f"{self.prefix}a"` name the same thing while
 * the names in it keep their values. undefined where a part names no place.
 */
function textOfParts(
  operand: Operand,
  scope: Scope,
  values: Values,
  depth: number,
): { readonly parts: string; readonly isText: boolean } | undefined {
  if (depth > MAX_PATH_DEPTH) return undefined;
  if (operand.op === 'const') return { parts: String(operand.value), isText: operand.kind === 'string' };
  if (operand.op === 'format' || (operand.op === 'binary' && operand.operator === '+')) {
    const pieces = operand.op === 'format' ? operand.parts : [operand.left, operand.right];
    const texts = pieces.map((piece) => (typeof piece === 'string' ? { parts: piece, isText: true } : textOfParts(piece, scope, values, depth + 1)));
    if (texts.some((text) => text === undefined)) return undefined;
    return { parts: texts.map((text) => text?.parts).join(''), isText: operand.op === 'format' || texts.some((text) => text?.isText) };
  }
  const path = operand.op === 'binary' ? undefined : pathOf(operand, scope, values, depth + 1);
  return path === undefined ? undefined : { parts: `{${path}}`, isText: false };
}

const attributeCache = new WeakMap<IrFunction, ReadonlySet<string>>();

/** Names of the attributes, and keys, that the function assigns: a local copy of one of them is a place of its own. */
function assignedMembers(fn: IrFunction): ReadonlySet<string> {
  const known = attributeCache.get(fn);
  if (known) return known;
  const out = new Set<string>();
  const visit = (target: unknown): void => {
    const t = target as { op?: string; name?: string; items?: unknown[]; of?: unknown; key?: Operand };
    if (t.op === 'attr' && t.name !== undefined) out.add(t.name);
    else if (t.op === 'index' && t.key?.op === 'const') out.add(JSON.stringify(t.key.value));
    else if (t.op === 'targets') t.items?.forEach(visit);
    else if (t.op === 'starred') visit(t.of);
  };
  forEachInstr(fn.body, (i) => {
    if (i.op === 'assign' || i.op === 'augment' || i.op === 'next') visit(i.target);
  });
  attributeCache.set(fn, out);
  return out;
}

/** `body.get('id')` reads what `body['id']` reads. */
function memberGot(call: Extract<Instr, { op: 'call' }>, scope: Scope, values: Values, depth: number): Path | undefined {
  const [key] = call.args;
  if (call.callee.op !== 'attr' || call.callee.name !== 'get' || key?.value.op !== 'const' || typeof key.value.value !== 'string') return undefined;
  const member = JSON.stringify(key.value.value);
  if (assignedMembers(scope.fn).has(member)) return undefined;
  const base = pathOf(call.callee.of, scope, values, depth + 1);
  return base === undefined ? undefined : `${base}[${member}]`;
}

/** `os.path.dirname(path)` is the folder that the path was put together from. */
function folderOf(call: Extract<Instr, { op: 'call' }>, scope: Scope, values: Values, depth: number): Path | undefined {
  const name = call.callee.op === 'attr' || call.callee.op === 'name' ? call.callee.name : '';
  const [of] = call.args;
  if (name !== 'dirname' || !of || values.canonical(call.callee, scope) !== 'os.path.dirname') return undefined;
  const path = pathOf(of.value, scope, values, depth + 1);
  return path === undefined ? undefined : `${path}${FOLDER}`;
}

/** The place that a literal name stands for, the same wherever it is written: `delete_queue("jobs")` after `declare_queue("jobs")`. */
export function literalPlace(value: string | number | boolean): Path {
  return `g:literal:${JSON.stringify(value).replace(/[.[\]]/g, '_')}`;
}

/** The place of what has no holder, and is found by who removes it: by a part of its name, or by the line that says so. */
export const SWEPT: Path = literalPlace('swept');

/** The members of a path below its root: ['.x', '[0]']. */
export function membersOf(path: Path): readonly string[] {
  return path.match(/\.[^.[]+|\[[^\]]*\]/g) ?? [];
}

/** The root of a path. A dot inside a module's file name is not a member. */
export function rootOf(path: Path): string {
  if (path.startsWith('g:')) {
    const at = path.indexOf(':', 2);
    const rest = path.slice(at + 1).search(/[.[]/);
    return rest < 0 ? path : path.slice(0, at + 1 + rest);
  }
  const end = path.search(/[.[]/);
  return end < 0 ? path : path.slice(0, end);
}

/** Instance and class are one place for look-ups: `self.x` finds what `cls.x = …` stored. */
const canonical = (path: Path): Path =>
  path.startsWith('@c') && (path.length === 2 || path[2] === '.' || path[2] === '[') ? `@${path.slice(2)}` : path;

/** The members of `path` below `prefix`, '' where they are the same place, undefined where `prefix` does not contain it. `[*]` fits any key. */
export function below(prefix: Path, path: Path): string | undefined {
  const p = canonical(prefix);
  const q = canonical(path);
  if (q === p) return '';
  if (q.startsWith(p) && (q[p.length] === '.' || q[p.length] === '[')) return q.slice(p.length);
  if (!p.includes('[') || !q.includes('[')) return undefined;
  if (rootOf(p) !== rootOf(q)) return undefined;
  const a = membersOf(p.slice(rootOf(p).length));
  const b = membersOf(q.slice(rootOf(q).length));
  if (a.length > b.length) return undefined;
  for (let i = 0; i < a.length; i++) {
    if (a[i] === b[i]) continue;
    if (a[i]?.startsWith('[') && b[i]?.startsWith('[') && (a[i] === '[*]' || b[i] === '[*]')) continue;
    return undefined;
  }
  return b.slice(a.length).join('');
}

/** True where the path is a local or temporary of the function, which ends with it. */
export function isLocalOf(path: Path, fnIndex: number): boolean {
  return path.startsWith(`${fnIndex}:`) || path.startsWith(`${fnIndex}%`);
}
