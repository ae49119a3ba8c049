/** Does a value that the test does not control decide whether something is asserted? */
import type { Operand } from '../../ir/ir.ts';
import { forEachInstr, instrsIn, Kind, kindsIn } from '../../program/module.ts';
import { factsOf, type Scope } from '../../program/scope.ts';
import { shapeOf } from '../../program/shape.ts';
import { assertionGrade } from '../../typestate/judgement.ts';
import { textOf } from '../../typestate/naming.ts';
import { oneSidedBranches } from '../../typestate/one-sided.ts';
import { originOf } from '../../typestate/origin.ts';
import { reachingDefinitions } from '../../typestate/reaching.ts';
import { silentPath } from '../../typestate/silent-path.ts';
import { defineRule, py, type RuleContext } from '../define.ts';
import { loopAround, visitStatements } from './loops.ts';
import { branchStep, outerScopes, step, testScopes } from './places.ts';

export const stateBranch = defineRule({
  id: 'state-branch',
  title: 'Branch on returned state decides what is asserted',
  pillar: 'flow',
  cwe: ['CWE-670'],
  severity: 'note',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'The assertion runs only where the code under test returned something. If a regression makes it return nothing, that is exactly what the assertion would have shown, and it is skipped.',
    fix: 'Let the test say what it expects (a parameter, a constant, two tests), and assert it in any case.',
    bad: [
      py`
        import unittest

        class TestResize(unittest.TestCase):
            def test_resize(self):
                server = self.client.resize("large")
                self.assertEqual("ACTIVE", server.status)
                if server.addresses:    # expect: state-branch
                    self.assertEqual(1, len(server.addresses))
      `,
      py`
        from service import connect

        def test_answer():
            answer = connect().ask()
            assert answer.status == 200
            if answer.warnings:    # expect: state-branch
                assert "deprecated" in answer.warnings[0]
      `,
      py`
        import unittest
        import service

        class TestTags(unittest.TestCase):
            def check_tags(self, server):
                server = service.fetch(server)
                self.assertTrue(server.ready)
                if len(server.tags) > 0:    # expect: state-branch
                    self.assertEqual("a", server.tags[0])

            def test_tags(self):
                self.check_tags(self.server)
      `,
    ],
    good: [
      py`
        import unittest

        class TestResize(unittest.TestCase):
            def check(self, server, target, stopped=False):
                found = self.client.get(server)
                if target:
                    self.assertEqual(target, found.host)
                if stopped:
                    self.assertEqual(4, found.power)
                self.assertTrue(found.ready)
      `,
      py`
        from service import connect

        def test_both():
            answer = connect().ask()
            assert answer.status == 200
            if answer.body:
                assert answer.length > 0
            else:
                assert answer.length == 0
      `,
      py`
        import subprocess
        import unittest

        class TestTool(unittest.TestCase):
            def run_tool(self, code=0):
                done = subprocess.run(["tool"], capture_output=True)
                self.assertEqual(done.returncode, code)
                if done.returncode != 0:
                    self.assertEqual(b"", done.stdout)

            def test_tool(self):
                self.run_tool()
      `,
      py`
        from service import connect

        def test_optional_field():
            answer = connect().ask()
            assert answer["status"] == 200
            if "direct_url" in answer:
                assert answer["direct_url"] == answer["url"]
      `,
      py`
        import unittest
        from service import connect

        class TestAnswer(unittest.TestCase):
            def test_fail(self):
                answer = connect().ask()
                self.assertTrue(answer.ok)
                if answer.status != 200:
                    self.fail("not ok")

            def test_find(self):
                answer = connect().ask()
                self.assertTrue(answer.ok)
                for row in answer.rows:
                    if row.name == "a":
                        self.assertEqual(1, row.value)
      `,
      py`
        import sys
        from service import connect

        def test_platform():
            answer = connect().ask()
            assert answer.ok
            if sys.platform == "linux":
                assert answer.path == "/tmp"
      `,
    ],
    misses: 'Branches on values that come through helpers that the analysis cannot read.',
  },
  check(context, report) {
    let sites = 0;
    const tests = new Set(testScopes(context).map((s) => s.fn));
    for (const scope of outerScopes(context)) {
      if (!shapeOf(scope.fn).branches) continue;
      if (!/\bif\b/.test(scope.module.text.slice(scope.fn.start, scope.fn.end)) || /wait|poll|retry|until/i.test(scope.fn.name)) continue;
      if (!scope.cls && !tests.has(scope.fn)) continue; // A function of the module is often a model of what is tested.
      if (!holdsAskable(scope)) continue;
      const isAsked = (test: Operand): boolean => couldSay(test) && !isFlag(test, scope) && !loopAround(scope.fn, test.start);
      for (const { test, outcome, skipped } of oneSidedBranches(scope, context.engine, isAsked)) {
        sites++;
        if (originOf(test, scope, context.engine, reachingDefinitions(test, scope, context.engine)) !== 'state') continue;
        // Where nothing else is asserted, assertion-free-path says so.
        const whole = tests.has(scope.fn) ? silentPath(scope, context.engine)?.decides : undefined;
        if (whole?.kind === 'branch' && whole.test === test) continue;
        if (isAsserted(test, scope, context) || isGivenHere(test, scope)) continue;
        const text = textOf(scope.module, test);
        report({
          module: scope.module,
          start: test.start,
          end: test.end,
          test: scope.fn.qualifiedName,
          message: `what was returned decides whether this is asserted: if ${text} is ${outcome ? 'true' : 'false'}, it is not`,
          witnesses: [
            {
              pathKind: 'normal',
              steps: [
                branchStep(context, scope, test, outcome),
                step(context, scope, 'use', skipped.start, `skipped: ${textOf(scope.module, skipped)}`),
              ],
            },
          ],
        });
      }
    }
    return sites;
  },
});

