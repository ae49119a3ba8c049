/**
 * Do control-flow graphs stay sound and small for code of any size and nesting?
 *
 * What graphs look like is in test/spec/cfg, and that they run what statements run in cfg-traces.test.ts; here are the sizes no person writes.
 */
import { describe, expect, test } from 'vitest';
import { buildCfg } from '../src/cfg/build.ts';
import { type Cfg, EdgeKind } from '../src/cfg/cfg.ts';
import { MAX_CLONED_STATEMENTS } from '../src/cfg/exits.ts';
import { printArrows, printCfg, printDot } from '../src/cfg/print.ts';
import { verifyCfg } from '../src/cfg/verify.ts';
import type { Stmt } from '../src/ir/ir.ts';
import { assign, brk, call, functionOf, handler, ifStmt, literal, matchStmt, name, ret, run, seq, tryStmt, whileStmt, withStmt } from './ir-trees.ts';

function sound(body: Stmt): Cfg {
  const cfg = buildCfg(functionOf(body));
  expect(verifyCfg(cfg)).toEqual([]);
  return cfg;
}

/** `wrap` applied `depth` times around `core`. */
function nested(depth: number, core: Stmt, wrap: (inner: Stmt) => Stmt): Stmt {
  let stmt = core;
  for (let i = 0; i < depth; i++) stmt = wrap(stmt);
  return stmt;
}

const work = run(call('work'));

describe('size', () => {
  test('5,000 calls are 5,000 blocks between entry and exits', () => {
    expect(sound(seq(...Array.from({ length: 5_000 }, () => work))).blocks).toBe(5_002);
  });

  test('5,000 assignments are one block', () => {
    const cfg = sound(seq(...Array.from({ length: 5_000 }, () => run(assign('x', literal(1))))));
    expect([cfg.blocks, cfg.firstInstr[1]]).toEqual([2, 5_000]);
  });

  test('20,000 nested ifs, an elif chain of 20,000, and as many nested sequences need no call stack', () => {
    expect(sound(nested(20_000, work, (inner) => ifStmt(name('t'), inner))).blocks).toBe(20_003);
    expect(sound(nested(20_000, work, (inner) => ifStmt(name('t'), work, inner))).blocks).toBe(40_003);
    expect(sound(nested(20_000, work, (inner) => seq(inner))).blocks).toBe(3);
  });

  test('2,000 nested with statements have three exits each: normal, return, raise', () => {
    const core = seq(ifStmt(name('t'), ret()), work);
    const cfg = sound(nested(2_000, core, (inner) => withStmt('m', inner)));
    expect(cfg.instrs.filter(({ op }) => op === 'exit').length).toBe(6_000);
    expect(cfg.merged).toBe(false);
  });

  test('500 nested loops with try statements are linear', () => {
    const core = seq(ifStmt(name('t'), ret()), work);
    const wrap = (inner: Stmt): Stmt =>
      whileStmt(name('t'), seq(tryStmt(seq(inner, ifStmt(name('t'), brk())), { handlers: [handler('E', work)], final: work })));
    const cfg = sound(nested(500, core, wrap));
    expect(cfg.merged).toBe(false);
    expect(cfg.blocks).toBeLessThan(500 * 16);
  });

  test('a match of 5,000 cases', () => {
    expect(sound(matchStmt(Array.from({ length: 5_000 }, () => work))).blocks).toBe(10_002);
  });
});

describe('copies of finally bodies', () => {
  /** Every `finally` holds the next try statement, so copies multiply: normal, return and raise at each level. */
  const deep = (depth: number): Stmt => nested(depth, work, (inner) => tryStmt(seq(ifStmt(name('t'), ret()), work), { final: inner }));

  test('three levels of finally inside finally are all told apart', () => {
    const cfg = sound(deep(3));
    expect(cfg.merged).toBe(false);
    // 1 + 3 + 9 copies of the try bodies, 27 of the innermost call.
    expect(cfg.instrs.filter(({ op }) => op === 'call').length).toBe(1 + 3 + 9 + 27);
  });

  test('twenty levels are merged above the limit, and stay sound and small', () => {
    const cfg = sound(deep(20));
    expect(cfg.merged).toBe(true);
    expect(cfg.blocks).toBeLessThan(4 * MAX_CLONED_STATEMENTS);
    expect(cfg.exit).not.toBe(-1);
    expect(cfg.raisedExit).not.toBe(-1);
  });

  test('a merged copy still leads to every way out', () => {
    const filler = run(...Array.from({ length: MAX_CLONED_STATEMENTS }, () => assign('x', literal(1))));
    const inner = tryStmt(seq(ifStmt(name('t'), brk()), ifStmt(name('t'), ret()), run(call('inner'))), { final: run(call('last')) });
    const cfg = sound(whileStmt(name('t'), seq(tryStmt(seq(ifStmt(name('t'), ret()), work), { final: seq(filler, inner) }))));
    expect(cfg.merged).toBe(true);
    const kinds = (op: (text: string) => boolean): number[] =>
      Array.from({ length: cfg.blocks }, (_, block) => block)
        .filter((block) => {
          const last = cfg.instrs[cfg.firstInstr[block + 1] - 1];
          return cfg.firstInstr[block + 1] > cfg.firstInstr[block] && last.op === 'call' && last.callee.op === 'name' && op(last.callee.name);
        })
        .map((block) => cfg.firstEdge[block + 1] - cfg.firstEdge[block]);
    // The shared copies leave by return (or break), the normal end, and the exception; and `last` itself may raise.
    expect(Math.max(...kinds((callee) => callee === 'last'))).toBeGreaterThan(2);
  });

  test('a module of 400 try statements in a row is not merged', () => {
    const one = tryStmt(seq(ifStmt(name('t'), ret()), work), { handlers: [handler('E', work)], final: run(call('a'), call('b')) });
    expect(sound(seq(...Array.from({ length: 400 }, () => one))).merged).toBe(false);
  });
});

