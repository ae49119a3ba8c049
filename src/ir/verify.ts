/**
 * Is an IR module well-formed?
 *
 * Checked: indices and parents; spans lie in the file, and those of instructions in their function; a temporary is set on every way before it is read,
 * and is the result of one instruction only; names say the truth about their scope; each kind of instruction stands only where it may; what belongs to
 * a function's head holds no temporaries. Returns sentences, one a fault, in the order of the functions; none for a good module.
 */
import type { Instr, IrFunction, IrModule, NameRef, Operand, Stmt, Target } from './ir.ts';
import { forEachInside, operandsOf, resultOf } from './operands.ts';

interface Check {
  readonly module: IrModule;
  readonly fn: IrFunction;
  readonly length: number;
  readonly faults: string[];
  /** Temporaries set on every way to the present place. */
  set: Set<number>;
  /** Temporaries that are the result of an instruction. */
  readonly results: Set<number>;
}

/** The faults of `module`, lowered from a text of `length` UTF-16 units. */
export function verifyModule(module: IrModule, length: number): readonly string[] {
  const faults: string[] = [];
  module.functions.forEach((fn, index) => {
    const check: Check = { module, fn, length, faults, set: new Set(), results: new Set() };
    if (fn.index !== index) fault(check, `stands at index ${index}`);
    verifyHead(check);
    verifyStmt(check, fn.body);
  });
  return faults;
}

function fault(check: Check, what: string): void {
  check.faults.push(`fn${check.fn.index} ${check.fn.qualifiedName}: ${what}`);
}

function verifyHead(check: Check): void {
  const { fn, module } = check;
  if ((fn.parent === null) !== (fn.index === 0)) fault(check, 'only the module body has no parent');
  if (fn.parent !== null && (fn.parent < 0 || fn.parent >= fn.index)) fault(check, `parent ${fn.parent} does not come before it`);
  if (new Set(fn.locals).size !== fn.locals.length) fault(check, 'a local is listed twice');
  for (const param of fn.params) if (!fn.locals.includes(param.name)) fault(check, `parameter ${param.name} is not among the locals`);
  span(check, fn, 'the function');
  if (fn.nameStart < fn.start || fn.nameEnd > fn.end || fn.nameStart > fn.nameEnd) fault(check, 'the name lies outside of it');
  const outer: Check = { ...check, fn: module.functions[fn.parent ?? 0] };
  const before = check.faults.length;
  for (const operand of [
    ...fn.decorators,
    ...fn.bases.map(({ value }) => value),
    ...fn.params.flatMap((param) => [param.default, param.annotation]).filter((value) => value !== null),
  ]) {
    verifyOperand(outer, operand, false);
  }
  if (check.faults.length > before) fault(check, 'its head is not well-formed');
}

function span(check: Check, { start, end }: { readonly start: number; readonly end: number }, what: string): void {
  if (!(0 <= start && start <= end && end <= check.length)) fault(check, `${what} has the span ${start}-${end} in a file of ${check.length}`);
}

function verifyOperand(check: Check, operand: Operand | Target, temps: boolean): void {
  span(check, operand, operand.op);
  if (operand.op === 'name') verifyName(check, operand);
  else if (operand.op === 'temp') {
    if (!temps) fault(check, `t${operand.id} is read where nothing runs`);
    else if (!check.set.has(operand.id)) fault(check, `t${operand.id} may be read before it is set`);
  } else if (operand.op === 'function' && check.module.functions[operand.index] === undefined) fault(check, `there is no fn${operand.index}`);
  forEachInside(operand, (inner) => verifyOperand(check, inner, temps));
}

function verifyName(check: Check, { name, scope, owner }: NameRef): void {
  const { functions } = check.module;
  if (name === '') fault(check, 'a name is empty');
  if (scope === 'global') {
    if (owner !== 0) fault(check, `global ${name} belongs to fn${owner}`);
    return;
  }
  if ((scope === 'local') !== (owner === check.fn.index)) fault(check, `${scope} ${name} belongs to fn${owner}`);
  if (!isAround(functions, owner, check.fn)) fault(check, `${name} belongs to fn${owner}, which is not around it`);
  else if (!functions[owner].locals.includes(name)) fault(check, `${name} is not among the locals of fn${owner}`);
}

function isAround(functions: readonly IrFunction[], owner: number, fn: IrFunction): boolean {
  for (let at: number | null = fn.index; at !== null; at = functions[at].parent) if (at === owner) return true;
  return false;
}

function verifyInstr(check: Check, instr: Instr): void {
  span(check, instr, instr.op);
  if (instr.start < check.fn.start || instr.end > check.fn.end) fault(check, `${instr.op} at ${instr.start}-${instr.end} lies outside of it`);
  const target = instr.op === 'assign' || instr.op === 'next' || instr.op === 'enter' ? instr.target : null;
  for (const operand of operandsOf(instr)) if (operand !== target || operand.op !== 'temp') verifyOperand(check, operand, true);
  if (target?.op === 'temp') setTemp(check, target.id);
  const result = resultOf(instr);
  if (result !== null) {
    if (check.results.has(result)) fault(check, `t${result} is the result of two instructions`);
    check.results.add(result);
    setTemp(check, result);
  }
  if (instr.op === 'collect' && !check.set.has(instr.into)) fault(check, `t${instr.into} is collected into before it is set`);
  if (instr.op === 'define' && check.module.functions[instr.index]?.parent !== check.fn.index)
    fault(check, `fn${instr.index} is defined in another function`);
  if (instr.op === 'exit') fault(check, 'exit is not made by lowering');
}

