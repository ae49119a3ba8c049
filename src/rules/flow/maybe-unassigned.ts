/** Is a name read on a path on which an exception came before its assignment? */
import type { Instr, Operand, Stmt } from '../../ir/ir.ts';
import { Kind } from '../../program/module.ts';
import { factsOf, type Scope } from '../../program/scope.ts';
import { nameInOperand, nameRead } from '../../typestate/mentions.ts';
import { textOf } from '../../typestate/naming.ts';
import { type WalkStep, walk } from '../../typestate/walk.ts';
import { defineRule, py, type Report, type RuleContext } from '../define.ts';
import { scopesHolding } from '../scopes.ts';
import { bindsName } from './bindings.ts';
import { loopsOf, visitStatements } from './loops.ts';
import { branchStep, isOuter, isTestModule, step } from './places.ts';

export const maybeUnassigned = defineRule({
  id: 'maybe-unassigned',
  title: 'Name may be read before it is assigned',
  pillar: 'flow',
  cwe: ['CWE-705'],
  severity: 'note',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'If the statement that assigns the name raises, the handler or the finally block that reads it fails with UnboundLocalError: the real error is hidden, and the rest of the cleanup does not run.',
    fix: 'Put the assignment before the `try`, or give the name a value there.',
    bad: [
      py`
        import unittest
        from service import connect

        class TestConnect(unittest.TestCase):
            def test_connect(self):
                try:
                    connection = connect()
                    self.assertTrue(connection.ready)
                finally:
                    connection.close()    # expect: maybe-unassigned
      `,
      py`
        from service import connect

        def test_answer():
            try:
                answer = connect().ask()
            except OSError:
                print("no connection")
            assert answer == "ok"    # expect: maybe-unassigned
      `,
      py`
        import os
        from service import fetch

        def test_file():
            try:
                path = fetch("a")
                assert os.path.getsize(path) == 1
            finally:
                os.unlink(path)    # expect: maybe-unassigned
      `,
    ],
    good: [
      py`
        from service import connect

        def test_before():
            connection = connect()
            try:
                assert connection.ready
            finally:
                connection.close()

        def test_none():
            connection = None
            try:
                connection = connect()
            finally:
                if connection:
                    connection.close()
      `,
      py`
        import pytest
        from service import connect

        def test_leaves():
            try:
                answer = connect().ask()
            except OSError:
                pytest.skip("no connection")
            assert answer == "ok"

        def test_fails():
            try:
                answer = connect().ask()
            except OSError as error:
                raise AssertionError from error
            assert answer == "ok"
      `,
      py`
        import os
        import pytest
        from service import ask, Refused

        @pytest.mark.parametrize("passes", [True, False])
        def test_either(passes):
            try:
                answer = ask()
            except Refused:
                if passes:
                    raise
                elif not passes:
                    return
            assert answer == "ok"

        def test_closes():
            try:
                file = os.fdopen(ask())
                file.write("a")
            finally:
                try:
                    file.close()
                except Exception:
                    pass
      `,
      py`
        from service import connect

        def test_else():
            try:
                answer = connect().ask()
            except OSError:
                failed = True
            else:
                failed = False
                assert answer == "ok"
            assert not failed
      `,
      py`
        from service import connect

        def test_given_in_handler():
            try:
                answer = connect().ask()
            except OSError:
                answer = None
            assert answer is None

        def test_literal():
            try:
                answer = []
                answer.extend(connect().ask())
            finally:
                answer.clear()
      `,
      py`
        from service import connect

        def test_other_form():
            while True:
                try:
                    answer = connect().ask()
                    if answer.index("done"):
                        break
                except AttributeError:
                    if answer.get("done"):
                        break

        def test_deleted():
            try:
                answer = connect()
                del answer
                answer.ask()
            except NameError:
                pass
      `,
    ],
    misses: 'Names that only a branch or a loop leaves without a value.',
  },
  check(context, report) {
    if (!isTestModule(context)) return 0;
    let sites = 0;
    for (const scope of scopesHolding(context, Kind.try)) {
      if (!isOuter(scope)) continue;
      const text = scope.module.text.slice(scope.fn.start, scope.fn.end);
      if (!/\btry\b/.test(text) || /NameError|UnboundLocalError/.test(text)) continue;
      const names = assignedInTry(scope);
      for (const [name, body] of names) {
        sites++;
        const found = readBefore(name, body, scope, context, Math.floor(MAX_PAIRS / names.size));
        if (found) report(found);
      }
    }
    return sites;
  },
});

