/**
 * What has an operand to do with the tracked resource?
 *
 * It is the resource, its id, an object that owns it, a part of it, a bound method, a closure over it, or nothing. All comparisons of
 * operands with holders go through here.
 */
import type { Member, ResourceKind } from '../config/model.ts';
import type { IrFunction, Operand } from '../ir/ir.ts';
import { forEachInstr } from '../program/module.ts';
import { factsOf, nestedScope, type Scope } from '../program/scope.ts';
import type { Values } from '../program/values.ts';
import { below, FOLDER, type Path, pathOf } from './path.ts';
import type { State } from './state.ts';

export type Relation =
  | { readonly kind: 'exact' | 'identity' }
  /** The operand holds the resource at `members` below itself. */
  | { readonly kind: 'owner'; readonly members: readonly string[] }
  /** A member of the handle that does not identify it. */
  | { readonly kind: 'part' };

/** Member paths as text: `['id']` → `["id"]`, `.id`. */
export function membersText(members: readonly Member[]): string {
  return members.map((m) => (m.op === 'attribute' ? `.${m.name}` : m.op === 'key' ? `[${JSON.stringify(m.key)}]` : '[*]')).join('');
}

/** `server[const.ID]` may be `server['id']`: a key that has a name of its own is one of those that are known. */
function isMember(identity: string, member: string): boolean {
  return identity === member || (member === '[*]' && identity.startsWith('[') && identity.lastIndexOf('[') === 0);
}

/** The relation of a place to the resource; undefined where they have nothing in common. */
export function relationOf(path: Path, state: State, kind: ResourceKind): Relation | undefined {
  let owned: string[] | undefined;
  let found: Relation | undefined;
  for (const h of state.holders) {
    const inner = below(path, h);
    if (inner === '') return { kind: 'exact' };
    if (inner !== undefined) (owned ??= []).push(inner);
    else {
      const member = below(h, path);
      if (member === undefined) continue;
      if (kind.identities.some((i) => isMember(membersText(i), member))) found = { kind: 'identity' };
      else found ??= { kind: 'part' };
    }
  }
  if (found?.kind === 'identity') return found;
  return owned ? { kind: 'owner', members: owned } : found;
}

/** A path names its folder and does not have it: who gets the one keeps nothing of the other. */
export function namesFolder(rel: Relation): boolean {
  return rel.kind === 'owner' && rel.members.every((m) => m.includes(FOLDER));
}

/** The members below `operand` at which the resource is held, for building aliases: `x = (f, 1)` gives ['[0]'] for f's holder. */
export function heldBelow(operand: Operand, state: State, kind: ResourceKind, scope: Scope, values: Values): readonly string[] {
  switch (operand.op) {
    case 'tuple':
    case 'list':
      return operand.items.flatMap((item, i) => heldBelow(item, state, kind, scope, values).map((m) => `[${item.op === 'star' ? '*' : i}]${m}`));
    case 'set':
      return operand.items.flatMap((item) => heldBelow(item, state, kind, scope, values).map((m) => `[*]${m}`));
    case 'dict':
      return operand.entries.flatMap((e) => {
        const held = heldBelow(e.value, state, kind, scope, values);
        if (e.key === null) return held; // `{**options}` has what that one has.
        return held.map((m) => `${e.key?.op === 'const' ? `[${JSON.stringify(e.key.value)}]` : '[*]'}${m}`);
      });
    case 'boolean':
      return operand.items.flatMap((item) => heldBelow(item, state, kind, scope, values));
    case 'choice':
      return [...heldBelow(operand.then, state, kind, scope, values), ...heldBelow(operand.otherwise, state, kind, scope, values)];
    case 'star':
      return heldBelow(operand.of, state, kind, scope, values);
    case 'binary':
      return operand.operator === '+'
        ? [operand.left, operand.right].flatMap((o) => heldBelow(o, state, kind, scope, values).map((m) => m.replace(/^\[[^\]]*\]/, '[*]')))
        : [];
    default: {
      const path = pathOf(operand, scope, values);
      const rel = path === undefined ? undefined : relationOf(path, state, kind);
      if (rel?.kind === 'exact' || rel?.kind === 'identity') return [''];
      return rel?.kind === 'owner' ? rel.members : [];
    }
  }
}

/** The strongest way in which an argument carries the resource into a call. */
export type Carried = 'exact' | 'identity' | 'owner' | 'method' | 'captured';

