/**
 * Which path proves a leak? Reads the chain of nodes that the exploration left behind, in order.
 *
 * Steps are the branches that were undecided, the raise that counts, and the call it came from; the words are made in rules/.
 */
import { type Cfg, EdgeKind } from '../cfg/cfg.ts';
import type { Instr, Stmt } from '../ir/ir.ts';
import { forEachStmt } from '../ir/statements.ts';
import type { Scope } from '../program/scope.ts';
import type { Node } from './explore.ts';
import type { PathStep } from './report.ts';
import type { InFlight } from './state.ts';

/** The steps from the acquisition to the node, in execution order. */
export function pathSteps(node: Node, scope: Scope): readonly PathStep[] {
  const out: PathStep[] = [];
  for (let n: Node | null = node; n !== null; n = n.from) {
    if (n.from === null || n.via === null) continue;
    if (n.edge === EdgeKind.raise) out.push({ kind: 'raise', scope, instr: n.via });
    else if ((n.edge === EdgeKind.true || n.edge === EdgeKind.false) && n.test)
      out.push({ kind: 'branch', scope, instr: n.via, test: n.test, outcome: n.edge === EdgeKind.true });
  }
  return out.reverse();
}

/**
 * The `return` by which the way leaves its function, of which `body` is the code; undefined where it runs to the end of that, or where a `finally` may
 * have gone on elsewhere. What else a `finally` does comes after the `return`.
 */
export function returnOf(node: Node, cfg: Cfg, body: Stmt): Instr | undefined {
  for (let n: Node | null = node; n !== null; n = n.from) {
    for (let i = (cfg.firstInstr[n.block + 1] as number) - 1; i >= (cfg.firstInstr[n.block] as number); i--) {
      const instr = cfg.instrs[i] as Instr;
      if (instr.op === 'return') return isTakenBack(instr, body) ? undefined : instr;
    }
  }
  return undefined;
}

/** `finally: break` around it: what was to be returned is forgotten. */
function isTakenBack(leaves: Instr, body: Stmt): boolean {
  let found = false;
  forEachStmt(body, (s) => {
    if (s.op !== 'try' || s.final === null || leaves.start < s.start || leaves.end > s.end) return;
    forEachStmt(s.final, (inner) => {
      found ||= inner.op === 'break' || inner.op === 'continue';
    });
  });
  return found;
}

/** The last instruction that raised on the way to the node. */
export function raiseOf(node: Node): Instr | undefined {
  let again: Instr | undefined;
  for (let n: Node | null = node; n !== null; n = n.from) {
    if (n.edge !== EdgeKind.raise || !n.via) continue;
    if (n.via.op !== 'raise' || n.via.value !== null) return n.via;
    again ??= n.via; // `except: …; raise`: what was caught is the reason.
  }
  return again;
}

/** Where the helper raised that had made the thing before, on a path that begins so. */
export function raisedInHelper(node: Node): InFlight['at'] {
  for (let n: Node | null = node; n !== null; n = n.from) if (n.edge === EdgeKind.raise) return n.from === null ? n.state.inFlight?.at : undefined;
  return undefined;
}
