/**
 * Does the solver find the states that all paths together lead to, and the path search the best path?
 *
 * Compared with brute force on graphs of random statements, and shown on the clients the solver was made for: files, flags, cleanups.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildCfg } from '../src/cfg/build.ts';
import { type Cfg, EdgeKind } from '../src/cfg/cfg.ts';
import type { Lattice } from '../src/dataflow/lattice.ts';
import { type MustMap, type MustSet, mustMap, mustSet, powerset } from '../src/dataflow/lattices.ts';
import { MAX_PATH_PAIRS, type PathProblem, search } from '../src/dataflow/paths.ts';
import { exitStates, type ForwardProblem, solveForward, stateBefore } from '../src/dataflow/solve.ts';
import type { Instr, Stmt } from '../src/ir/ir.ts';
import { assign, brk, call, forStmt, functionOf, handler, ifStmt, literal, name, ret, run, seq, tryStmt, whileStmt, withStmt } from './ir-trees.ts';

function cfgOf(...items: Stmt[]): Cfg {
  return buildCfg(functionOf(seq(...items)));
}

function calleeOf(instr: Instr): string {
  return instr.op === 'call' && instr.callee.op === 'name' ? instr.callee.name : '';
}

const file = powerset(['none', 'open', 'closed']);
const [NONE, OPEN, CLOSED] = [1, 2, 4];

/** `open` acquires on its normal way only, `close` releases on both. */
const fileProblem: ForwardProblem<number> = {
  lattice: file,
  entry: NONE,
  transfer(instr, before) {
    if (calleeOf(instr) === 'open') return { normal: OPEN, raised: before };
    if (calleeOf(instr) === 'close') return { normal: CLOSED, raised: CLOSED };
    return { normal: before, raised: before };
  },
};

describe('a file', () => {
  function atExits(...items: Stmt[]): string[] {
    const cfg = cfgOf(...items);
    const { normal, raised } = exitStates(cfg, fileProblem, solveForward(cfg, fileProblem));
    return [file.show(normal), file.show(raised)];
  }

  test('opened and closed with work in between is open where the work raises', () => {
    expect(atExits(run(call('open'), call('work'), call('close')))).toEqual(['closed', 'none|open|closed']);
  });
  test('closed in finally is open nowhere', () => {
    expect(atExits(run(call('open')), tryStmt(run(call('work')), { final: run(call('close')) }))).toEqual(['closed', 'none|closed']);
  });
  test('closed in a handler and in else is closed on every way that is caught', () => {
    const both = tryStmt(run(call('work')), { handlers: [handler(null, run(call('close')))], otherwise: run(call('close')) });
    expect(atExits(run(call('open')), both)).toEqual(['closed', 'none|closed']);
  });
  test('opened in a loop that may not run is not always closed', () => {
    expect(atExits(forStmt(seq(run(call('open')), ifStmt(name('t'), brk()), run(call('close')))))).toEqual(['none|open|closed', 'none|closed']);
  });
});

const flags = mustMap<string, boolean>();

/** Flags that are certainly True or False: assignments of literals, and tests of a bare name. */
const flagProblem: ForwardProblem<MustMap<string, boolean>> = {
  lattice: flags,
  entry: new Map(),
  transfer(instr, before) {
    if (before === null || instr.op !== 'assign' || instr.target.op !== 'name') return { normal: before, raised: before };
    const after = new Map(before);
    if (instr.value.op === 'const' && instr.value.kind === 'bool') after.set(instr.target.name, instr.value.value === true);
    else after.delete(instr.target.name);
    return { normal: after, raised: before };
  },
  refine(state, tested, truth) {
    if (state === null || tested.op !== 'name') return state;
    const known = state.get(tested.name);
    if (known !== undefined && known !== truth) return null;
    return new Map(state).set(tested.name, truth);
  },
};

