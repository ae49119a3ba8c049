/**
 * What does lowering keep in mind while it works through one function?
 *
 * A `Body` is the function under construction: the instructions of the current run, the statements before it, the next temporary. Nested
 * blocks are made by `block`, which puts the current place aside and gives back what was lowered meanwhile.
 * Invariant: `run` is the open end of `items`; emitting a statement closes it.
 */
import type { FunctionIndex, Instr, IrFunction, Operand, PlacedImport, Stmt } from '../ir/ir.ts';
import type { SyntaxNode } from '../syntax/tree.ts';
import type { NameScope, Spelling } from './scope.ts';

/** Shared by all functions of a module while it is lowered. */
export interface ModuleState {
  readonly text: string;
  /** By function index; a place is null while its function is being lowered. */
  readonly functions: (IrFunction | null)[];
  /** Lambdas by their node, since a default value with a call is lowered twice. */
  readonly lambdas: Map<SyntaxNode, FunctionIndex>;
  /** True where the file has syntax errors, so that children may be ERROR nodes. */
  readonly hasProblems: boolean;
  /** True where the file holds a `:=`. Without one, no expression binds a name. */
  readonly hasWalrus: boolean;
  /** Functions in which something lies deeper than MAX_DEPTH. */
  readonly tooDeep: Set<FunctionIndex>;
  readonly imports: PlacedImport[];
  /**
   * By name, one string for each: they stay, and are compared and looked up for as long. Not the names that are cut out of a longer text, as of
   * `import a.b` or `*rest`.
   */
  readonly spelt: Map<string, Spelling>;
  /** How deep the node being lowered is nested, counted over all functions around it. */
  depth: number;
}

/** A function under construction. */
export interface Body {
  readonly module: ModuleState;
  readonly index: FunctionIndex;
  readonly qualifiedName: string;
  readonly kind: IrFunction['kind'];
  /** The innermost scope: the function's own, or that of a comprehension in it. */
  names: NameScope;
  items: Stmt[];
  run: Instr[];
  /** The next free temporary. */
  temps: number;
  /** How many instructions and statements have been emitted; says whether an expression had any effect. */
  emitted: number;
  /** How many loops are open; `break` outside of any is an error in the code. */
  loops: number;
  isGenerator: boolean;
  /** Bits of `Operator`. */
  operators: number;
  broken: boolean;
  /** True while an expression is only described (decorators, annotations): calls become operands, nothing is emitted. */
  describing: boolean;
}

/**
 * How deep statements and expressions may be nested before the inside becomes `unknown`. CPython's tokenizer refuses more than 100 levels of
 * indentation and 200 of brackets, so no program that runs reaches the sum; and it keeps recursion over the result far from the stack's end.
 */
export const MAX_DEPTH = 300;

/** Adds an instruction to the current run. */
export function emit(body: Body, instr: Instr): void {
  body.run.push(instr);
  body.emitted++;
}

/** Closes the current run and adds a statement. */
export function emitStmt(body: Body, stmt: Stmt): void {
  closeRun(body);
  body.items.push(stmt);
  body.emitted++;
}

/** Adds an `if`; `otherwise` is null where there is no else. */
export function emitIf(body: Body, test: Operand, then: Stmt, otherwise: Stmt | null, start: number, end: number): void {
  emitStmt(body, { op: 'if', test, then, otherwise, start, end });
}

function closeRun(body: Body): void {
  if (body.run.length === 0) return;
  body.items.push({ op: 'run', instrs: body.run.slice(), memo: undefined }); // Cut to size: what grew has room for seventeen, and it stays for long.
  body.run.length = 0;
}

/** What `lower` emits, as one statement of its own; an empty run where it emits nothing. */
export function block(body: Body, lower: () => void): Stmt {
  const { items, run } = body;
  body.items = [];
  body.run = [];
  lower();
  const made = finish(body);
  body.items = items;
  body.run = run;
  return made;
}

/** All that has been emitted at the current level, as one statement. */
export function finish(body: Body): Stmt {
  closeRun(body);
  const { items } = body;
  if (items.length === 1) return items[0];
  return items.length === 0 ? { op: 'run', instrs: [], memo: undefined } : { op: 'seq', items: items.slice(), memo: undefined };
}

/** Whether a statement made by `block` does nothing. */
export function isEmpty(stmt: Stmt): boolean {
  return stmt.op === 'run' && stmt.instrs.length === 0;
}

/** A new temporary's number. */
export function newTemp(body: Body): number {
  return body.temps++;
}

/** The operand that reads temporary `id`, standing for the source text [start, end). */
export function temp(id: number, start: number, end: number): Extract<Operand, { op: 'temp' }> {
  return { op: 'temp', id, start, end };
}

/** The operand for what cannot be said. */
export function unknown(start: number, end: number): Extract<Operand, { op: 'unknown' }> {
  return { op: 'unknown', start, end };
}

/** Puts an operand's present value into a new temporary, because what comes next may change what the operand reads. */
export function spill(body: Body, value: Operand): Operand {
  const id = newTemp(body);
  const target = temp(id, value.start, value.end);
  emit(body, { op: 'assign', target, value, start: value.start, end: value.end });
  return target;
}

/** Notes that something lies too deep to be lowered. */
export function cutOff(body: Body): void {
  body.broken = true;
  body.module.tooDeep.add(body.index);
}

/** Runs `lower` one level deeper; beyond `MAX_DEPTH` nothing is lowered, and the function is broken. */
export function deeper(body: Body, lower: () => void): void {
  const { module } = body;
  if (module.depth >= MAX_DEPTH) {
    cutOff(body);
    return;
  }
  module.depth++;
  lower();
  module.depth--;
}
