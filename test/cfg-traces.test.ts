/**
 * Does a control-flow graph run the same instructions in the same order as the statements it was built from?
 *
 * Random statement trees are executed twice with the same random decisions (raise here? is the test true? does this handler match? does the
 * manager swallow?): once by a small interpreter that follows Python's reference and knows nothing of graphs, once by walking the graph.
 * Both write a trace, and the traces must be equal.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildCfg } from '../src/cfg/build.ts';
import { type Cfg, EdgeKind } from '../src/cfg/cfg.ts';
import { printArrows } from '../src/cfg/print.ts';
import { hasRaisePoint, mayRaise } from '../src/cfg/raising.ts';
import { verifyCfg } from '../src/cfg/verify.ts';
import type { Instr, Stmt } from '../src/ir/ir.ts';
import {
  assign,
  brk,
  call,
  cont,
  forStmt,
  functionOf,
  handler,
  ifStmt,
  literal,
  matchStmt,
  name,
  raise,
  ret,
  run,
  seq,
  tryStmt,
  whileStmt,
  withStmt,
} from './ir-trees.ts';

/** A trace this long is compared as far as it goes: loops need not end. */
const LONGEST_TRACE = 200;
/** So many decisions without an instruction are an endless loop: more than the decisions before they repeat, times the blocks between two. */
const LONGEST_IDLING = 2_000;

class TraceFull extends Error {}

/** Decisions and what they led to. Two runs with the same bits decide alike as long as they ask in the same order. */
class Run {
  readonly trace: string[] = [];
  readonly #bits: readonly boolean[];
  #next = 0;
  #quiet = 0;
  constructor(bits: readonly boolean[]) {
    this.#bits = bits;
  }
  decide(): boolean {
    // A loop that runs no instruction writes no trace, so idle steps are counted too.
    if (++this.#quiet > LONGEST_IDLING) throw new TraceFull();
    return this.#bits[this.#next++ % this.#bits.length];
  }
  idle(): void {
    if (++this.#quiet > LONGEST_IDLING) throw new TraceFull();
  }
  write(what: string): void {
    if (this.trace.push(what) === LONGEST_TRACE) throw new TraceFull();
    this.#quiet = 0;
  }
}

function label(instr: Instr): string {
  switch (instr.op) {
    case 'call':
      return instr.callee.op === 'name' ? instr.callee.name : 'call';
    case 'enter':
    case 'exit':
      return `${instr.op} ${instr.manager.op === 'name' ? instr.manager.name : ''}${instr.op === 'exit' && instr.raising ? ' raising' : ''}`;
    default:
      return instr.op;
  }
}

type Completion = 'normal' | 'raise' | 'return' | 'break' | 'continue';

/** Python's rules, statement by statement. `anywhere`: inside a try body that shows no other raise point. */
function execute(stmt: Stmt | null, to: Run, anywhere: boolean): Completion {
  if (stmt === null) return 'normal';
  const perform = (instr: Instr, always = false): Completion => {
    to.write(label(instr));
    if (always) return 'raise';
    return (mayRaise(instr) || (anywhere && instr.op !== 'return')) && to.decide() ? 'raise' : 'normal';
  };
  switch (stmt.op) {
    case 'run':
      for (const instr of stmt.instrs) if (perform(instr) === 'raise') return 'raise';
      return 'normal';
    case 'seq':
      for (const item of stmt.items) {
        const completion = execute(item, to, anywhere);
        if (completion !== 'normal') return completion;
      }
      return 'normal';
    case 'if':
      return execute(to.decide() ? stmt.then : stmt.otherwise, to, anywhere);
    case 'loop':
      for (;;) {
        to.idle();
        if (execute(stmt.head, to, anywhere) === 'raise') return 'raise';
        const forever = stmt.test?.op === 'const';
        if (!forever && !to.decide()) return execute(stmt.otherwise, to, anywhere);
        const completion = execute(stmt.body, to, anywhere);
        if (completion === 'break') return 'normal';
        if (completion === 'raise' || completion === 'return') return completion;
      }
    case 'try': {
      let completion = execute(stmt.body, to, anywhere || (stmt.handlers.length > 0 && !hasRaisePoint(stmt.body)));
      if (completion === 'raise') {
        const caught = stmt.handlers.find((each) => each.types === null || to.decide());
        if (caught) completion = execute(caught.body, to, anywhere);
      } else if (completion === 'normal') {
        completion = execute(stmt.otherwise, to, anywhere);
      }
      const final = execute(stmt.final, to, anywhere);
      return final === 'normal' ? completion : final;
    }
    case 'with': {
      if (perform(stmt.enter) === 'raise') return 'raise';
      const completion = execute(stmt.body, to, anywhere);
      to.write(`exit ${label(stmt.enter).slice(6)}${completion === 'raise' ? ' raising' : ''}`);
      if (to.decide()) return 'raise';
      return completion === 'raise' && to.decide() ? 'normal' : completion;
    }
    case 'match':
      for (const one of stmt.cases) if (one.irrefutable || to.decide()) return execute(one.body, to, anywhere);
      return 'normal';
    case 'return':
      perform(stmt.instr);
      return 'return';
    case 'raise':
      return perform(stmt.instr, true);
    default:
      return stmt.op;
  }
}

/** Walks the graph, asking for decisions in the order in which the statements would. */
function walk(cfg: Cfg, to: Run): Completion {
  for (let block = 0; ; ) {
    if (block === cfg.exit) return 'return';
    if (block === cfg.raisedExit) return 'raise';
    to.idle();
    for (let i = cfg.firstInstr[block]; i < cfg.firstInstr[block + 1]; i++) to.write(label(cfg.instrs[i]));
    const edges = Array.from({ length: cfg.firstEdge[block + 1] - cfg.firstEdge[block] }, (_, i) => cfg.firstEdge[block] + i);
    block = cfg.edgeTarget[chooseEdge(cfg, edges, to)];
  }
}

function chooseEdge(cfg: Cfg, edges: readonly number[], to: Run): number {
  const find = (kind: EdgeKind): number => edges.find((edge) => cfg.edgeKind[edge] === kind) ?? -1;
  const raised = find(EdgeKind.raise);
  if (raised !== -1 && (edges.length === 1 || to.decide())) return raised;
  const swallow = find(EdgeKind.swallow);
  if (swallow !== -1) return to.decide() ? swallow : find(EdgeKind.forward);
  const whenTrue = find(EdgeKind.true);
  if (whenTrue !== -1) return to.decide() ? whenTrue : find(EdgeKind.false);
  for (const edge of edges) if (cfg.edgeKind[edge] === EdgeKind.catch && (cfg.edgeTypes.get(edge)?.types === null || to.decide())) return edge;
  const uncaught = find(EdgeKind.uncaught);
  return uncaught !== -1 ? uncaught : find(EdgeKind.next);
}

/** Statements of bounded depth. `inLoop`: break and continue may stand here. Names are letters; which call it is shows in the trace. */
function statement(depth: number, inLoop: boolean): fc.Arbitrary<Stmt> {
  const letter = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const calls = fc.array(letter, { minLength: 1, maxLength: 2 }).map((letters) => run(...letters.map(call)));
  const quiet = fc.constant(run(assign('x', name('y'))));
  const leaf: fc.Arbitrary<Stmt> = fc.oneof(
    calls,
    quiet,
    fc.constant(ret()),
    fc.constant(raise()),
    ...(inLoop ? [fc.constantFrom(brk(), cont())] : []),
  );
  if (depth === 0) return leaf;
  const inner = block(depth - 1, inLoop);
  const loopBody = block(depth - 1, true);
  const maybe = fc.option(inner, { nil: undefined });
  const handlers = fc
    .tuple(fc.array(inner, { maxLength: 2 }), fc.option(inner, { freq: 4 }))
    .map(([typed, bare]) => [...typed.map((body) => handler('E', body)), ...(bare ? [handler(null, body(bare))] : [])]);
  const body = (stmt: Stmt): Stmt => stmt;
  return fc.oneof(
    { weight: 3, arbitrary: leaf },
    { weight: 2, arbitrary: fc.tuple(inner, fc.option(inner)).map(([then, otherwise]) => ifStmt(name('t'), then, otherwise)) },
    {
      weight: 4,
      arbitrary: fc
        .tuple(inner, handlers, maybe, maybe)
        .map(([stmt, caught, otherwise, final]) => tryStmt(stmt, { handlers: caught, otherwise, final })),
    },
    { weight: 3, arbitrary: fc.tuple(letter, inner).map(([manager, stmt]) => withStmt(manager, stmt)) },
    { weight: 1, arbitrary: fc.tuple(loopBody, fc.option(inner)).map(([stmt, otherwise]) => forStmt(stmt, otherwise)) },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom(name('t'), literal(true)), loopBody).map(([when, stmt]) => whileStmt(when, stmt)) },
    { weight: 1, arbitrary: fc.tuple(fc.array(inner, { maxLength: 2 }), fc.option(inner)).map(([cases, otherwise]) => matchStmt(cases, otherwise)) },
  );
}

