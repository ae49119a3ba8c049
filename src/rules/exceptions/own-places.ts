/** Is an attribute of an object that is not imported by name replaced as one that must be put back? */
import type { Instr, Operand } from '../../ir/ir.ts';
import type { Scope } from '../../program/scope.ts';
import { isOwnObject } from '../../typestate/own-objects.ts';
import type { RuleContext } from '../define.ts';
import { isStub } from './replacements.ts';

/**
 * An attribute of any object whose old value the test itself saves and puts back: the author says that it must be restored.
 * Its place in the source, as written; undefined for all others.
 */
export function ownPutBack(
  instr: Extract<Instr, { op: 'assign' }>,
  target: Extract<Operand, { op: 'attr' }>,
  instrs: readonly Instr[],
  scope: Scope,
  context: RuleContext,
): string | undefined {
  if (target.of.op !== 'attr') return undefined;
  const saves = instrs.filter((i) => i.op === 'assign' && i.end <= instr.start && i.target.op === 'name' && i.value.op === 'attr');
  if (saves.length === 0) return undefined;
  const place = sourceOf(target, scope);
  const saved = saves.find((i) => i.op === 'assign' && sourceOf(i.value, scope) === place);
  if (saved?.op !== 'assign' || saved.target.op !== 'name') return undefined;
  if (!isStub(instr.value, scope, context) || isOwnObject(target.of, scope, context.engine)) return undefined;
  const { name } = saved.target;
  return instrs.some(
    (i) => i.op === 'assign' && i.start > instr.start && sourceOf(i.target, scope) === place && i.value.op === 'name' && i.value.name === name,
  )
    ? place
    : undefined;
}

/** The source text of a place, white space aside. */
export function sourceOf(at: { readonly start: number; readonly end: number }, scope: Scope): string {
  return scope.module.text.slice(at.start, at.end).replace(/\s+/g, '');
}