/** Some test of the function may be asked about, as far as it is written: for the others nobody needs the graph. */
function holdsAskable({ fn }: Scope): boolean {
  if ((kindsIn(fn.body) & Kind.match) !== 0) return true;
  let found = false;
  let isComputed = false;
  visitStatements(fn.body, (s) => {
    if ((s.op !== 'if' && s.op !== 'loop') || s.test === null) return !found;
    let { test } = s;
    while (test.op === 'unary') test = test.of;
    if (test.op === 'temp') isComputed = true;
    else found ||= couldSay(test);
    return !found;
  });
  // A test of what has just been computed is asked about as that.
  return found || (isComputed && instrsIn(fn.body).some((i) => i.op === 'assign' && i.target.op === 'temp' && couldSay(i.value)));
}

/** Whether a member is there at all is often part of the interface; questions about truth and length are not. */
function couldSay(test: Operand): boolean {
  if (test.op === 'unary') return couldSay(test.of);
  if (test.op === 'compare') {
    const [only] = test.rest;
    if (!only || test.rest.length > 1) return false;
    if (/in$/.test(only.operator)) return false;
    if (/^is/.test(only.operator)) return false;
    return only.value.op === 'const' && (only.value.value === 0 || only.value.value === '');
  }
  return test.op === 'name' || test.op === 'attr' || test.op === 'index';
}

/** What is asked has been compared before: `assertEqual(process.returncode, expected)`. Then it is the expectation that decides. */
function isAsserted(test: Operand, scope: Scope, context: RuleContext): boolean {
  if (test.op === 'unary') return isAsserted(test.of, scope, context);
  const subject = test.op === 'compare' ? test.left : test;
  const { text } = scope.module;
  const asked = text.slice(subject.start, subject.end);
  let found = false;
  forEachInstr(scope.fn.body, (i) => {
    if (found || i.end > test.start || assertionGrade(i, scope, context.engine) === undefined) return;
    const written = text.slice(i.start, i.end);
    const at = written.indexOf(asked);
    found = at >= 0 && !/[\w.[(]/.test(written[at + asked.length] ?? '') && /==|[eE]qual/.test(written);
  });
  return found;
}

/** A local that the test computes to tell its own cases apart: `is_shelved = server.state in SHELVED`. */
function isFlag(test: Operand, scope: Scope): boolean {
  if (test.op === 'unary') return isFlag(test.of, scope);
  if (test.op !== 'name') return false;
  if (/^(is|has|requires?|needs?|should|expect\w*|use|with)_/.test(test.name)) return true;
  return (factsOf(scope.module, scope.fn).names.get(test.name) ?? []).some(
    (d) => d.kind === 'value' && (d.value.op === 'compare' || d.value.op === 'boolean' || d.value.op === 'unary'),
  );
}

/** `api.strict = False` above: the test itself has set what the branch asks. */
function isGivenHere(test: Operand, scope: Scope): boolean {
  const asked = test.op === 'unary' ? test.of : test;
  if (asked.op !== 'attr') return false;
  const text = textOf(scope.module, asked);
  let given = false;
  forEachInstr(scope.fn.body, (i) => {
    if (i.op === 'assign' && i.target.op === 'attr' && i.end <= test.start && textOf(scope.module, i.target) === text) given = true;
  });
  return given;
}
