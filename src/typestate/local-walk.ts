/**
 * By which path does a local, set at one instruction, get to another one without being changed in between?
 *
 * A search over (block, loops entered): a loop over something that has elements is not left before it was entered, and tests of the local
 * are decided with the value that it was set to. What asserts about the local, or hands it to something that may change it, ends the path.
 * Paths go over normal edges only: what is asked is what happens when nothing else fails.
 */
import { type Cfg, EdgeKind } from '../cfg/cfg.ts';
import { search } from '../dataflow/paths.ts';
import type { Instr, Operand, Target } from '../ir/ir.ts';
import { forEachInside, operandsOf } from '../ir/operands.ts';
import { outcomeOf } from '../ir/three-valued.ts';
import { callBehind } from '../program/call-site.ts';
import type { Scope } from '../program/scope.ts';
import { hasElements } from './has-elements.ts';

/** The path's branches and its end, in order. */
export interface WalkStep {
  readonly kind: 'set' | 'branch' | 'reach';
  readonly at: { readonly start: number; readonly end: number };
  /** For a branch: how it came out; a loop without elements is false. */
  readonly outcome?: boolean;
  readonly isLoop?: boolean;
}

export interface WalkProblem {
  readonly cfg: Cfg;
  readonly scope: Scope;
  readonly name: string;
  /** Index into cfg.instrs of the instruction that sets the local. */
  readonly from: number;
  /** The local's value there, as far as tests ask: zero or empty is false. */
  readonly truthy: boolean;
  /** What is looked for; the operand to show, or undefined. */
  goal(instr: Instr | undefined, test: Operand | undefined): Operand | undefined;
  /** An instruction after which the local has another value, besides assignments to it. */
  changes?(instr: Instr): boolean;
}

/** Number of loops whose entry is remembered on a path; a function with more is not searched. */
const MAX_LOOPS = 20;

/** The shortest such path; null where there is none. */
export function localWalk(problem: WalkProblem): readonly WalkStep[] | null {
  const { cfg, from } = problem;
  const start = blockOf(cfg, from);
  let reached: Operand | undefined;
  const stops = (block: number, first: number): 'goal' | 'stop' | 'on' => {
    for (let i = first; i < (cfg.firstInstr[block + 1] as number); i++) {
      const instr = cfg.instrs[i] as Instr;
      const found = problem.goal(instr, undefined);
      if (found) {
        reached = found;
        return 'goal';
      }
      if (sets(instr, problem.name) || problem.changes?.(instr) || (i > from && asserts(instr, problem))) return 'stop';
    }
    const test = cfg.tests.get(block);
    const found = test && problem.goal(undefined, test);
    if (found) reached = found;
    return found ? 'goal' : 'on';
  };
  const bits = new Map<number, number>();
  // The walk starts after the setting instruction: its block is looked at here, the others in `step`.
  const begins = stops(start, from + 1);
  const set: WalkStep = { kind: 'set', at: cfg.instrs[from] as Instr };
  if (begins === 'stop') return null;
  if (begins === 'goal') return [set, { kind: 'reach', at: reached as Operand }];
  const memo = new Map<number, 'goal' | 'stop' | 'on'>();
  const status = (block: number): 'goal' | 'stop' | 'on' => {
    let s = memo.get(block);
    if (s === undefined) memo.set(block, (s = stops(block, cfg.firstInstr[block] as number)));
    return s;
  };
  const result = search<number>(cfg, {
    starts: [{ block: start, state: 0 }],
    key: (state) => state,
    weight: () => 0,
    isGoal: (block, state) => state >= 0 && block !== start && status(block) === 'goal',
    step(block, state, edge) {
      const kind = cfg.edgeKind[edge] as EdgeKind;
      if (kind !== EdgeKind.next && kind !== EdgeKind.true && kind !== EdgeKind.false) return null;
      if (block !== start && status(block) !== 'on') return null;
      const last = cfg.instrs[(cfg.firstInstr[block + 1] as number) - 1];
      if (kind === EdgeKind.next) return state;
      const test = cfg.tests.get(block);
      if (test) {
        const outcome = decide(test, problem);
        return outcome === undefined || outcome === (kind === EdgeKind.true) ? state : null;
      }
      if (last?.op !== 'next' || !hasElements(last.iterable, problem.scope)) return state;
      let bit = bits.get(block);
      if (bit === undefined) bits.set(block, (bit = bits.size < MAX_LOOPS ? 1 << bits.size : 0));
      if (kind === EdgeKind.true) return state | bit;
      return bit === 0 || (state & bit) !== 0 ? state : null;
    },
  });
  if (!result.path) return null;
  const goal = result.path.at(-1);
  // The last status asked may be another block's: ask the goal's again for its operand.
  if (goal) stops(goal.block, cfg.firstInstr[goal.block] as number);
  const steps: WalkStep[] = [set];
  for (const point of result.path.slice(1)) {
    const source = sourceOf(cfg, point.edge);
    const kind = cfg.edgeKind[point.edge] as EdgeKind;
    if (kind === EdgeKind.next) continue;
    const test = cfg.tests.get(source);
    const last = cfg.instrs[(cfg.firstInstr[source + 1] as number) - 1];
    if (test) steps.push({ kind: 'branch', at: test, outcome: kind === EdgeKind.true });
    else if (last?.op === 'next') steps.push({ kind: 'branch', at: last.iterable, outcome: kind === EdgeKind.true, isLoop: true });
  }
  return reached ? [...steps, { kind: 'reach', at: reached }] : null;
}

