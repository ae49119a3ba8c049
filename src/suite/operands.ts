/**
 * What can be said of an operand without running anything: is it written the same as another one, does it sound like a message?
 *
 * Two mentions of a place are the same where their texts are and nothing in them runs: calls are the same only for a few builtins that
 * answer the same for the same argument. Left out: properties, which may answer differently each time; who asks must say so.
 */
import type { Instr, Operand, Stmt, Target } from '../ir/ir.ts';
import { forEachInside, operandsOf } from '../ir/operands.ts';
import { callBehind } from '../program/call-site.ts';
import { instrsIn, Kind, kindsIn } from '../program/module.ts';
import { factsOf, type Scope } from '../program/scope.ts';

/** Builtins without effect whose result depends on nothing but the value of their arguments. */
const PURE = /^(len|str|repr|int|float|bool|abs|sorted|set|list|tuple|type|sum|min|max|round|ord|chr|hex|frozenset|dict|bytes)$/;

/** True where evaluating the operand runs nothing that could answer differently the next time. */
export function isPlain(operand: Operand, scope: Scope): boolean {
  switch (operand.op) {
    case 'name':
    case 'const':
      return true;
    case 'attr':
    case 'star':
    case 'unary':
      return isPlain(operand.of, scope);
    case 'index':
      return isPlain(operand.of, scope) && isPlain(operand.key, scope);
    case 'tuple':
    case 'list':
    case 'set':
      return operand.items.every((i) => isPlain(i, scope));
    case 'binary':
      return isPlain(operand.left, scope) && isPlain(operand.right, scope);
    case 'dict':
      return operand.entries.every((e) => e.key !== null && isPlain(e.key, scope) && isPlain(e.value, scope));
    case 'temp': {
      const call = callBehind(operand, scope);
      return (
        call !== undefined &&
        call.callee.op === 'name' &&
        call.callee.scope === 'global' &&
        PURE.test(call.callee.name) &&
        call.args.every((a) => a.kind === 'positional' && isPlain(a.value, scope))
      );
    }
    default:
      return false;
  }
}

/** The operand's text without blanks. */
export function squeezed(operand: Operand, scope: Scope): string {
  return scope.module.text.slice(operand.start, operand.end).replace(/\s+/g, '');
}

/** True where both are written the same and nothing runs in between that could tell them apart. */
export function isSameText(a: Operand, b: Operand, scope: Scope): boolean {
  return a.op === b.op && squeezed(a, scope) === squeezed(b, scope) && isPlain(a, scope);
}

/** The literal of the kind that is given where a value is meant: no string. */
export function isLiteral(operand: Operand): boolean {
  if (operand.op === 'const') return operand.kind !== 'ellipsis';
  return operand.op === 'list' || operand.op === 'dict' || operand.op === 'set' || (operand.op === 'tuple' && operand.items.every(isLiteral));
}

const MESSAGE_NAME =
  /msg|message|exception|reason|explan|descr|\bdesc|detail|hint|\berr(s|or|ors|ormsg)?\b|_err(or)?s?$|comment|label|note\b|text$|why|info|fmt|template|output|stdout|stderr|\bout\b|\blog|traceback|\btb\b|format|complain|diagnos|\blead|prefix|context/i;

/** True where the operand is text for people: a string in any form, or something named like one. */
export function isMessage(operand: Operand, scope: Scope, depth = 0): boolean {
  if (depth > 4) return false; // Chains of names that are longer say nothing.
  switch (operand.op) {
    case 'const':
      return operand.kind === 'string';
    case 'format':
      return true;
    case 'binary':
      return (
        (operand.operator === '%' || operand.operator === '+') &&
        (isMessage(operand.left, scope, depth + 1) || (operand.operator === '+' && isMessage(operand.right, scope, depth + 1)))
      );
    case 'boolean':
      return operand.items.some((i) => isMessage(i, scope, depth + 1));
    case 'choice':
      return isMessage(operand.then, scope, depth + 1) || isMessage(operand.otherwise, scope, depth + 1);
    case 'attr':
      return MESSAGE_NAME.test(operand.name);
    case 'index':
      return isMessage(operand.of, scope, depth + 1) || (operand.key.op === 'const' && MESSAGE_NAME.test(String(operand.key.value)));
    case 'name': {
      if (MESSAGE_NAME.test(operand.name)) return true;
      const owner = scope.module.ir.functions[operand.owner];
      const defs = owner ? factsOf(scope.module, owner).names.get(operand.name) : undefined;
      return defs !== undefined && defs.some((d) => d.kind === 'value' && isMessage(d.value, owner ? { ...scope, fn: owner } : scope, depth + 1));
    }
    case 'temp': {
      const def = factsOf(scope.module, scope.fn).temps[operand.id];
      if (def?.kind === 'value') return isMessage(def.value, scope, depth + 1);
      const call = callBehind(operand, scope);
      if (!call) return true; // What a yield or await answers: nobody knows.
      const { callee } = call;
      if (callee.op === 'attr')
        return (
          /format|join|msg|message|repr|str|dump|describe|explain|decode|text|getvalue|strip|read|show|debug|trace|diff/i.test(callee.name) ||
          isMessage(callee.of, scope, depth + 1)
        );
      return (
        callee.op === 'name' &&
        /^(str|repr|unicode|format|hex|ascii|vars|dir|type)$|msg|message|format|repr|dump|describe|diff|debug|text|trace/i.test(callee.name)
      );
    }
    default:
      return false;
  }
}

