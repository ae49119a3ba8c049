/**
 * How is a path of a walk told: as the steps of a witness, in the words that all rules of the pillar use?
 *
 * Messages have no full stop and name what stands in the source; where the path ends is said by the rule.
 */
import type { PathKind, Step, Witness } from '../../findings/finding.ts';
import type { Instr, Operand } from '../../ir/ir.ts';
import type { Scope } from '../../program/scope.ts';
import { textOf } from '../../typestate/naming.ts';
import type { WalkStep } from '../../typestate/walk.ts';
import type { RuleContext } from '../define.ts';
import { hasCleanupsOf } from '../scopes.ts';

/** One step at an offset of the scope's module. */
export function stepAt(context: RuleContext, kind: Step['kind'], scope: Scope, offset: number, message: string): Step {
  const at = context.position(scope.module, offset);
  return { kind, path: scope.module.path, line: at.line, column: at.column, message };
}

/** The branches, exceptions and handlers of a walk. */
export function told(context: RuleContext, scope: Scope, steps: readonly WalkStep[]): readonly Step[] {
  const out: Step[] = [];
  for (const s of steps) {
    if (s.kind === 'branch' && s.test)
      out.push(stepAt(context, 'branch', scope, s.test.start, `${conditionText(scope, s.test)} is ${s.outcome ? 'true' : 'false'}`));
    else if (s.kind === 'raise' && s.instr) out.push(stepAt(context, 'raise', scope, s.instr.start, raiseText(s.instr)));
    else if (s.kind === 'catch' && s.instr) out.push(stepAt(context, 'branch', scope, s.instr.start, 'caught here'));
  }
  return out;
}

function conditionText(scope: Scope, test: Operand): string {
  return textOf(scope.module, test);
}

function raiseText(instr: Instr): string {
  return instr.op === 'assert' ? 'raises when the assertion fails' : instr.op === 'raise' ? 'raises' : 'may raise';
}

/** A witness from steps before, along and after the path. */
export function witness(pathKind: PathKind, ...parts: readonly (readonly Step[])[]): Witness {
  return { pathKind, steps: parts.flat() };
}

/** 1-based line of an offset. */
export function lineOf(context: RuleContext, scope: Scope, offset: number): number {
  return context.position(scope.module, offset).line;
}

/** The end of a function's code, for the last step. */
export function endOf(scope: Scope): number {
  return Math.max(scope.fn.start, scope.fn.end - 1);
}

/** How the replacement is made so that it goes again: only a case has cleanups, a plain function has what the runner gives it. */
export function stubCure(text: string, isAdded: boolean, scope: Scope, context: RuleContext): string {
  const isCase = scope.cls !== undefined && hasCleanupsOf(scope.cls, context);
  if (isAdded)
    return isCase ? `register its removal with addCleanup(delattr, …) after this line` : `use monkeypatch.setattr with raising=False for ${text}`;
  return isCase
    ? `use mock.patch.object for ${text}, or register its restore with addCleanup before this line`
    : `use monkeypatch.setattr or mock.patch.object for ${text}`;
}
