/** Is there an assertion that no path leads to? */
import type { Instr } from '../../ir/ir.ts';
import { forEachInstr } from '../../program/module.ts';
import type { Scope } from '../../program/scope.ts';
import { shapeOf } from '../../program/shape.ts';
import { isAssertionMethod } from '../../typestate/assertion-methods.ts';
import { soundsLikeAssertion } from '../../typestate/assertions.ts';
import type { CallInstr } from '../../typestate/calls.ts';
import { textOf } from '../../typestate/naming.ts';
import { mayEnd, neverGoesOn, reachedInstrs } from '../../typestate/reached.ts';
import { defineRule, py, type RuleContext } from '../define.ts';
import { assertsAndCalls, callsThat } from '../placed.ts';
import { patternsOf } from '../scopes.ts';
import { visitStatements } from './loops.ts';
import { isOuter, isTestModule, step } from './places.ts';

export const unreachableAssertion = defineRule({
  id: 'unreachable-assertion',
  title: 'Assertion can never run',
  pillar: 'flow',
  cwe: ['CWE-670'],
  severity: 'warning',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'The code before the assertion always returns, raises or loops for ever. The test looks as if it checked this, and it does not.',
    fix: 'Move the assertion before the statement that leaves the function, or take it out.',
    bad: [
      py`
        import unittest
        from service import run

        class TestRun(unittest.TestCase):
            def test_run(self):
                answer = run()
                self.assertTrue(answer)
                return
                self.assertEqual("ok", answer.body)    # expect: unreachable-assertion
      `,
      py`
        from service import run

        def check(answer):
            if answer.ok:
                return answer
            else:
                raise ValueError(answer)
            assert answer.body    # expect: unreachable-assertion

        def test_run():
            assert check(run())
      `,
      py`
        import unittest
        from service import run

        class TestRun(unittest.TestCase):
            def test_run(self):
                for text in ("a", "b"):
                    row = run(text)
                    self.assertTrue(row)
                    continue
                    self.assertEqual(1, row.number)    # expect: unreachable-assertion
      `,
    ],
    good: [
      py`
        import unittest
        from service import run

        class TestRun(unittest.TestCase):
            def test_run(self):
                answer = run()
                if not answer:
                    return
                self.assertEqual("ok", answer.body)
      `,
      py`
        import unittest
        from service import run

        class TestRun(unittest.TestCase):
            def test_later(self):
                self.skipTest("not yet")
                self.assertTrue(run())

            def test_stub(self):
                raise unittest.SkipTest("not yet")
                self.assertTrue(run())
      `,
      py`
        import pytest
        from service import run

        def test_raises():
            with pytest.raises(ValueError):
                raise ValueError(run())
            assert run()

        def test_handler():
            try:
                raise ValueError(run())
            except ValueError as e:
                assert e.args
      `,
      py`
        import unittest
        from service import run

        class Base(unittest.TestCase):
            def make(self):
                raise NotImplementedError

            def test_make(self):
                made = self.make()
                self.assertTrue(made)

            def test_fails(self):
                with self.assertRaises(ValueError):
                    raise ValueError
                    self.fail("never here")
      `,
      py`
        from service import run

        def test_loop():
            while True:
                if run():
                    break
            assert run()
      `,
    ],
    misses: 'Assertions after helpers that always raise.',
  },
  check(context, report) {
    const { sites, inBends } = assertionsIn(context);
    for (const [scope, assertions] of inBends) {
      const switchedOff = constantBranches(scope);
      const reached = reachedInstrs(scope, context.engine);
      let last: Instr | undefined;
      for (const a of assertions) {
        if (reached.has(a) || switchedOff.some((s) => s.start <= a.start && a.end <= s.end) || alwaysFails(a)) continue;
        const before = lastBefore(a, reached, scope);
        // A run of dead assertions has one cause and is one finding.
        const isNew = !last || before !== lastBefore(last, reached, scope);
        last = a;
        if (!isNew || !before || isSkip(before, scope, context)) continue;
        const text = textOf(scope.module, before);
        // In an `else` or a handler of its own: what leaves stands elsewhere, and maybe in several places.
        const isArm = ARM.test(scope.module.text.slice(before.end, a.start));
        report({
          module: scope.module,
          start: a.start,
          end: a.end,
          test: scope.fn.qualifiedName,
          message: isArm
            ? 'this assertion never runs: nothing leads into the branch that it stands in'
            : `this assertion never runs: no path leads past ${text} on line ${context.position(scope.module, before.start).line}`,
          witnesses: [
            {
              pathKind: 'normal',
              steps: [
                ...(isArm ? [] : [step(context, scope, 'exit', before.start, `${text} leaves in any case`)]),
                step(context, scope, 'use', a.start, 'nothing leads here'),
              ],
            },
          ],
        });
      }
    }
    return sites;
  },
});