/** Pairs of block and mark looked at for all names of one function together: about half a second; the longest real ones need a hundredth. */
const MAX_PAIRS = 500_000;

type Try = Extract<Stmt, { op: 'try' }>;

/** Names whose first assignment in the source stands in the body of a try statement, with that statement. */
function assignedInTry(scope: Scope): ReadonlyMap<string, Try> {
  const tries: Try[] = [];
  visitStatements(scope.fn.body, (s) => {
    if (s.op === 'try' && (s.handlers.length > 0 || s.final)) tries.push(s);
    return true;
  });
  const out = new Map<string, Try>();
  const facts = factsOf(scope.module, scope.fn);
  for (const [name, defs] of facts.names) {
    if (
      facts.assignedInside.has(name) ||
      name.includes('@') ||
      defs.some((d) => d.instr === null || d.instr.op === 'import' || d.instr.op === 'delete' || d.instr.op === 'enter')
    )
      continue;
    const first = Math.min(...defs.map((d) => d.instr?.start ?? 0));
    const around = tries.filter((t) => bodySpan(t).start <= first && first < bodySpan(t).end).sort((a, b) => b.start - a.start)[0];
    if (around && new RegExp(`\\b${name}\\b`).test(scope.module.text.slice(bodySpan(around).end, scope.fn.end))) out.set(name, around);
  }
  return out;
}

/** The part of a try statement whose exceptions it handles. */
function bodySpan(t: Try): { readonly start: number; readonly end: number } {
  const after = [...t.handlers.map((h) => h.start), ...startsOf(t.otherwise), ...startsOf(t.final)];
  return { start: t.start, end: after.length > 0 ? Math.min(...after) : t.end };
}

function startsOf(stmt: Stmt | null): readonly number[] {
  if (!stmt) return [];
  const out: number[] = [];
  visitStatements(stmt, (s) => {
    if (s.op === 'run') for (const i of s.instrs) out.push(i.start);
    else if (s.op === 'return' || s.op === 'raise') out.push(s.instr.start);
    else if ('start' in s) out.push(s.start);
    return true;
  });
  return out;
}

function readBefore(name: string, around: Try, scope: Scope, context: RuleContext, budget: number): Report | undefined {
  const { engine } = context;
  const span = bodySpan(around);
  let read: Instr | undefined;
  const READ = 'read';
  const isIt = (n: { readonly name: string; readonly scope: string }): boolean => n.name === name && n.scope === 'local';
  const reads = (i: Instr): boolean => nameRead(i, isIt) !== undefined;
  const values = (factsOf(scope.module, scope.fn).names.get(name) ?? [])
    .flatMap((d) => d.instr ?? [])
    .filter((i) => i.start >= span.start && i.end <= span.end);
  const computes = (i: Instr): boolean => values.some((v) => v.start <= i.start && i.end <= v.end) && !makesException(i, scope, context);
  const binds = (i: Instr): boolean => {
    switch (i.op) {
      case 'assign':
      case 'augment':
      case 'next':
      case 'define':
        return bindsName(i.target as Operand, name);
      case 'enter':
      case 'caught':
        return i.target !== null && bindsName(i.target as Operand, name);
      case 'import':
        return i.bindings.some((b) => b.bound.name === name);
      default:
        return false;
    }
  };
  const steps = walk(
    scope,
    engine,
    { at: 'entry', mark: '' },
    {
      budget,
      after(instr, mark) {
        if (mark === READ) return mark;
        // Only after an exception of this try statement can the name be missing; before it, reads are of somebody else's making.
        if (mark !== '' && reads(instr)) {
          read = instr;
          return READ;
        }
        return binds(instr) ? null : mark;
      },
      raised(instr, mark) {
        if (mark === READ) return null;
        if (mark !== '') return instr.start >= span.start && instr.end <= span.end ? null : mark;
        // Nearly anything may raise in theory; what computes the value is what people guard against.
        if (instr.start < span.start || instr.end > span.end || (instr.op !== 'call' && instr.op !== 'await') || !computes(instr)) return null;
        const { likelihood } = engine.calls.raising(instr, scope);
        return likelihood === 'never' || likelihood === 'rare' ? null : 'raised';
      },
      isGoal: (_at, mark) => mark === READ,
    },
  );
  if (!steps || !read) return undefined;
  const at = nameRead(read, isIt) ?? read;
  const raise = steps.find((s) => s.kind === 'raise')?.instr;
  if (!raise || isTolerated(at.start, span.end, scope) || contradicts(steps, scope) || isTriedAgain(around, scope)) return undefined;
  const isHandled = steps.some((s) => s.kind === 'catch');
  // A handler of slips in the code below the call is not there for what the call raises.
  if (steps.some((s) => s.kind === 'catch' && s.instr?.op === 'caught' && s.instr.types && catchesSlips(s.instr.types))) return undefined;
  // A branch on what the handler has set tells the two cases apart.
  if (steps.some((s) => s.kind === 'branch' && s.test && s.test.start > span.end && isSetIn(around, s.test, scope))) return undefined;
  return {
    module: scope.module,
    start: at.start,
    end: at.end,
    test: scope.fn.qualifiedName,
    message: `${name} has no value here if ${textOf(scope.module, raise)} on line ${context.position(scope.module, raise.start).line} raises`,
    pathKind: isHandled ? 'normal' : 'failure',
    witnesses: [
      {
        pathKind: isHandled ? 'normal' : 'failure',
        steps: [...steps.flatMap((s) => told(s)), step(context, scope, 'use', at.start, `${name} is read: UnboundLocalError`)],
      },
    ],
  };

  function told(s: WalkStep): readonly ReturnType<typeof step>[] {
    if (s.kind === 'branch' && s.test) return [branchStep(context, scope, s.test, s.outcome ?? false)];
    if (s.kind === 'raise' && s.instr)
      return [step(context, scope, 'raise', s.instr.start, `${textOf(scope.module, s.instr)} raises; ${name} is not assigned`)];
    return [];
  }
}

