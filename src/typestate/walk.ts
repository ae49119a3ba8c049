/**
 * By which path can a function get from here to there, exceptions included, when nothing but control flow is asked?
 *
 * The obligations have an exploration of their own; rules about handlers, stubs and records need the same exits and handlers with a
 * small mark of their own instead of a resource. Raise edges are taken as the calls' likelihood says (`never`, `always`), handlers and
 * managers by the type of the exception on its way. The answer is the path with the fewest exceptions, then the shortest.
 * Leaves out: outcomes of tests that exclude each other; a rule that needs them says so.
 */
import { EdgeKind } from '../cfg/cfg.ts';
import { search } from '../dataflow/paths.ts';
import type { Instr, Operand } from '../ir/ir.ts';
import type { Scope } from '../program/scope.ts';
import { oddsOf } from './calls.ts';
import type { Engine } from './engine.ts';
import { exceptionName, mayCatch, typeNames } from './exceptions.ts';
import { leaveWith } from './managers.ts';
import { type InFlight, initialState } from './state.ts';

export interface WalkPoint {
  readonly mark: string;
  readonly flight: InFlight | null;
  /** The instruction of the block from which on it is walked; 0 means the block's first. */
  readonly from: number;
}

export interface WalkProblem {
  /** The mark after the instruction has done its work; null where the path is of no interest any more. */
  readonly after: (instr: Instr, mark: string) => string | null;
  /** The mark where the instruction raised; null where that edge is not followed. */
  readonly raised: (instr: Instr, mark: string, flight: InFlight) => string | null;
  /** Pairs of block and mark to look at, for rules that walk through one function many times; what it cuts off is reported. */
  readonly budget?: number;
  readonly isGoal: (at: 'exit' | 'raised-exit' | 'inside', mark: string, block: number) => boolean;
}

export interface WalkStep {
  readonly kind: 'raise' | 'branch' | 'catch';
  readonly instr: Instr | undefined;
  readonly test?: Operand;
  readonly outcome?: boolean;
}

/** Where a walk begins: right after an instruction on its normal way, on its raise edge, or at the function's entry. */
export type WalkStart =
  | { readonly at: 'entry'; readonly mark: string }
  | { readonly at: 'after' | 'raise'; readonly instr: Instr; readonly mark: string };

/** The first step of the path that raises. */
export function raisedBy(path: readonly WalkStep[] | null): Instr | undefined {
  return path?.find((s) => s.kind === 'raise')?.instr;
}

