/**
 * How do tests write a statement tree by hand?
 *
 * Short builders of IR whose positions are all 0, for tests of the graph builder that are about sizes and shapes no Python text is needed for.
 */
import type { Handler, Instr, IrFunction, MatchCase, NameRef, Operand, Stmt } from '../src/ir/ir.ts';

const at = { start: 0, end: 0 } as const;

export function name(text: string): NameRef {
  return { op: 'name', name: text, scope: 'local', owner: 1, ...at };
}

export function literal(value: boolean | number): Operand {
  return { op: 'const', kind: typeof value === 'boolean' ? 'bool' : 'int', value, ...at };
}

export function call(callee: string): Instr {
  return { op: 'call', result: 0, callee: name(callee), args: [], ...at };
}

export function assign(target: string, value: Operand): Instr {
  return { op: 'assign', target: name(target), value, ...at };
}

export function run(...instrs: Instr[]): Stmt {
  return { op: 'run', instrs };
}

export function seq(...items: Stmt[]): Stmt {
  return { op: 'seq', items };
}

export function ifStmt(test: Operand, then: Stmt, otherwise: Stmt | null = null): Stmt {
  return { op: 'if', test, then, otherwise, ...at };
}

export function whileStmt(test: Operand, body: Stmt, otherwise: Stmt | null = null): Stmt {
  return { op: 'loop', kind: 'while', head: seq(), test, body, otherwise, ...at };
}

export function forStmt(body: Stmt, otherwise: Stmt | null = null): Stmt {
  const next: Instr = { op: 'next', target: name('item'), iterable: name('items'), isAsync: false, ...at };
  return { op: 'loop', kind: 'for', head: run(next), test: null, body, otherwise, ...at };
}

export function handler(types: string | null, body: Stmt, isGroup = false): Handler {
  return { types: types === null ? null : name(types), isGroup, body, ...at };
}

export function tryStmt(body: Stmt, parts: { handlers?: Handler[]; otherwise?: Stmt; final?: Stmt }): Stmt {
  return { op: 'try', body, handlers: parts.handlers ?? [], otherwise: parts.otherwise ?? null, final: parts.final ?? null, ...at };
}

export function withStmt(manager: string, body: Stmt): Stmt {
  return { op: 'with', enter: { op: 'enter', result: 0, manager: name(manager), target: null, isAsync: false, ...at }, body, ...at };
}

export function ret(): Stmt {
  return { op: 'return', instr: { op: 'return', value: null, ...at }, ...at };
}

export function raise(): Stmt {
  return { op: 'raise', instr: { op: 'raise', value: null, cause: null, ...at }, ...at };
}

export function cont(): Stmt {
  return { op: 'continue', ...at };
}

/** Cases whose patterns bind nothing; the last is `case _:` where `otherwise` is given. */
export function matchStmt(bodies: readonly Stmt[], otherwise: Stmt | null = null): Stmt {
  const one = (body: Stmt, irrefutable: boolean): MatchCase => ({ bind: seq(), guard: null, guardHead: null, irrefutable, body, ...at });
  const cases = bodies.map((body) => one(body, false));
  return { op: 'match', subject: name('subject'), cases: otherwise ? [...cases, one(otherwise, true)] : cases, ...at };
}

export function brk(): Stmt {
  return { op: 'break', ...at };
}

export function functionOf(body: Stmt): IrFunction {
  return {
    index: 1,
    name: 'f',
    qualifiedName: 'f',
    kind: 'function',
    parent: 0,
    isAsync: false,
    isGenerator: false,
    decorators: [],
    params: [],
    bases: [],
    locals: [],
    body,
    temps: 1,
    nameStart: 0,
    nameEnd: 0,
    broken: false,
    usesOuter: false,
    operators: 0,
    ...at,
  };
}
