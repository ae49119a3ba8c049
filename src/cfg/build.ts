/**
 * How does the statement tree of a function become its control-flow graph?
 *
 * One loop over a stack of tasks (draft.ts), one function a kind of statement. Compound statements only lay out their blocks and edges and
 * leave their parts as tasks; what happens on the ways out through finally and with is in exits.ts; numbering and tidying in freeze.ts.
 * A test that is literally True, False, 1, 0 or None keeps only the edge that is taken; every other test keeps both.
 * Leaves out: everything that needs configuration (which calls raise or never return, what a manager swallows).
 */
import type { Instr, IrFunction, Operand, Stmt } from '../ir/ir.ts';
import { type Cfg, EdgeKind } from './cfg.ts';
import { addEdge, append, type Draft, ENTRY, EXIT, newBlock, newDraft, pushExitTask, pushStatement, resetDraft, type Task } from './draft.ts';
import { buildCopy, buildDispatch, buildEnd, type Context, leave, leaveNormally, newContext, Way } from './exits.ts';
import { freeze } from './freeze.ts';
import { mayRaise } from './raising.ts';

// Reused from call to call; nothing of a function stays reachable through it but the last one's, and that only until the next call.
const draft = newDraft();

/** The control-flow graph of `fn`, as cfg.ts describes it. Never fails: statements that Python would refuse get a plausible graph. */
export function buildCfg(fn: IrFunction): Cfg {
  resetDraft(draft);
  const root = newContext('function', null, null, EXIT, -1, false);
  pushStatement(draft, fn.body, 0, root, ENTRY, EXIT);
  for (let task = draft.tasks.pop(); task; task = draft.tasks.pop()) {
    if (task.context.cloned) draft.cloned++;
    switch (task.kind) {
      case 'statement':
        buildStatement(draft, task);
        break;
      case 'copy':
        buildCopy(draft, task.context, task.way, task.entry);
        break;
      case 'end':
        buildEnd(draft, task.context, task.way, task.entry);
        break;
      case 'dispatch':
        buildDispatch(draft, task.context);
        break;
    }
  }
  return freeze(draft, fn.qualifiedName);
}

/** A statement, or the items of a sequence up to the first compound one; the rest is left for when it is known whether it can be reached. */
function buildStatement(draft: Draft, task: Task): void {
  const { stmt, context, after } = task;
  if (stmt === null || draft.reached[task.entry] === 0) return;
  if (stmt.op !== 'seq') {
    buildOne(draft, stmt, context, task.entry, after);
    return;
  }
  let block = task.entry;
  const { items } = stmt;
  for (let i = task.index; i < items.length; i++) {
    const item = items[i];
    if (item.op === 'run') {
      block = buildRun(draft, item.instrs, context, block);
      continue;
    }
    let join = after;
    if (i < items.length - 1) {
      join = newBlock(draft);
      pushStatement(draft, stmt, i + 1, context, join, after);
    }
    buildOne(draft, item, context, block, join);
    return;
  }
  addEdge(draft, block, after, EdgeKind.next);
}

function buildOne(draft: Draft, stmt: Stmt, context: Context, block: number, after: number): void {
  switch (stmt.op) {
    case 'run':
      addEdge(draft, buildRun(draft, stmt.instrs, context, block), after, EdgeKind.next);
      break;
    case 'seq': {
      // A block of its own, because its instructions are appended later than those that `block` may have by now.
      const entry = newBlock(draft);
      addEdge(draft, block, entry, EdgeKind.next);
      pushStatement(draft, stmt, 0, context, entry, after);
      break;
    }
    case 'if':
      buildIf(draft, stmt, context, block, after);
      break;
    case 'loop':
      buildLoop(draft, stmt, context, block, after);
      break;
    case 'try':
      buildTry(draft, stmt, context, block, after);
      break;
    case 'with':
      buildWith(draft, stmt, context, block, after);
      break;
    case 'match':
      buildMatch(draft, stmt, context, block, after);
      break;
    case 'return':
      append(draft, block, stmt.instr);
      addEdge(draft, block, leave(draft, context, Way.return), EdgeKind.next);
      if (context.raisesAnywhere && stmt.instr.value !== null) addEdge(draft, block, leave(draft, context, Way.raise), EdgeKind.raise);
      break;
    case 'raise':
      append(draft, block, stmt.instr);
      addEdge(draft, block, leave(draft, context, Way.raise), EdgeKind.raise);
      break;
    case 'break':
      addEdge(draft, block, leave(draft, context, Way.break), EdgeKind.next);
      break;
    case 'continue':
      addEdge(draft, block, leave(draft, context, Way.continue), EdgeKind.next);
      break;
  }
}

/** Appends the instructions to `block` and the blocks that follow it; returns the block in which they end. */
function buildRun(draft: Draft, instrs: readonly Instr[], context: Context, block: number): number {
  let current = block;
  for (const instr of instrs) {
    append(draft, current, instr);
    if (context.raisesAnywhere || mayRaise(instr)) current = endRaising(draft, context, current);
  }
  if (context.cloned) draft.cloned += instrs.length;
  return current;
}