/** How `operand` carries the resource: itself, its id, an object that owns it, a bound method of it, a closure over it. */
export function carries(
  operand: Operand,
  state: State,
  kind: ResourceKind,
  scope: Scope,
  values: Values,
): { readonly how: Carried; readonly method?: string } | undefined {
  switch (operand.op) {
    case 'tuple':
    case 'list':
    case 'set':
      return strongest(operand.items, state, kind, scope, values);
    case 'dict':
      return strongest(
        operand.entries.map((e) => e.value),
        state,
        kind,
        scope,
        values,
      );
    case 'boolean':
      return strongest(operand.items, state, kind, scope, values);
    case 'choice':
      return strongest([operand.then, operand.otherwise], state, kind, scope, values);
    case 'star':
      return carries(operand.of, state, kind, scope, values);
    case 'format': // A descriptor's number written into a program that is run elsewhere.
      return kind.once
        ? strongest(
            operand.parts.filter((p): p is Operand => typeof p !== 'string'),
            state,
            kind,
            scope,
            values,
          )
        : undefined;
    case 'function': {
      const free = freePaths(nestedScope(scope, operand.index), values);
      for (const p of free) {
        const rel = relationOf(p, state, kind);
        if (rel && rel.kind !== 'part' && !p.startsWith('@')) return { how: 'captured' };
      }
      return undefined;
    }
    case 'name':
    case 'temp':
    case 'attr':
    case 'index': {
      const path = pathOf(operand, scope, values);
      const rel = path === undefined ? undefined : relationOf(path, state, kind);
      if (rel?.kind === 'exact' || rel?.kind === 'identity') return { how: rel.kind };
      if (rel?.kind === 'owner') return path === '@' || path === '@c' || namesFolder(rel) ? undefined : { how: 'owner' };
      if (operand.op === 'attr') {
        const of = pathOf(operand.of, scope, values);
        const owner = of === undefined ? undefined : relationOf(of, state, kind);
        if (owner?.kind === 'exact') return { how: 'method', method: operand.name };
        if (owner?.kind === 'owner' && of !== '@' && of !== '@c') return { how: 'method', method: operand.name };
      }
      if (operand.op === 'name') {
        const value = values.of(operand, scope);
        if (value?.kind === 'nested') return carries({ op: 'function', index: value.index, start: 0, end: 0 }, state, kind, value.scope, values);
      }
      return undefined;
    }
    default:
      return undefined;
  }
}

const RANK: Readonly<Record<Carried, number>> = { exact: 5, owner: 4, method: 3, captured: 2, identity: 1 };

function strongest(
  items: readonly Operand[],
  state: State,
  kind: ResourceKind,
  scope: Scope,
  values: Values,
): { readonly how: Carried; readonly method?: string } | undefined {
  let best: { readonly how: Carried; readonly method?: string } | undefined;
  for (const item of items) {
    const c = carries(item, state, kind, scope, values);
    if (c && (!best || RANK[c.how] > RANK[best.how])) best = c;
  }
  return best;
}

const freeCache = new WeakMap<IrFunction, readonly Path[]>();

/** What the defaults of a nested function's parameters name where it is made: `lambda p=p: p.stop()` keeps the thing. */
export function defaultPaths({ module, fn, ...around }: Scope, values: Values): readonly { readonly param: string; readonly path: Path }[] {
  const parent = fn.parent === null ? undefined : module.ir.functions[fn.parent];
  if (!parent || parent.kind === 'class') return [];
  return fn.params.flatMap((p) => {
    const path = p.default && p.default.op !== 'const' ? pathOf(p.default, { ...around, module, fn: parent }, values) : undefined;
    return path === undefined ? [] : [{ param: p.name, path }];
  });
}

/** The places outside itself that a nested function or lambda mentions. */
export function freePaths(scope: Scope, values: Values): readonly Path[] {
  const known = freeCache.get(scope.fn);
  if (known) return known;
  const out = new Set<Path>();
  const visit = (o: unknown): void => {
    if (o === null || typeof o !== 'object') return;
    if (Array.isArray(o)) {
      for (const x of o) visit(x);
      return;
    }
    const operand = o as Operand;
    if (operand.op === 'name') {
      if (operand.scope === 'closure' || operand.scope === 'global') {
        const p = pathOf(operand, scope, values);
        if (p !== undefined) out.add(p);
      }
      return;
    }
    if (operand.op === 'function') {
      for (const p of freePaths(nestedScope(scope, operand.index), values)) out.add(p);
      return;
    }
    for (const v of Object.values(operand)) if (typeof v === 'object') visit(v);
  };
  forEachInstr(scope.fn.body, visit);
  for (const { path } of defaultPaths(scope, values)) out.add(path);
  const list = [...out];
  freeCache.set(scope.fn, list);
  return list;
}

/** Names of the scope's own function that nested functions close over would be aliases; true where `name` is a parameter of it. */
export function isParameter(path: Path, scope: Scope): boolean {
  const m = /^(\d+):([^.[]+)/.exec(path);
  if (!m) return false;
  const fn = scope.module.ir.functions[Number(m[1])];
  return fn !== undefined && fn.params.some((p) => p.name === m[2]) && (factsOf(scope.module, fn).names.get(m[2] as string)?.length ?? 0) === 1;
}