/** In a loop of attempts whose handler raises when it was the last one. */
function isTriedAgain(around: Try, scope: Scope): boolean {
  if (!loopsOf(scope.fn).some((l) => l.kind === 'for' && l.start <= around.start && around.end <= l.end)) return false;
  return around.handlers.some((h) => /\braise\b/.test(scope.module.text.slice(h.start, h.end)));
}

function catchesSlips(types: Operand): boolean {
  const items = types.op === 'tuple' ? types.items : [types];
  return items.length > 0 && items.every((t) => t.op === 'name' && /^(AttributeError|TypeError)$/.test(t.name));
}

/** `try: f.close()`, `except: pass` in the cleanup: that there may be nothing to close is thought of. */
function isTolerated(at: number, after: number, scope: Scope): boolean {
  let found = false;
  visitStatements(scope.fn.body, (s) => {
    if (s.op !== 'try' || s.start < after) return true;
    const span = bodySpan(s);
    found ||= span.start <= at && at < span.end && s.handlers.some((h) => h.types === null || namesAny(h.types));
    return true;
  });
  return found;
}

function namesAny(types: Operand): boolean {
  const items = types.op === 'tuple' ? types.items : [types];
  return items.some((t) => t.op === 'name' && /^(Base)?Exception$/.test(t.name));
}

/** The path takes `x` for false and then `not x` for false: it cannot be walked. */
function contradicts(steps: readonly WalkStep[], scope: Scope): boolean {
  const outcomes = new Map<string, boolean>();
  for (const s of steps) {
    if (s.kind !== 'branch' || !s.test) continue;
    let test = s.test;
    let outcome = s.outcome ?? false;
    while (test.op === 'unary' && test.operator === 'not') {
      test = test.of;
      outcome = !outcome;
    }
    if (test.op !== 'name') continue;
    const before = outcomes.get(test.name);
    if (before !== undefined && before !== outcome && (factsOf(scope.module, scope.fn).names.get(test.name) ?? []).length === 1) return true;
    outcomes.set(test.name, outcome);
  }
  return false;
}

/** `error = ValueError(1)`: making an exception does not raise. */
function makesException(instr: Instr, scope: Scope, context: RuleContext): boolean {
  return instr.op === 'call' && /(Error|Exception|Group|Warning|Interrupt)$/.test(context.engine.calls.info(instr, scope).view.method);
}

/** The test mentions a name that a handler of the try statement, or its body, assigns. */
function isSetIn(around: Try, test: Operand, scope: Scope): boolean {
  const names = new Set<string>();
  for (const [name, defs] of factsOf(scope.module, scope.fn).names)
    if (defs.some((d) => d.instr && d.instr.start >= around.start && d.instr.end <= around.end)) names.add(name);
  return nameInOperand(test, (n) => names.has(n.name)) !== undefined;
}