describe('flags', () => {
  const cfg = cfgOf(
    run(assign('opened', literal(false))),
    tryStmt(seq(run(call('work')), run(call('open')), run(assign('opened', literal(true))), run(call('more'))), {
      final: ifStmt(name('opened'), run(call('close'))),
    }),
  );
  const solution = solveForward(cfg, flagProblem);
  const knownAt = (callee: string): string[] =>
    cfg.instrs.flatMap((instr, i) => (calleeOf(instr) === callee ? [flags.show(stateBefore(cfg, flagProblem, solution, i))] : []));

  test('are known where their value is the same on all paths', () => {
    expect([knownAt('open'), knownAt('more')]).toEqual([['{opened=false}'], ['{opened=true}']]);
  });
  test('learn from the branch taken', () => {
    expect(knownAt('close')).toEqual(['{opened=true}', '{opened=true}']);
  });
  test('cut off the branch that cannot be taken', () => {
    const closed = cfgOf(run(assign('opened', literal(false))), ifStmt(name('opened'), run(call('close'))), run(call('last')));
    const found = solveForward(closed, flagProblem);
    const at = (callee: string): number => closed.instrs.findIndex((instr) => calleeOf(instr) === callee);
    expect(stateBefore(closed, flagProblem, found, at('close'))).toBe(null);
    expect(flags.show(stateBefore(closed, flagProblem, found, at('last')))).toBe('{opened=false}');
  });
});

describe('registered cleanups', () => {
  const cleanups = mustSet<string>();
  const problem: ForwardProblem<MustSet<string>> = {
    lattice: cleanups,
    entry: new Set(),
    transfer(instr, before) {
      const callee = calleeOf(instr);
      return before !== null && callee.startsWith('register')
        ? { normal: new Set([...before, callee]), raised: before }
        : { normal: before, raised: before };
    },
  };
  test('are certain where every path has registered them', () => {
    const cfg = cfgOf(
      run(call('register1')),
      ifStmt(name('t'), run(call('register2')), run(call('register2'), call('register3'))),
      run(call('last')),
    );
    const { normal, raised } = exitStates(cfg, problem, solveForward(cfg, problem));
    expect([cleanups.show(normal), cleanups.show(raised)]).toEqual(['{register1, register2}', '{}']);
  });
});

describe('following edges', () => {
  test('a client can close an edge and change what it carries', () => {
    const cfg = cfgOf(withStmt('m', run(call('open'))), run(call('after')));
    const seen: string[] = [];
    const problem: ForwardProblem<number> = {
      ...fileProblem,
      follow(state, { kind, last }) {
        if (kind === EdgeKind.swallow) seen.push(last?.op ?? 'nothing');
        return kind === EdgeKind.forward || kind === EdgeKind.raise ? file.bottom : state;
      },
    };
    const { normal, raised } = exitStates(cfg, problem, solveForward(cfg, problem));
    expect([file.show(normal), file.show(raised), seen]).toEqual(['open', 'none', []]);
  });
});

describe('convergence', () => {
  const counting: Lattice<number> = { name: 'count', bottom: 0, join: Math.max, equal: Object.is, show: String };
  const loop = cfgOf(whileStmt(name('t'), run(call('work'))));
  const problem = (lattice: Lattice<number>): ForwardProblem<number> => ({
    lattice,
    entry: 1,
    transfer: (instr, before) => (calleeOf(instr) === 'work' ? { normal: before + 1, raised: before } : { normal: before, raised: before }),
  });
  test('a lattice that never stops rising is cut off, and the solution says so', () => {
    expect(solveForward(loop, problem(counting)).complete).toBe(false);
  });
  test('widening makes it stop', () => {
    const widened = { ...counting, widen: (): number => Number.POSITIVE_INFINITY };
    const solution = solveForward(loop, problem(widened));
    expect([solution.complete, solution.before[loop.exit]]).toEqual([true, Number.POSITIVE_INFINITY]);
  });
});

/** Straight calls, branches, loops, try and with, to a depth of three. */
const randomBody: fc.Arbitrary<Stmt> = fc.letrec<{ stmt: Stmt; body: Stmt }>((tie) => ({
  body: fc.array(tie('stmt'), { maxLength: 3 }).map((items) => seq(...items)),
  stmt: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom('open', 'close', 'work').map((callee) => run(call(callee))),
    fc.constant(ret()),
    fc.tuple(tie('body'), tie('body')).map(([then, otherwise]) => ifStmt(name('t'), then, otherwise)),
    tie('body').map((body) => forStmt(body)),
    tie('body').map((body) => withStmt('m', body)),
    fc.tuple(tie('body'), tie('body'), tie('body')).map(([body, caught, final]) => tryStmt(body, { handlers: [handler('E', caught)], final })),
  ),
})).body;