function blockOf(cfg: Cfg, instr: number): number {
  for (let b = 0; b < cfg.blocks; b++) if (instr < (cfg.firstInstr[b + 1] as number)) return b;
  return 0;
}

function sourceOf(cfg: Cfg, edge: number): number {
  for (let b = 0; b < cfg.blocks; b++) if (edge < (cfg.firstEdge[b + 1] as number)) return b;
  return 0;
}

/** True where the operand is the local, or has it inside. */
export function hasName(operand: Operand | Target, name: string): boolean {
  if (operand.op === 'name') return operand.name === name && operand.scope !== 'global';
  let found = false;
  forEachInside(operand, (inner) => {
    found ||= hasName(inner, name);
  });
  return found;
}

/** True where the instruction gives the local another value. */
export function sets(instr: Instr, name: string): boolean {
  const binds = (t: Operand | Target | null): boolean =>
    t !== null && (t.op === 'name' ? t.name === name : t.op === 'targets' && t.items.some((i) => binds(i.op === 'starred' ? i.of : i)));
  switch (instr.op) {
    case 'assign':
    case 'augment':
    case 'next':
      return binds(instr.target);
    case 'caught':
    case 'enter':
      return binds(instr.target);
    case 'delete':
      return binds(instr.target);
    case 'import':
      return instr.bindings.some((b) => b.bound.name === name);
    case 'define':
      return instr.name === name;
    default:
      return false;
  }
}

/** An assertion, or a call that may be one, about the local: behind it the local is what was asserted. */
function asserts(instr: Instr, problem: WalkProblem): boolean {
  if (instr.op === 'assert') return hasName(instr.test, problem.name) && decide(instr.test, problem) !== true;
  return (
    instr.op === 'call' &&
    instr.callee.op === 'attr' &&
    /^(assert|fail|expect)/i.test(instr.callee.name) &&
    operandsOf(instr).some((o) => hasName(o, problem.name) || behind(o, problem))
  );
}

function behind(operand: Operand | Target, problem: WalkProblem): boolean {
  const call = operand.op === 'temp' ? callBehind(operand, problem.scope) : undefined;
  return call?.args.some((a) => hasName(a.value, problem.name)) ?? false;
}

/** How a test comes out while the local is zero or empty (or true); undefined where it does not say. */
function decide(test: Operand, problem: WalkProblem): boolean | undefined {
  const { name, truthy } = problem;
  switch (test.op) {
    case 'name':
      return test.name === name && test.scope !== 'global' ? truthy : undefined;
    case 'temp': {
      const call = callBehind(test, problem.scope);
      return call?.callee.op === 'name' &&
        /^(any|len|bool)$/.test(call.callee.name) &&
        call.args[0]?.value.op === 'name' &&
        hasName(call.args[0].value, name) &&
        !truthy
        ? false
        : undefined;
    }
    case 'unary':
    case 'boolean':
      return outcomeOf(test, (part) => decide(part, problem));
    case 'compare': {
      const [only] = test.rest;
      if (truthy || test.rest.length !== 1 || !only) return undefined;
      const left = zeroOr(test.left, problem);
      const right = zeroOr(only.value, problem);
      if (left === undefined || right === undefined || !(hasName(test.left, name) || hasName(only.value, name) || behind(test.left, problem)))
        return undefined;
      switch (only.operator) {
        case '==':
          return left === right;
        case '!=':
          return left !== right;
        case '<':
          return left < right;
        case '<=':
          return left <= right;
        case '>':
          return left > right;
        case '>=':
          return left >= right;
        default:
          return undefined;
      }
    }
    default:
      return undefined;
  }
}

/** The number that an operand is while the local is zero or empty. */
function zeroOr(operand: Operand, problem: WalkProblem): number | undefined {
  if (operand.op === 'const') return typeof operand.value === 'number' ? operand.value : undefined;
  if (operand.op === 'name') return operand.name === problem.name && operand.scope !== 'global' ? 0 : undefined;
  return operand.op === 'temp' && decide(operand, problem) === false ? 0 : undefined;
}