function block(depth: number, inLoop: boolean): fc.Arbitrary<Stmt> {
  return fc.array(statement(depth, inLoop), { maxLength: 3 }).map((items) => seq(...items));
}

function record(bits: readonly boolean[], perform: (to: Run) => Completion): string[] {
  const to = new Run(bits);
  try {
    to.trace.push(perform(to) === 'raise' ? 'at the raised exit' : 'at the normal exit');
  } catch (error) {
    if (!(error instanceof TraceFull)) throw error;
  }
  return to.trace;
}

test('graphs run what statements run', () => {
  fc.assert(
    fc.property(
      block(3, false),
      fc.array(fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }), { minLength: 20, maxLength: 20 }),
      (body, runs) => {
        const cfg = buildCfg(functionOf(body));
        expect(verifyCfg(cfg)).toEqual([]);
        expect(cfg.merged).toBe(false);
        for (const bits of runs) {
          const byGraph = record(bits, (to) => walk(cfg, to));
          const byStatements = record(bits, (to) => execute(body, to, false));
          const length = Math.min(byGraph.length, byStatements.length);
          // Both end together, unless both go on for ever.
          const ended = [byGraph, byStatements].some((trace) => trace.at(-1)?.endsWith('exit'));
          expect(byGraph.slice(0, ended ? undefined : length), printArrows(cfg)).toEqual(byStatements.slice(0, ended ? undefined : length));
        }
      },
    ),
    { numRuns: 300 },
  );
});
