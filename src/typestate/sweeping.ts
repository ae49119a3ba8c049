/**
 * Does a configured sweeper take this very resource along?
 *
 * One that sweeps a collection takes what is held in it. One that sweeps by a name prefix takes what was given a name that the prefix is part
 * of: whether the acquisition mentions the prefix is found where it is made, and travels with the captures. One with neither takes everything
 * of its kinds.
 */
import type { Captures, Patterns } from '../config/call-view.ts';
import { compileGlob, testGlob } from '../config/globs.ts';
import type { SweeperPattern } from '../config/model.ts';
import type { Argument, Operand } from '../ir/ir.ts';
import { expressionOf } from '../program/call-site.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import type { Path } from './path.ts';
import type { State } from './state.ts';
import type { Tracked } from './transfer.ts';

/** Names and calls that a name is made of are followed this deep: `name = unique(self.prefix + "a")`. */
const MAX_STEPS = 4;

/** No capture of a glob is called so: captures are words. */
const mark = (prefix: string): string => `named by ${prefix}`;

/** The captures of an acquisition, with a mark for each sweeper's prefix that its arguments mention. */
export function markedCaptures(captures: Captures, kind: string, args: readonly Argument[], scope: Scope, patterns: Patterns): Captures {
  let marked = captures;
  for (const pack of patterns.packs) {
    for (const { prefix, kinds } of pack.sweepers) {
      if (prefix === null || !kinds.some((k) => k === kind || k === '*')) continue;
      if (args.some((a) => isMadeOf(a.value, ownName(prefix), scope, 0))) marked = { ...marked, [mark(prefix)]: 'yes' };
    }
  }
  return marked;
}

/** Leaves the obligation nothing to be released: the sweeper runs now. */
export function sweeps({ kinds, prefix, collection }: SweeperPattern, tracked: Tracked, state: State): boolean {
  if (!kinds.some((k) => k === tracked.kind.kind || k === '*')) return false;
  if (prefix !== null && tracked.captures[mark(prefix)] === undefined) return false;
  if (collection === null) return true;
  const glob = compileGlob(collection);
  return state.holders.some((h) => {
    const at = h.indexOf('[');
    return at > 0 && collectionNames(h.slice(0, at)).some((name) => testGlob(glob, name));
  });
}

/** How code may write the place of a collection. */
function collectionNames(path: Path): readonly string[] {
  const member = /^@c?\.(.+)$/.exec(path);
  if (member) return [`self.${member[1]}`, `cls.${member[1]}`];
  const local = /^\d+:(.+)$/.exec(path);
  return local ? [local[1] as string] : [];
}

function isMadeOf(operand: Operand, name: string, scope: Scope, steps: number): boolean {
  if (steps > MAX_STEPS) return false;
  const any = (parts: readonly (Operand | string | null)[]): boolean =>
    parts.some((part) => part !== null && typeof part !== 'string' && isMadeOf(part, name, scope, steps + 1));
  if ((operand.op === 'attr' || operand.op === 'name') && ownName(expressionOf(operand)) === name) return true;
  switch (operand.op) {
    case 'attr':
    case 'index':
    case 'star':
      return any([operand.of]);
    case 'format':
      return any(operand.parts);
    case 'binary':
      return any([operand.left, operand.right]);
    case 'tuple':
    case 'list':
      return any(operand.items);
    case 'dict':
      return any(operand.entries.map((e) => e.value));
    case 'temp': {
      const def = factsOf(scope.module, scope.fn).temps[operand.id];
      if (def?.kind === 'value') return any([def.value]);
      if (def?.kind !== 'result' || def.instr.op !== 'call') return false;
      return any([...def.instr.args.map((a) => a.value), ...(def.instr.callee.op === 'attr' ? [def.instr.callee.of] : [])]);
    }
    case 'name': {
      const owner = operand.scope === 'global' ? undefined : scope.module.ir.functions[operand.owner];
      const defs = owner ? (factsOf(scope.module, owner).names.get(operand.name) ?? []) : [];
      return owner !== undefined && defs.some((d) => d.kind === 'value' && isMadeOf(d.value, name, { ...scope, fn: owner }, steps + 1));
    }
    default:
      return false;
  }
}

const ownName = (expression: string): string => expression.replace(/^cls\./, 'self.');
