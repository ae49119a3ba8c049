/**
 * Does this instruction check something, so that the test can fail at it?
 *
 * Assertions of the frameworks come from the configuration; a project's own are known by what they do (a helper that asserts, with all it
 * calls) and, where they cannot be read, by their name (`check_x`, `verify_x`, `expect_x`). Three answers, because callers lean to different
 * sides: `maybe` is a call into the test class that cannot be read, or a callback that asserts when somebody runs it.
 * Leaves out: whether the assertion is about anything that matters.
 */
import type { Instr, Operand } from '../ir/ir.ts';
import { forEachInstr } from '../program/module.ts';
import { nestedScope, type Scope } from '../program/scope.ts';
import { isAssertionMethod } from './assertion-methods.ts';
import type { CallInfo, CallInstr } from './calls.ts';
import type { Engine } from './engine.ts';

export type Asserting = 'no' | 'maybe' | 'yes';

/** Functions looked at for one question; a test reaches a few dozen. Beyond it the answer is no, which is noted. */
const MAX_REACHED = 150;
const NAMED =
  /^_*(do_|run_|the_)?(assert|check|verify|expect|ensure|validate|should|must|compare|fail(?:unless|if|_unless|_if)|test_)|_(assert|check|verify|compare)$|[a-z](Assert|Check|Verify)[A-Z]|assert/i;
/** Named like an assertion, and none: they run programs and ask questions. */
const NOT_NAMED = /^(subprocess\.check_|os\.|shutil\.|check_output$|check_call$|ensure_dir|ensure_future|compare_digest)/;

/** Names remembered; a code base of 4,000,000 lines has fewer distinct callee names than this. */
const MEMO_LIMIT = 200_000;
const sounding = new Map<string, boolean>();

/** True where the name of the called function says that it checks something. */
export function soundsLikeAssertion(name: string): boolean {
  let answer = sounding.get(name);
  if (answer === undefined) {
    if (sounding.size >= MEMO_LIMIT) sounding.clear();
    sounding.set(name, (answer = NAMED.test(name) && !NOT_NAMED.test(name)));
  }
  return answer;
}

/** The project function behind a call, as a scope; undefined for classes and everything outside. */
export function calleeScope(info: CallInfo, engine: Engine): Scope | undefined {
  const { callee } = info;
  return callee && callee.kind !== 'class' ? engine.values.scopeOf(callee) : undefined;
}

/** A question about one instruction, asked of a function and all it calls; answers are remembered by the question's identity. */
export interface Question {
  readonly found: (instr: Instr, scope: Scope, engine: Engine) => boolean;
}

const answers = new WeakMap<Question, WeakMap<Engine, Map<string, boolean>>>();

/** True where the function, the functions nested in it, or a project function that they call has an instruction that the question finds. */
export function reaches(root: Scope, question: Question, engine: Engine): boolean {
  let byEngine = answers.get(question);
  if (!byEngine) answers.set(question, (byEngine = new WeakMap()));
  let memo = byEngine.get(engine);
  if (!memo) byEngine.set(engine, (memo = new Map()));
  const keyOf = (s: Scope): string => `${engine.id(s.fn)} ${engine.id(s.cls?.body)}`;
  const known = memo.get(keyOf(root));
  if (known !== undefined) return known;
  const seen = new Set([keyOf(root)]);
  const todo = [root];
  let answer = false;
  const add = (s: Scope): void => {
    const key = keyOf(s);
    if (seen.has(key)) return;
    seen.add(key);
    const before = memo.get(key);
    if (before === true) answer = true;
    else if (before === undefined) todo.push(s);
  };
  while (!answer && todo.length > 0 && seen.size < MAX_REACHED) {
    const scope = todo.pop() as Scope;
    forEachInstr(scope.fn.body, (instr) => {
      if (answer) return;
      if (question.found(instr, scope, engine)) {
        answer = true;
        return;
      }
      if (instr.op === 'define') add(nestedScope(scope, instr.index));
      else if (instr.op === 'call') {
        const target = calleeScope(engine.calls.info(instr, scope), engine);
        if (target) add(target);
      }
    });
  }
  if (!answer && todo.length > 0) engine.cutOff(root, 'reach');
  memo.set(keyOf(root), answer);
  return answer;
}