/** The steps of the best path from the start to a goal; null where there is none, or none was found within the search's budget. */
export function walk(scope: Scope, engine: Engine, start: WalkStart, problem: WalkProblem): readonly WalkStep[] | null {
  const cfg = engine.cfg(scope);
  const starts: { block: number; state: WalkPoint }[] = [];
  if (start.at === 'entry') starts.push({ block: 0, state: { mark: start.mark, flight: null, from: 0 } });
  else {
    for (let b = 0; b < cfg.blocks; b++) {
      const first = cfg.firstInstr[b] as number;
      const end = cfg.firstInstr[b + 1] as number;
      for (let i = first; i < end; i++) {
        if (cfg.instrs[i] !== start.instr) continue;
        const raising =
          start.at === 'raise' || (i === end - 1 && edgeKinds(b).some((k) => k !== EdgeKind.next && k !== EdgeKind.true && k !== EdgeKind.false));
        if (!raising) starts.push({ block: b, state: { mark: start.mark, flight: null, from: i + 1 } });
        else
          for (let e = cfg.firstEdge[b] as number; e < (cfg.firstEdge[b + 1] as number); e++) {
            const kind = cfg.edgeKind[e] as EdgeKind;
            const wanted =
              start.at === 'raise' ? kind === EdgeKind.raise : kind === EdgeKind.next || kind === EdgeKind.true || kind === EdgeKind.false;
            if (!wanted) continue;
            const r = engine.calls.raising(start.instr, scope);
            starts.push({
              block: cfg.edgeTarget[e] as number,
              state: { mark: start.mark, flight: start.at === 'raise' ? { type: r.type, odds: 'likely' } : null, from: 0 },
            });
          }
      }
    }
  }
  const result = search<WalkPoint>(cfg, {
    starts,
    key: (s) => `${s.from}|${s.flight ? `!${s.flight.type}` : ''}|${s.mark}`,
    isGoal: (block, s) => problem.isGoal(block === cfg.exit ? 'exit' : block === cfg.raisedExit ? 'raised-exit' : 'inside', s.mark, block),
    step: (block, state, edge) => step(block, state, edge),
    ...(problem.budget === undefined ? {} : { budget: problem.budget }),
  });
  if (result.cutOff) engine.cutOff(scope, 'walks');
  if (!result.path) return null;
  const steps: WalkStep[] = [];
  for (let i = 1; i < result.path.length; i++) {
    const { edge } = result.path[i] as { edge: number };
    const before = (result.path[i - 1] as { block: number }).block;
    const kind = cfg.edgeKind[edge];
    const last = lastOf(before);
    if (kind === EdgeKind.raise) steps.push({ kind: 'raise', instr: last });
    else if (kind === EdgeKind.catch) steps.push({ kind: 'catch', instr: cfg.instrs[cfg.firstInstr[cfg.edgeTarget[edge] as number] as number] });
    else if (kind === EdgeKind.true || kind === EdgeKind.false) {
      const test = cfg.tests.get(before);
      if (test) steps.push({ kind: 'branch', instr: last, test, outcome: kind === EdgeKind.true });
    }
  }
  return steps;

  function edgeKinds(block: number): readonly EdgeKind[] {
    return Array.from(cfg.edgeKind.subarray(cfg.firstEdge[block], cfg.firstEdge[block + 1])) as EdgeKind[];
  }

  function lastOf(block: number): Instr | undefined {
    const end = cfg.firstInstr[block + 1] as number;
    return end > (cfg.firstInstr[block] as number) ? cfg.instrs[end - 1] : undefined;
  }

  function step(block: number, state: WalkPoint, edge: number): WalkPoint | null {
    const first = Math.max(cfg.firstInstr[block] as number, state.from);
    const end = cfg.firstInstr[block + 1] as number;
    const kind = cfg.edgeKind[edge] as EdgeKind;
    const last = end > first ? (cfg.instrs[end - 1] as Instr) : undefined;
    let mark: string | null = state.mark;
    const leaves = kind === EdgeKind.raise || kind === EdgeKind.swallow || kind === EdgeKind.forward;
    for (let i = first; i < end && mark !== null; i++) {
      if (i === end - 1 && kind === EdgeKind.raise) break;
      mark = problem.after(cfg.instrs[i] as Instr, mark);
    }
    if (mark === null) return null;
    if (kind === EdgeKind.raise) {
      if (!last) return null;
      const raising = engine.calls.raising(last, scope);
      if (raising.likelihood === 'never' || raising.type === 'ends') return null;
      const flight: InFlight =
        last.op === 'raise' && last.value === null && state.flight ? state.flight : { type: raising.type, odds: oddsOf(raising.likelihood) };
      const next = problem.raised(last, mark, flight);
      return next === null ? null : { mark: next, flight, from: 0 };
    }
    if (leaves) {
      if (last?.op !== 'exit') return null;
      const ways = leaveWith(last, { ...initialState([], true), inFlight: state.flight }, scope, engine);
      const wanted = kind === EdgeKind.swallow ? 'swallow' : 'forward';
      return ways.some((w) => w.edge === wanted) ? { mark, flight: kind === EdgeKind.swallow ? null : state.flight, from: 0 } : null;
    }
    if (kind === EdgeKind.catch || kind === EdgeKind.uncaught) {
      const raised = state.flight?.type ?? '';
      for (let e = cfg.firstEdge[block] as number; e < (cfg.firstEdge[block + 1] as number); e++) {
        if (cfg.edgeKind[e] !== EdgeKind.catch) continue;
        const answer = mayCatch(typeNames(cfg.edgeTypes.get(e)?.types ?? null)?.map(exceptionName), raised);
        if (e === edge) return answer === 'no' ? null : { mark, flight: null, from: 0 };
        if (answer === 'yes') return null;
      }
      return kind === EdgeKind.uncaught ? { mark, flight: state.flight ?? { type: '', odds: 'unlikely' }, from: 0 } : null;
    }
    if (
      last &&
      (last.op === 'call' || last.op === 'raise' || (last.op === 'exit' && !last.raising)) &&
      engine.calls.raising(last, scope).likelihood === 'always'
    )
      return null;
    return { mark, flight: state.flight, from: 0 };
  }
}