describe('what is left out', () => {
  test('statements after return, and handlers of nothing', () => {
    expect(printArrows(sound(seq(ret(), work)))).toBe('entry -> exit\n');
    expect(printArrows(sound(tryStmt(seq(), { handlers: [handler('E', work)] })))).toBe('entry -> exit\n');
  });

  test('an endless loop leaves no exit', () => {
    const cfg = sound(whileStmt(literal(true), seq()));
    expect([cfg.exit, cfg.raisedExit]).toEqual([-1, -1]);
  });

  test('an endless loop on a temporary that nothing changes', () => {
    const temp = { op: 'temp', id: 0, start: 0, end: 0 } as const;
    expect(printArrows(sound(whileStmt(temp, whileStmt(temp, seq()))))).toBe('entry -true-> b1, -false-> exit\nb1 -true-> b1, -false-> exit\n');
  });

  test('break outside a loop, which Python refuses, leaves the function', () => {
    expect(printArrows(sound(seq(brk(), work)))).toBe('entry -> exit\n');
  });

  test('a graph keeps nothing of the one built before it', () => {
    sound(tryStmt(seq(ifStmt(name('t'), ret()), work), { handlers: [handler('E', work)], final: work }));
    const cfg = sound(seq(work));
    expect([cfg.tests.size, cfg.edgeTypes.size, cfg.blocks]).toEqual([0, 0, 3]);
  });
});

describe('verify', () => {
  const good = sound(seq(ifStmt(name('t'), work), withStmt('m', work)));
  const broken: readonly (readonly [string, Partial<Cfg>])[] = [
    ['edge leads out', { edgeTarget: good.edgeTarget.map((target, edge) => (edge === 0 ? 99 : target)) }],
    ['an edge leads to the entry', { edgeTarget: good.edgeTarget.map((target, edge) => (edge === 3 ? 0 : target)) }],
    ['there is no raise edge', { edgeKind: good.edgeKind.map((kind) => (kind === EdgeKind.raise ? EdgeKind.next : kind)) }],
    ['an exit has', { exit: 1 }],
    ['true and false edges do not pair', { edgeKind: good.edgeKind.map((kind) => (kind === EdgeKind.false ? EdgeKind.next : kind)) }],
    ['a test without edges', { tests: new Map([...good.tests, [1, name('t')]]) }],
    ['and its types do not agree', { edgeTypes: new Map([[0, { types: null, isGroup: false }]]) }],
    ['swallow', { edgeKind: good.edgeKind.map((kind) => (kind === EdgeKind.swallow ? EdgeKind.next : kind)) }],
    [
      'may raise and is not the last',
      { instrs: good.instrs.toReversed(), firstInstr: Int32Array.from(good.firstInstr, (first, block) => (block === 2 ? first + 1 : first)) },
    ],
  ];
  test.each(broken)('finds: %s', (sentence, change) => {
    expect(verifyCfg({ ...good, ...change }).join('\n')).toContain(sentence);
  });
});

test('verify finds blocks out of order and blocks nobody reaches', () => {
  const fork = sound(ifStmt(name('t'), work, run(call('other'))));
  const swapped = fork.edgeTarget.map((target, edge) => (edge < 2 ? fork.edgeTarget[1 - edge] : target));
  expect(verifyCfg({ ...fork, edgeTarget: swapped })).toEqual(['blocks are not numbered in reverse postorder']);
  expect(verifyCfg({ ...fork, edgeTarget: fork.edgeTarget.map((target, edge) => (edge === 0 ? swapped[0] : target)) })).toEqual([
    '1 blocks cannot be reached',
  ]);
});

describe('print', () => {
  const cfg = sound(tryStmt(seq(work), { handlers: [handler('E', seq())] }));

  test('text names the types a handler catches', () => {
    expect(printCfg(cfg)).toBe(
      [
        'entry:',
        '  t0 = call work()',
        '    next -> exit',
        '    raise -> b1',
        'b1:',
        '    catch E -> exit',
        '    uncaught -> raised-exit',
        'exit:',
        'raised-exit:',
        '',
      ].join('\n'),
    );
  });

  test('DOT escapes quotes and dashes the edges of exceptions', () => {
    const dot = printDot(cfg);
    expect(dot).toContain('label="catch E", style=dashed');
    expect(printDot(sound(run(call('say("\\n")'))))).toContain('say(\\"\\\\n\\")');
    expect(dot).toContain('0 -> 2 [label=""];');
    expect(dot.startsWith('digraph "f" {\n')).toBe(true);
  });
});
