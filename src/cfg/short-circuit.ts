/**
 * What does a test of a temporary tell that has just been computed or tested?
 *
 * Lowering writes `if a is not None and a.ready():` as: t1 = (a is not None); if t1: t1 = a.ready(); if t1: … Read literally, the graph would
 * forget at the second `if` how the first one came out, and a path would run the body although `a` is None. So an edge that knows how its
 * test came out is led past empty blocks that test the same temporary again, and a test of a temporary that the last instruction has
 * assigned is given as a test of the assigned value.
 * Sound because a temporary is written by instructions only, and there are none in between.
 * Leaves out: names. `flag = f()` … `if flag:` is for the dataflow problems, which see assignments between the two.
 */
import type { Instr, Operand } from '../ir/ir.ts';
import { EdgeKind } from './cfg.ts';
import type { Draft } from './draft.ts';

/** The temporary that `test` asks for, and whether it asks for its opposite; null for tests of anything else. */
function testedTemp(test: Operand | undefined): { readonly id: number; readonly negated: boolean } | null {
  let negated = false;
  let operand = test;
  while (operand?.op === 'unary' && operand.operator === 'not') {
    negated = !negated;
    operand = operand.of;
  }
  return operand?.op === 'temp' ? { id: operand.id, negated } : null;
}

/**
 * Leads true and false edges past tests they have decided. `first` and `edge` list the draft's edges by source, `threaded` says where an edge to
 * a block really leads. Changes draft.target.
 */
export function skipDecidedTests(draft: Draft, first: Int32Array, edge: Int32Array, threaded: Int32Array): void {
  for (const [block, test] of draft.tests) {
    const decided = testedTemp(test);
    if (!decided) continue;
    for (let i = first[block]; i < first[block + 1]; i++) {
      if (draft.kind[edge[i]] !== EdgeKind.true && draft.kind[edge[i]] !== EdgeKind.false) continue;
      const truth = (draft.kind[edge[i]] === EdgeKind.true) !== decided.negated;
      // A ring of such tests (`while t: pass`) is left alone after as many steps as there are tests.
      for (let steps = draft.tests.size; steps > 0; steps--) {
        const next = threaded[draft.target[edge[i]]];
        const again = testedTemp(draft.tests.get(next));
        if (draft.from[next] !== draft.to[next] || again?.id !== decided.id) break;
        const taken = truth !== again.negated ? EdgeKind.true : EdgeKind.false;
        for (let j = first[next]; j < first[next + 1]; j++) {
          if (draft.kind[edge[j]] === taken) draft.target[edge[i]] = draft.target[edge[j]];
        }
      }
    }
  }
}

/** The operand that a test after the instructions instrs[from] .. instrs[to - 1] really asks for. */
export function testedValue(test: Operand, instrs: readonly Instr[], from: number, to: number): Operand {
  let tested = test;
  for (let i = to - 1; i >= from; i--) {
    const instr = instrs[i];
    const temp = testedTemp(tested);
    if (!temp || instr.op !== 'assign' || instr.target.op !== 'temp' || instr.target.id !== temp.id) break;
    const { value } = instr;
    tested = temp.negated ? { op: 'unary', operator: 'not', of: value, start: value.start, end: value.end } : value;
  }
  return tested;
}
