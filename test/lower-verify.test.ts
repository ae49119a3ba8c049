/**
 * Does the verifier of the IR notice each kind of fault?
 *
 * A good module is damaged in one place; the fault must be named. Without this, a verifier that says nothing would pass every other test.
 */
import { expect, test } from 'vitest';
import type { Instr, IrFunction, IrModule, NameRef, Operand, Stmt } from '../src/ir/ir.ts';
import { verifyModule } from '../src/ir/verify.ts';

const at = { start: 0, end: 1 } as const;
const name: NameRef = { op: 'name', name: 'a', scope: 'local', owner: 1, ...at };
const call: Instr = { op: 'call', result: 0, callee: name, args: [], ...at };
const readTemp = (id: number): Operand => ({ op: 'temp', id, ...at });
const evaluate = (value: Operand): Instr => ({ op: 'evaluate', value, ...at });
const setTemp: Instr = { op: 'assign', target: { op: 'temp', id: 0, ...at }, value: name, ...at };
const run = (...instrs: Instr[]): Stmt => ({ op: 'run', instrs });
const branch = (then: Stmt, otherwise: Stmt | null): Stmt => ({ op: 'if', test: name, then, otherwise, ...at });
const nextInstr: Instr = { op: 'next', target: name, iterable: name, isAsync: false, ...at };
const caught: Instr = { op: 'caught', target: null, types: null, ...at };

function functionOf(index: number, change: Partial<IrFunction>): IrFunction {
  return {
    index,
    name: `f${index}`,
    qualifiedName: `f${index}`,
    kind: index === 0 ? 'module' : 'function',
    parent: index === 0 ? null : 0,
    isAsync: false,
    isGenerator: false,
    decorators: [],
    params: [],
    bases: [],
    locals: ['a'],
    body: run(),
    temps: 2,
    nameStart: 0,
    nameEnd: 0,
    broken: false,
    usesOuter: false,
    operators: 0,
    start: 0,
    end: 10,
    ...change,
  };
}

/** A module and one function in it; the latter as changed. */
const moduleWith = (change: Partial<IrFunction>): IrModule => ({ functions: [functionOf(0, {}), functionOf(1, change)], imports: [] });
const faultsOf = (change: Partial<IrFunction>): readonly string[] => verifyModule(moduleWith(change), 10);

test.each<[string, Stmt]>([
  ['a result is read after its call', run(call, evaluate(readTemp(0)))],
  ['both branches set it', { op: 'seq', items: [branch(run(setTemp), run(setTemp)), run(evaluate(readTemp(0)))] }],
  ['a for loop', { op: 'loop', kind: 'for', head: run(nextInstr), test: null, body: run(), otherwise: null, ...at }],
  [
    'a handler',
    { op: 'try', body: run(), handlers: [{ types: null, isGroup: false, body: run(caught), ...at }], otherwise: null, final: null, ...at },
  ],
])('no fault: %s', (_what, body) => {
  expect(faultsOf({ body })).toEqual([]);
});

test.each<[string, Partial<IrFunction>]>([
  ['stands at index 1', { index: 0 }],
  ['only the module body has no parent', { parent: null }],
  ['parent 1 does not come before it', { parent: 1 }],
  ['a local is listed twice', { locals: ['a', 'a'] }],
  ['parameter b is not among the locals', { params: [{ name: 'b', kind: 'normal', default: null, annotation: null, ...at }] }],
  ['the function has the span 0-11 in a file of 10', { end: 11 }],
  ['the name lies outside of it', { nameEnd: 11 }],
  ['its head is not well-formed', { decorators: [readTemp(0)] }],
  ['t0 may be read before it is set', { body: run(evaluate(readTemp(0)), call) }],
  ['t0 may be read before it is set', { body: { op: 'seq', items: [branch(run(call), null), run(evaluate(readTemp(0)))] } }],
  ['t0 is the result of two instructions', { body: run(call, call) }],
  ['t2 is not one of its 2 temporaries', { body: run({ ...call, result: 2 }) }],
  ['t1 is collected into before it is set', { body: run({ op: 'collect', into: 1, key: null, value: name, ...at }) }],
  ['there is no fn7', { body: run(evaluate({ op: 'function', index: 7, ...at })) }],
  ['fn0 is defined in another function', { body: run({ op: 'define', name: 'a', target: name, index: 0, ...at }) }],
  ['a name is empty', { body: run(evaluate({ ...name, name: '' })) }],
  ['global a belongs to fn1', { body: run(evaluate({ ...name, scope: 'global' })) }],
  ['closure a belongs to fn1', { body: run(evaluate({ ...name, scope: 'closure' })) }],
  ['a belongs to fn2, which is not around it', { body: run(evaluate({ ...name, scope: 'closure', owner: 2 })) }],
  ['b is not among the locals of fn1', { body: run(evaluate({ ...name, name: 'b' })) }],
  ['evaluate has the span 5-4 in a file of 10', { body: run({ ...evaluate(name), start: 5, end: 4 }) }],
  ['evaluate at 0-1 lies outside of it', { body: run(evaluate(name)), start: 1 }],
  ['next at 0-1 may not stand there', { body: run(nextInstr) }],
  ['caught at 0-1 may not stand there', { body: run(caught) }],
  ['return at 0-1 may not stand there', { body: run({ op: 'return', value: null, ...at }) }],
  ['exit is not made by lowering', { body: run({ op: 'exit', manager: name, target: null, raising: false, isAsync: false, ...at }) }],
  [
    'the head of a for loop does not end with next',
    { body: { op: 'loop', kind: 'for', head: run(), test: null, body: run(), otherwise: null, ...at } },
  ],
  ['a while loop without a test', { body: { op: 'loop', kind: 'while', head: run(), test: null, body: run(), otherwise: null, ...at } }],
  ['a try has neither handler nor finally', { body: { op: 'try', body: run(), handlers: [], otherwise: null, final: null, ...at } }],
  [
    'a handler does not begin with caught',
    { body: { op: 'try', body: run(), handlers: [{ types: null, isGroup: false, body: run(), ...at }], otherwise: null, final: null, ...at } },
  ],
])('fault: %s', (fault, change) => {
  expect(
    faultsOf(change).some((found) => found.endsWith(`: ${fault}`) || found.endsWith(` ${fault}`)),
    faultsOf(change).join('\n'),
  ).toBe(true);
});
