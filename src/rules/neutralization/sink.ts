/**
 * How is outside text that reaches a sink reported? One finding at the sink, with the way from the source as its witness.
 *
 * Invariant: the sink's line is the finding's; the source may stand in another function. Left out: what happens to the text in between,
 * which is a chain of assignments that the reader sees in the two lines.
 */
import type { Role } from '../../config/model.ts';
import type { Operand } from '../../ir/ir.ts';
import { textOf } from '../../typestate/naming.ts';
import { type BoundaryCall, boundaryCalls, isPretended } from '../boundaries.ts';
import type { Report, RuleContext } from '../define.ts';
import { originOf } from './origin.ts';

/** Reports the calls of a role whose argument holds outside text; returns how many calls of the role there are. */
export function reportTainted(
  context: RuleContext,
  report: (r: Report) => void,
  role: Role,
  accepts: (call: BoundaryCall, argument: Operand) => boolean,
  message: (source: string, argument: string, call: BoundaryCall) => string,
): number {
  const calls = boundaryCalls(context, role);
  for (const call of calls) {
    const { instr, scope, argument } = call;
    if (!argument || argument.op === 'const' || !accepts(call, argument)) continue;
    const origin = originOf(argument, scope, context.engine);
    if (!origin || isPretended(instr, scope, context.engine)) continue;
    const from = context.position(origin.scope.module, origin.start);
    const to = context.position(scope.module, instr.start);
    report({
      module: scope.module,
      start: instr.start,
      end: instr.end,
      test: scope.fn.qualifiedName,
      message: message(origin.what, textOf(scope.module, argument), call),
      witnesses: [
        {
          pathKind: 'normal',
          steps: [
            { kind: 'call', path: origin.scope.module.path, ...from, message: `comes from ${origin.what}: ${origin.text}` },
            { kind: 'use', path: scope.module.path, ...to, message: `used here: ${textOf(scope.module, instr)}` },
          ],
        },
      ],
    });
  }
  return calls.length;
}