/** True where `inner` is written somewhere inside `outer`: as part of it, or as an argument or receiver of a call in it. */
export function mentions(outer: Operand, inner: Operand, scope: Scope): boolean {
  const wanted = squeezed(inner, scope);
  if (wanted.length === 0) return false;
  const text = squeezed(outer, scope);
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    if (!/\w/.test(text[at - 1] ?? ' ') && !/\w/.test(text[at + wanted.length] ?? ' ')) return true;
  }
  return false;
}

/** All operands in the instructions and tests of a statement, inner ones included, nested functions left out. */
export function operandsIn(stmt: Stmt): readonly Operand[] {
  const out: Operand[] = [];
  forEachOperandIn(stmt, (operand) => out.push(operand));
  return out;
}

/** Calls `visit` for each of `operandsIn`. */
export function forEachOperandIn(stmt: Stmt, visit: (operand: Operand) => void): void {
  const look = (operand: Operand | Target): void => {
    if (operand.op !== 'targets') visit(operand);
    forEachInside(operand, look);
  };
  for (const instr of instrsIn(stmt)) {
    // Most instructions are calls: those are looked into without a list of what they hold.
    if (instr.op === 'call') {
      look(instr.callee);
      for (const { value } of instr.args) look(value);
    } else for (const operand of operandsOf(instr)) look(operand);
  }
  if ((kindsIn(stmt) & TESTS) !== 0) for (const test of testsIn(stmt)) look(test);
}

const TESTS = Kind.if | Kind.loop | Kind.match;

/** The operands that if, while, guards and subjects test. */
function testsIn(stmt: Stmt): readonly Operand[] {
  const out: Operand[] = [];
  const todo: Stmt[] = [stmt];
  while (todo.length > 0) {
    const s = todo.pop() as Stmt;
    switch (s.op) {
      case 'seq':
        todo.push(...s.items);
        break;
      case 'if':
        out.push(s.test);
        todo.push(s.then, ...(s.otherwise ? [s.otherwise] : []));
        break;
      case 'loop':
        if (s.test) out.push(s.test);
        todo.push(s.head, s.body, ...(s.otherwise ? [s.otherwise] : []));
        break;
      case 'try':
        todo.push(s.body, ...s.handlers.map((h) => h.body), ...(s.otherwise ? [s.otherwise] : []), ...(s.final ? [s.final] : []));
        break;
      case 'with':
        todo.push(s.body);
        break;
      case 'match':
        out.push(s.subject, ...s.cases.flatMap((c) => c.guard ?? []));
        todo.push(...s.cases.map((c) => c.body));
        break;
      default:
    }
  }
  return out;
}

/** The operands directly in an instruction or operand; the name that an assignment binds is left out. */
export function operandsOfInstr(of: Instr | Operand): readonly Operand[] {
  const out: Operand[] = [];
  const add = (o: Operand | Target): void => {
    if (o.op !== 'targets') out.push(o);
  };
  if (isInstr(of)) for (const operand of operandsOf(of)) add(operand);
  else forEachInside(of, add);
  return out;
}

const INSTRUCTIONS: ReadonlySet<string> = new Set([
  'call',
  'assign',
  'augment',
  'evaluate',
  'await',
  'yield',
  'assert',
  'delete',
  'next',
  'collect',
  'enter',
  'exit',
  'define',
  'import',
  'raise',
  'return',
  'caught',
]);
const isInstr = (of: Instr | Operand): of is Instr => INSTRUCTIONS.has(of.op);