const ASSERTS: Question = {
  found: (instr, scope, engine) => instr.op === 'assert' || (instr.op === 'call' && isDirect(instr, scope, engine)),
};

/** The framework's own assertions, calls that always fail the test, and what is named like an assertion and cannot be read. */
function isDirect(instr: CallInstr, scope: Scope, engine: Engine): boolean {
  if (isAssertionMethod(instr.callee, engine.patternsFor(scope))) return true;
  const info = engine.calls.info(instr, scope);
  for (const { pattern } of info.models)
    if (pattern.effect === 'asserts' || (pattern.effect === 'raises' && /fail/i.test(info.view.method))) return true;
  if (info.callee) return false;
  const name = info.view.importPath ?? info.view.method;
  return soundsLikeAssertion(info.view.method) && !NOT_NAMED.test(name);
}

/** True where the callable, with all it calls, asserts anything. */
export function assertsInside(scope: Scope, engine: Engine): boolean {
  return reaches(scope, ASSERTS, engine);
}

/** Does this instruction check something? */
export function asserting(instr: Instr, scope: Scope, engine: Engine): Asserting {
  switch (instr.op) {
    case 'assert':
      return 'yes';
    case 'enter':
      return engine.calls.manager(instr, scope).effects.some((e) => e.pattern.effect === 'must-raise') || managerAsserts(instr, scope, engine)
        ? 'yes'
        : 'no';
    case 'exit':
      return 'no';
    case 'call':
      return assertingCall(instr, scope, engine);
    case 'yield':
      return instr.from ? 'maybe' : 'no';
    default:
      return 'no';
  }
}

function managerAsserts(instr: Extract<Instr, { op: 'enter' }>, scope: Scope, engine: Engine): boolean {
  const call = engine.calls.manager(instr, scope).call;
  return call !== undefined && assertingCall(call, scope, engine) !== 'no';
}

function assertingCall(instr: CallInstr, scope: Scope, engine: Engine): Asserting {
  if (isDirect(instr, scope, engine)) return 'yes';
  const info = engine.calls.info(instr, scope);
  if (info.models.some((m) => m.pattern.effect === 'waits')) return 'yes';
  const target = calleeScope(info, engine);
  if (target) {
    if (assertsInside(target, engine)) return 'yes';
    if (soundsLikeAssertion(target.fn.name)) return 'maybe';
  }
  if (instr.args.some((a) => callbackAsserts(a.value, scope, engine))) return 'maybe';
  if (target) return instr.args.some((a) => handsOnTest(a.value, scope, engine)) ? 'maybe' : 'no';
  if (isOwnUnread(instr.callee, scope, engine)) return 'maybe';
  return instr.args.some((a) => handsOnTest(a.value, scope, engine)) ? 'maybe' : 'no';
}

/** A function or lambda that asserts when it is run; also a method of the test's class handed on by name. */
function callbackAsserts(operand: Operand, scope: Scope, engine: Engine): boolean {
  if (operand.op !== 'function' && operand.op !== 'name' && operand.op !== 'attr') return false;
  const value = engine.values.of(operand, scope);
  if (!value || (value.kind !== 'function' && value.kind !== 'nested' && value.kind !== 'method'))
    return operand.op === 'attr' && soundsLikeAssertion(operand.name);
  return assertsInside(engine.values.scopeOf(value), engine);
}

/** The test's own instance is handed on: whoever gets it can assert with it. */
function handsOnTest(operand: Operand, scope: Scope, engine: Engine): boolean {
  return operand.op === 'name' && engine.path(operand, scope) === '@';
}

/** A method of the test's own object that is not in the program, nor one of the framework that touches nothing. */
function isOwnUnread(callee: Operand, scope: Scope, engine: Engine): boolean {
  if (callee.op === 'attr') return engine.path(callee.of, scope) === '@' && !engine.isKnownMethod(callee.name, scope);
  // A callable that came in as a parameter (a fixture, a parametrised check) can be anything.
  if (callee.op !== 'name' || callee.scope === 'global') return false;
  return scope.module.ir.functions[callee.owner]?.params.some((p) => p.name === callee.name) ?? false;
}