function setTemp(check: Check, id: number): void {
  if (id < 0 || id >= check.fn.temps) fault(check, `t${id} is not one of its ${check.fn.temps} temporaries`);
  check.set.add(id);
}

/** Where an instruction of this kind may stand: in any run, in the head of a for loop, first in a handler, or as a statement. */
const placed: ReadonlySet<Instr['op']> = new Set(['next', 'caught', 'enter', 'raise', 'return']);

function verifyRun(check: Check, instrs: readonly Instr[], allowed: 'next' | 'caught' | null): void {
  instrs.forEach((instr, i) => {
    const stands = !placed.has(instr.op) || (instr.op === 'next' && allowed === 'next') || (instr.op === 'caught' && allowed === 'caught' && i === 0);
    if (!stands) fault(check, `${instr.op} at ${instr.start}-${instr.end} may not stand there`);
    verifyInstr(check, instr);
  });
}

function verifyStmt(check: Check, stmt: Stmt, allowed: 'next' | 'caught' | null = null): void {
  if ('start' in stmt) span(check, stmt, stmt.op);
  switch (stmt.op) {
    case 'seq':
      stmt.items.forEach((item, i) => {
        verifyStmt(check, item, i === 0 || allowed === 'next' ? allowed : null);
      });
      return;
    case 'run':
      return verifyRun(check, stmt.instrs, allowed);
    case 'if':
      verifyOperand(check, stmt.test, true);
      return oneOf(check, [stmt.then, stmt.otherwise]);
    case 'loop':
      return verifyLoop(check, stmt);
    case 'try':
      return verifyTry(check, stmt);
    case 'with':
      verifyInstr(check, stmt.enter);
      return maybe(check, () => verifyStmt(check, stmt.body));
    case 'match':
      return verifyMatch(check, stmt);
    case 'return':
    case 'raise':
      return verifyInstr(check, stmt.instr);
    case 'break':
    case 'continue':
      return;
  }
}

/** What is set inside is not counted afterwards. */
function maybe(check: Check, verify: () => void): void {
  const before = check.set;
  check.set = new Set(before);
  verify();
  check.set = before;
}

/** One of the branches runs; what all of them set is set afterwards. A branch that is null sets nothing. */
function oneOf(check: Check, branches: readonly (Stmt | null)[]): void {
  const before = check.set;
  const after: Set<number>[] = [];
  for (const branch of branches) {
    check.set = new Set(before);
    if (branch !== null) verifyStmt(check, branch);
    after.push(check.set);
  }
  check.set = before;
  for (const id of after[0]) if (after.every((set) => set.has(id))) before.add(id);
}

function verifyLoop(check: Check, stmt: Extract<Stmt, { op: 'loop' }>): void {
  verifyStmt(check, stmt.head, stmt.kind === 'for' ? 'next' : null);
  if ((stmt.kind === 'for') !== (stmt.test === null)) fault(check, `a ${stmt.kind} loop ${stmt.test === null ? 'without' : 'with'} a test`);
  if (stmt.kind === 'for' && !holdsNext(stmt.head)) fault(check, 'the head of a for loop does not end with next');
  if (stmt.test !== null) verifyOperand(check, stmt.test, true);
  maybe(check, () => verifyStmt(check, stmt.body));
  const { otherwise } = stmt;
  if (otherwise !== null) maybe(check, () => verifyStmt(check, otherwise));
}

function holdsNext(head: Stmt): boolean {
  return head.op === 'run' && head.instrs.at(-1)?.op === 'next';
}

function verifyTry(check: Check, stmt: Extract<Stmt, { op: 'try' }>): void {
  if (stmt.handlers.length === 0 && stmt.final === null && !check.fn.broken) fault(check, 'a try has neither handler nor finally');
  maybe(check, () => {
    verifyStmt(check, stmt.body);
    if (stmt.otherwise !== null) verifyStmt(check, stmt.otherwise);
  });
  for (const handler of stmt.handlers) {
    span(check, handler, 'handler');
    if (!beginsWithCaught(handler.body)) fault(check, 'a handler does not begin with caught');
    maybe(check, () => verifyStmt(check, handler.body, 'caught'));
  }
  const { final } = stmt;
  if (final !== null) maybe(check, () => verifyStmt(check, final));
}

function beginsWithCaught(body: Stmt): boolean {
  if (body.op === 'seq') return body.items.length > 0 && beginsWithCaught(body.items[0]);
  return body.op === 'run' && body.instrs[0]?.op === 'caught';
}

function verifyMatch(check: Check, stmt: Extract<Stmt, { op: 'match' }>): void {
  verifyOperand(check, stmt.subject, true);
  for (const { bind, guard, guardHead, body, ...place } of stmt.cases) {
    span(check, place, 'case');
    maybe(check, () => {
      verifyStmt(check, bind);
      if (guardHead !== null) verifyStmt(check, guardHead);
      if (guard !== null) verifyOperand(check, guard, true);
      verifyStmt(check, body);
    });
  }
}