/** All (block, single state) pairs that can be reached, with the least [raise edges, edges] on the way: Bellman and Ford, edge by edge. */
function bruteForce(cfg: Cfg): Map<string, readonly [number, number]> {
  const best = new Map<string, readonly [number, number]>([[`0 ${NONE}`, [0, 0]]]);
  for (let changed = true; changed; ) {
    changed = false;
    for (const [pair, [raises, edges]] of [...best]) {
      const [block, state] = pair.split(' ').map(Number);
      for (let edge = cfg.firstEdge[block]; edge < cfg.firstEdge[block + 1]; edge++) {
        const raised = cfg.edgeKind[edge] === EdgeKind.raise;
        const next = `${cfg.edgeTarget[edge]} ${over(cfg, block, state, raised)}`;
        const cost = [raises + (raised ? 1 : 0), edges + 1] as const;
        const known = best.get(next);
        if (!known || cost[0] < known[0] || (cost[0] === known[0] && cost[1] < known[1])) {
          best.set(next, cost);
          changed = true;
        }
      }
    }
  }
  return best;
}

/** The state after a block that is entered with `state`. */
function over(cfg: Cfg, block: number, state: number, raised: boolean): number {
  let outcome = { normal: state, raised: state };
  for (let i = cfg.firstInstr[block]; i < cfg.firstInstr[block + 1]; i++) outcome = fileProblem.transfer(cfg.instrs[i], outcome.normal);
  return raised ? outcome.raised : outcome.normal;
}

describe('brute force', () => {
  test('a solution is the union of what single paths reach', () => {
    fc.assert(
      fc.property(randomBody, (body) => {
        const cfg = cfgOf(body);
        const expected = new Array<number>(cfg.blocks).fill(0);
        for (const pair of bruteForce(cfg).keys()) expected[Number(pair.split(' ')[0])] |= Number(pair.split(' ')[1]);
        expect(solveForward(cfg, fileProblem)).toEqual({ before: expected, complete: true });
      }),
    );
  });

  test('a path has the fewest raise edges, and of those the fewest edges', () => {
    fc.assert(
      fc.property(randomBody, (body) => {
        const cfg = cfgOf(body);
        const best = bruteForce(cfg);
        for (const block of [cfg.exit, cfg.raisedExit]) {
          const problem: PathProblem<number> = {
            starts: [{ block: 0, state: NONE }],
            step: (from, state, edge) => over(cfg, from, state, cfg.edgeKind[edge] === EdgeKind.raise),
            key: (state) => state,
            isGoal: (at, state) => at === block && state === OPEN,
          };
          const { path, cutOff } = search(cfg, problem);
          expect(cutOff).toBe(false);
          const raises = path?.filter(({ edge }) => edge !== -1 && cfg.edgeKind[edge] === EdgeKind.raise).length;
          expect(path && [raises, path.length - 1]).toEqual(best.get(`${block} ${OPEN}`) ?? null);
        }
      }),
    );
  });
});

describe('search', () => {
  const cfg = cfgOf(whileStmt(name('t'), run(call('work'))));
  const problem: PathProblem<number> = {
    starts: [{ block: 0, state: 0 }],
    step: (_block, state) => state + 1,
    key: (state) => state,
    isGoal: () => false,
  };
  test('ends where states never repeat, and says so', () => {
    let steps = 0;
    const counted = { ...problem, step: (_block: number, state: number) => state + (steps++ < 0 ? 0 : 1) };
    expect(search(cfg, counted)).toEqual({ path: null, cutOff: true });
    expect(steps).toBeGreaterThanOrEqual(MAX_PATH_PAIRS);
  });
  test('a start can be the goal', () => {
    expect(search(cfg, { ...problem, isGoal: () => true }).path).toEqual([{ block: 0, state: 0, edge: -1 }]);
  });
  test('an edge that cannot be taken leads nowhere', () => {
    expect(search(cfg, { ...problem, step: () => null })).toEqual({ path: null, cutOff: false });
  });
});
