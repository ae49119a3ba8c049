/** Does a value that the test does not control decide whether something is asserted? */
import { EdgeKind, type Cfg } from '../../cfg/cfg.ts';
import type { Instr, Operand } from '../../ir/ir.ts';
import { factsOf, type Scope } from '../../program/scope.ts';
import { asserting } from '../../typestate/assertions.ts';
import { textOf } from '../../typestate/naming.ts';
import { originOf } from '../../typestate/origin.ts';
import { reachingDefinitions } from '../../typestate/reaching.ts';
import { alwaysRaises, silentPath } from '../../typestate/silent-path.ts';
import { defineRule, py, type RuleContext } from '../define.ts';
import { branchStep, outerScopes, step, testScopes } from './places.ts';
import { loopAround } from './loops.ts';

export const stateBranch = defineRule({
  id: 'state-branch',
  title: 'Branch on returned state decides what is asserted',
  pillar: 'flow',
  cwe: ['CWE-670'],
  severity: 'note',
  precision: 'low',
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
      if (!/\bif\b/.test(scope.module.text.slice(scope.fn.start, scope.fn.end)) || /wait|poll|retry|until/i.test(scope.fn.name)) continue;
      if (!scope.cls && !tests.has(scope.fn)) continue; // A function of the module is often a model of what is tested.
      const cfg = context.engine.cfg(scope);
      if (cfg.exit < 0 || cfg.tests.size === 0) continue;
      const asserts = assertionBlocks(cfg, scope, context);
      if (asserts.size === 0) continue;
      for (const [block, test] of cfg.tests) {
        if (!couldSay(test) || isFlag(test, scope) || loopAround(scope.fn, test.start)) continue;
        const arm = silentArm(cfg, block, asserts, scope, context);
        if (!arm) continue;
        sites++;
        if (originOf(test, scope, context.engine, reachingDefinitions(test, scope, context.engine)) !== 'state') continue;
        // Where nothing else is asserted, assertion-free-path says so.
        const whole = tests.has(scope.fn) ? silentPath(scope, context.engine)?.decides : undefined;
        if (whole?.kind === 'branch' && whole.test === test) continue;
        const text = textOf(scope.module, test);
        const skipped = cfg.instrs[arm.skipped] as Instr;
        report({
          module: scope.module, start: test.start, end: test.end, test: scope.fn.qualifiedName,
          message: `what was returned decides whether this is asserted: if ${text} is ${arm.outcome ? 'true' : 'false'}, it is not`,
          witnesses: [{
            pathKind: 'normal',
            steps: [branchStep(context, scope, test, arm.outcome), step(context, scope, 'use', skipped.start, `skipped: ${textOf(scope.module, skipped)}`)],
          }],
        });
      }
    }
    return sites;
  },
});

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

/** A local that the test computes to tell its own cases apart: `is_shelved = server.state in SHELVED`. */
function isFlag(test: Operand, scope: Scope): boolean {
  if (test.op === 'unary') return isFlag(test.of, scope);
  if (test.op !== 'name') return false;
  if (/^(is|has|requires?|needs?|should|expect\w*|use|with)_/.test(test.name)) return true;
  return (factsOf(scope.module, scope.fn).names.get(test.name) ?? []).some((d) => d.kind === 'value' && (d.value.op === 'compare' || d.value.op === 'boolean' || d.value.op === 'unary'));
}

function assertionBlocks(cfg: Cfg, scope: Scope, context: RuleContext): ReadonlyMap<number, number> {
  const out = new Map<number, number>();
  for (let b = 0; b < cfg.blocks; b++) {
    for (let i = cfg.firstInstr[b] as number; i < (cfg.firstInstr[b + 1] as number) && !out.has(b); i++) {
      if (asserting(cfg.instrs[i] as Instr, scope, context.engine) === 'yes') out.set(b, i);
    }
  }
  return out;
}

/** The arm of the branch that asserts nothing while the other one does, up to where they meet; not where either always raises. */
function silentArm(cfg: Cfg, block: number, asserts: ReadonlyMap<number, number>, scope: Scope, context: RuleContext): { readonly outcome: boolean; readonly skipped: number } | undefined {
  let whenTrue = -1;
  let whenFalse = -1;
  for (let e = cfg.firstEdge[block] as number; e < (cfg.firstEdge[block + 1] as number); e++) {
    if (cfg.edgeKind[e] === EdgeKind.true) whenTrue = cfg.edgeTarget[e] as number;
    else if (cfg.edgeKind[e] === EdgeKind.false) whenFalse = cfg.edgeTarget[e] as number;
  }
  if (whenTrue < 0 || whenFalse < 0) return undefined;
  const onTrue = ahead(cfg, whenTrue, scope, context);
  const onFalse = ahead(cfg, whenFalse, scope, context);
  if (!onTrue.has(cfg.exit) || !onFalse.has(cfg.exit)) return undefined;
  const only = (own: ReadonlySet<number>, other: ReadonlySet<number>): number | undefined => [...own].filter((b) => !other.has(b) && asserts.has(b)).sort((a, b) => a - b)[0];
  const t = only(onTrue, onFalse);
  const f = only(onFalse, onTrue);
  if (t !== undefined && f === undefined) return { outcome: false, skipped: asserts.get(t) as number };
  if (f !== undefined && t === undefined) return { outcome: true, skipped: asserts.get(f) as number };
  return undefined;
}

/** Blocks reached from `from` on normal edges that lead onwards, it included. */
function ahead(cfg: Cfg, from: number, scope: Scope, context: RuleContext): ReadonlySet<number> {
  const seen = new Set([from]);
  const todo = [from];
  while (todo.length > 0) {
    const b = todo.pop() as number;
    if (b === cfg.exit || alwaysRaises(cfg, b, scope, context.engine)) continue;
    for (let e = cfg.firstEdge[b] as number; e < (cfg.firstEdge[b + 1] as number); e++) {
      const kind = cfg.edgeKind[e] as number;
      const to = cfg.edgeTarget[e] as number;
      if (to <= b || seen.has(to) || (kind !== EdgeKind.next && kind !== EdgeKind.true && kind !== EdgeKind.false)) continue;
      seen.add(to);
      todo.push(to);
    }
  }
  return seen;
}
