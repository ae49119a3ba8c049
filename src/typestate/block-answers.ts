/**
 * What is known of the blocks of a function's graph: does one check something, does it never go on?
 *
 * Both need calls to be resolved, so each block is looked at when it is first asked about, and once for all who ask: several questions
 * about paths go over the same graph, and most of them end at the first assertion.
 */
import type { Cfg } from '../cfg/cfg.ts';
import type { Instr } from '../ir/ir.ts';
import type { ClassUnit } from '../program/classes.ts';
import type { Scope } from '../program/scope.ts';
import { alwaysRaises } from './always-raises.ts';
import { type Asserting, asserting } from './assertions.ts';
import type { Engine } from './engine.ts';

export interface BlockAnswers {
  readonly cfg: Cfg;
  /** The strongest answer of the block's instructions. */
  asserting(block: number): Asserting;
  /** Index in the graph's instructions of the first that certainly checks something; undefined where none does. */
  firstAssertion(block: number): number | undefined;
  /** The block's last instruction never goes on normally. */
  alwaysRaises(block: number): boolean;
  /** Some block certainly checks something; blocks are looked at up to the first that does. */
  assertsSomewhere(): boolean;
}

const memo = new WeakMap<Engine, Map<Scope['fn'], Map<ClassUnit | undefined, BlockAnswers>>>();

/** The answers for a function as a method of the scope's class. */
export function blockAnswers(scope: Scope, engine: Engine): BlockAnswers {
  let byFn = memo.get(engine);
  if (!byFn) memo.set(engine, (byFn = new Map()));
  let byClass = byFn.get(scope.fn);
  if (!byClass) byFn.set(scope.fn, (byClass = new Map()));
  let answers = byClass.get(scope.cls);
  if (!answers) byClass.set(scope.cls, (answers = makeAnswers(scope, engine)));
  return answers;
}

interface Checked {
  readonly asserting: Asserting;
  readonly first: number | undefined;
}

function makeAnswers(scope: Scope, engine: Engine): BlockAnswers {
  const cfg = engine.cfg(scope);
  const checked: (Checked | undefined)[] = [];
  const raises: (boolean | undefined)[] = [];
  const look = (block: number): Checked => {
    let found: Asserting = 'no';
    for (let i = cfg.firstInstr[block] as number; i < (cfg.firstInstr[block + 1] as number); i++) {
      const answer = asserting(cfg.instrs[i] as Instr, scope, engine);
      if (answer === 'yes') return { asserting: 'yes', first: i };
      if (answer === 'maybe') found = 'maybe';
    }
    return { asserting: found, first: undefined };
  };
  const at = (block: number): Checked => (checked[block] ??= look(block));
  let somewhere: boolean | undefined;
  const search = (): boolean => {
    // From the end, for that is where tests assert.
    for (let b = cfg.blocks - 1; b >= 0; b--) if (at(b).asserting === 'yes') return true;
    return false;
  };
  return {
    cfg,
    assertsSomewhere: () => (somewhere ??= search()),
    asserting: (block) => at(block).asserting,
    firstAssertion: (block) => at(block).first,
    alwaysRaises: (block) => (raises[block] ??= endsInRaise(lastInstr(cfg, block), scope, engine)),
  };
}

function endsInRaise(last: Instr | undefined, scope: Scope, engine: Engine): boolean {
  if (last?.op === 'assert') return last.test.op === 'const' && last.test.value === false;
  return last !== undefined && (last.op === 'raise' || last.op === 'call') && alwaysRaises(last, scope, engine.calls);
}

/** The last instruction of a block, where it has one. */
export function lastInstr(cfg: Cfg, block: number): Instr | undefined {
  const end = cfg.firstInstr[block + 1] as number;
  return end > (cfg.firstInstr[block] as number) ? cfg.instrs[end - 1] : undefined;
}