/** Ends `block` after an instruction that may raise; returns the block in which the normal way continues. */
function endRaising(draft: Draft, context: Context, block: number): number {
  const next = newBlock(draft);
  addEdge(draft, block, next, EdgeKind.next);
  addEdge(draft, block, leave(draft, context, Way.raise), EdgeKind.raise);
  return next;
}

/** Ends `block` in two edges, or in one where the test is a literal. */
function branch(draft: Draft, block: number, test: Operand | null, whenTrue: number, whenFalse: number): void {
  const verdict = test === null ? null : literalTruth(test);
  if (verdict !== null) {
    addEdge(draft, block, verdict ? whenTrue : whenFalse, EdgeKind.next);
    return;
  }
  if (test !== null) draft.tests.set(block, test);
  addEdge(draft, block, whenTrue, EdgeKind.true);
  addEdge(draft, block, whenFalse, EdgeKind.false);
}

/** Whether the test is literally true or false; null for everything that is computed. */
function literalTruth(test: Operand): boolean | null {
  if (test.op !== 'const') return null;
  switch (test.kind) {
    case 'bool':
    case 'int':
      // Integers too large for a JS number keep their text, which is true as they are.
      return Boolean(test.value);
    case 'none':
      return false;
    default:
      return null;
  }
}

/** The block in which the optional part begins; `after` where there is none. */
function optionalPart(draft: Draft, stmt: Stmt | null, context: Context, after: number): number {
  if (stmt === null) return after;
  const entry = newBlock(draft);
  pushStatement(draft, stmt, 0, context, entry, after);
  return entry;
}

function buildIf(draft: Draft, stmt: Extract<Stmt, { op: 'if' }>, context: Context, block: number, after: number): void {
  const otherwise = optionalPart(draft, stmt.otherwise, context, after);
  const then = optionalPart(draft, stmt.then, context, after);
  branch(draft, block, stmt.test, then, otherwise);
}

function buildLoop(draft: Draft, stmt: Extract<Stmt, { op: 'loop' }>, context: Context, block: number, after: number): void {
  const head = newBlock(draft);
  const decision = newBlock(draft);
  addEdge(draft, block, head, EdgeKind.next);
  const otherwise = optionalPart(draft, stmt.otherwise, context, after);
  const inside = newContext('loop', context, null, after, head, context.cloned);
  const body = optionalPart(draft, stmt.body, inside, head);
  branch(draft, decision, stmt.test, body, otherwise);
  pushStatement(draft, stmt.head, 0, context, head, decision);
}

function buildTry(draft: Draft, stmt: Extract<Stmt, { op: 'try' }>, context: Context, block: number, after: number): void {
  let around = context;
  let join = after;
  if (stmt.final) {
    around = newContext('finally', context, stmt, after, -1, context.cloned);
    join = newBlock(draft);
    leaveNormally(draft, around, join);
  }
  let inside = around;
  if (stmt.handlers.length > 0) {
    inside = newContext('handlers', around, stmt, join, -1, context.cloned);
    pushExitTask(draft, 'dispatch', inside, -1, Way.raise);
  }
  const afterBody = optionalPart(draft, stmt.otherwise, around, join);
  const body = optionalPart(draft, stmt.body, inside, afterBody);
  addEdge(draft, block, body, EdgeKind.next);
}

function buildWith(draft: Draft, stmt: Extract<Stmt, { op: 'with' }>, context: Context, block: number, after: number): void {
  append(draft, block, stmt.enter);
  const body = endRaising(draft, context, block);
  const inside = newContext('with', context, stmt, after, -1, context.cloned);
  const join = newBlock(draft);
  leaveNormally(draft, inside, join);
  pushStatement(draft, stmt.body, 0, inside, body, join);
}

/** Cases in order: a pattern's true edge leads to its bindings and guard, its false edge (and the guard's) to the next case. */
function buildMatch(draft: Draft, stmt: Extract<Stmt, { op: 'match' }>, context: Context, block: number, after: number): void {
  let current = block;
  for (let i = 0; i < stmt.cases.length; i++) {
    const { bind, guard, guardHead, irrefutable, body } = stmt.cases[i];
    const bodyEntry = optionalPart(draft, body, context, after);
    const isLast = i === stmt.cases.length - 1;
    const other = isLast ? after : newBlock(draft);
    let afterBind = bodyEntry;
    if (guard !== null) {
      const decision = newBlock(draft);
      branch(draft, decision, guard, bodyEntry, other);
      afterBind = optionalPart(draft, guardHead, context, decision);
    }
    const bindEntry = optionalPart(draft, bind, context, afterBind);
    if (irrefutable) {
      addEdge(draft, current, bindEntry, EdgeKind.next);
    } else {
      addEdge(draft, current, bindEntry, EdgeKind.true);
      addEdge(draft, current, other, EdgeKind.false);
    }
    if (irrefutable && guard === null) return;
    current = other;
  }
  if (stmt.cases.length === 0) addEdge(draft, current, after, EdgeKind.next);
}