const ARM = /^\s*(else|except\b.*)\s*:\s*(#.*)?$/m;

/** `if 0:` and the like: code that is switched off, and says so. */
function constantBranches(scope: Scope): readonly { readonly start: number; readonly end: number }[] {
  const out: { start: number; end: number }[] = [];
  visitStatements(scope.fn.body, (s) => {
    if (s.op === 'if' && s.test.op === 'const') out.push({ start: s.start, end: s.end });
    return true;
  });
  return out;
}

/** `assertTrue(False)` marks a place that nothing should lead to. */
function alwaysFails(instr: Instr): boolean {
  const value = instr.op === 'assert' ? instr.test : instr.op === 'call' ? instr.args[0]?.value : undefined;
  return value?.op === 'const' && !value.value;
}

/** The functions with a call that never returns. */
function scopesThatStop(context: RuleContext): ReadonlySet<Scope> {
  const patterns = patternsOf(context);
  const calls = callsThat(context, ({ callee }) => mayEnd(callee, context.module, patterns));
  return new Set(calls.filter(({ instr, scope }) => neverGoesOn(instr, scope, context.engine)).map((c) => c.scope));
}

/** How many assertions run on the test's own thread, and those of each function in which something may be out of reach, in source order. */
function assertionsIn(context: RuleContext): { readonly sites: number; readonly inBends: ReadonlyMap<Scope, readonly Instr[]> } {
  const inBends = new Map<Scope, Instr[]>();
  if (!isTestModule(context)) return { sites: 0, inBends };
  const stopping = scopesThatStop(context);
  const patterns = patternsOf(context);
  let sites = 0;
  let at: Scope | undefined;
  let isCounted = false;
  let isBent = false;
  const mayAssert = ({ callee }: CallInstr): boolean => (callee.op === 'attr' || callee.op === 'name') && soundsLikeAssertion(callee.name);
  for (const { instr, scope } of assertsAndCalls(context, mayAssert)) {
    if (scope !== at) {
      at = scope;
      isCounted = isOuter(scope);
      isBent = isCounted && (!shapeOf(scope.fn).straight || stopping.has(scope));
    }
    if (!isCounted) continue;
    if (instr.op === 'call' && !isAssertionMethod(instr.callee, patterns) && !isModelled(instr, scope, context)) continue;
    sites++;
    if (!isBent) continue;
    const list = inBends.get(scope);
    if (list) list.push(instr);
    else inBends.set(scope, [instr]);
  }
  return { sites, inBends };
}

function isModelled(call: CallInstr, scope: Scope, context: RuleContext): boolean {
  return context.engine.calls.info(call, scope).models.some((m) => m.pattern.effect === 'asserts');
}

/** The last instruction before `at` in the source that some path reaches. */
function lastBefore(at: Instr, reached: ReadonlySet<Instr>, scope: Scope): Instr | undefined {
  let found: Instr | undefined;
  forEachInstr(scope.fn.body, (i) => {
    if (i.end <= at.start && reached.has(i) && (!found || i.end >= found.end)) found = i;
  });
  return found;
}

/** A test that is switched off says so on purpose. */
function isSkip(instr: Instr, scope: Scope, context: RuleContext): boolean {
  if (instr.op === 'call' || instr.op === 'raise')
    return /skip/i.test(textOf(scope.module, instr)) || /skip/i.test(context.engine.calls.raising(instr, scope).type);
  return false;
}
