/** Are values of different units compared or summed? */
import { type Operand, Operator } from '../../ir/ir.ts';
import type { Scope } from '../../program/scope.ts';
import { forEachOperandIn } from '../../suite/operands.ts';
import { differ, unitOf, unitWord } from '../../suite/units.ts';
import { textOf } from '../../typestate/naming.ts';
import { assertionsOf } from '../assertions.ts';
import { defineRule, py } from '../define.ts';
import { functionScopes, patternsOf } from '../scopes.ts';

/** Endings that the packs' names of units have: without one of them in the text there is nothing to look at. */
const TELLTALE = /_(k|m|g|t)i?b\b|_bytes\b|_(m|u|n)s(ecs?)?\b|_(micro|milli|nano)s\b|_secs?\b|_seconds\b|_min(ute)?s\b|_h(ou)?rs\b/i;

export const unitMismatch = defineRule({
  id: 'unit-mismatch',
  title: 'Values of different units are compared or summed',
  pillar: 'calculation',
  cwe: ['CWE-682'],
  severity: 'warning',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'The names say that one side counts in other units than the other: 4 GB are not 4 MB. The comparison holds or fails for the wrong reason.',
    fix: 'Convert one side: `disk_gb * 1024 == disk_mb`. The units of a project’s own names are declared under `units:` in its configuration.',
    bad: [
      py`
        def test_disk(server, flavor):
            assert server.disk_mb == flavor.disk_gb    # expect: unit-mismatch
      `,
      py`
        import unittest

        class TestTimeout(unittest.TestCase):
            def test_timeout(self):
                timeout_ms = self.client.timeout_ms
                self.assertLess(timeout_ms, self.limit_seconds)    # expect: unit-mismatch
                total = self.wait_seconds + timeout_ms    # expect: unit-mismatch
                self.assertTrue(total)
      `,
      py`
        def test_memory(host):
            used = host["memory_mb"] * 1024
            assert host["free_bytes"] - host["memory_mb"] * 1024 > 0    # expect: unit-mismatch "in kB"
            assert used
      `,
    ],
    good: [
      py`
        def test_disk(server, flavor):
            assert server.disk_mb == flavor.disk_gb * 1024
            assert server.disk_bytes == flavor.disk_gb * 1024 ** 3
            assert server.disk_gb == flavor.disk_mb // 1024
      `,
      py`
        def test_memory(server, flavor):
            assert server.memory_mb == flavor.memory_mib
            assert server.memory_mb * 2 == flavor.memory_mb
      `,
      py`
        import time

        def test_wait(client):
            limit_seconds = 3
            begin = time.time()
            client.wait(timeout_ms=limit_seconds * 1000)
            assert time.time() - begin < limit_seconds
            assert client.timeout_ms <= limit_seconds * 1000
      `,
      py`
        def test_rate(transfer):
            assert transfer.size_mb / transfer.time_s > transfer.limit
            assert transfer.items == transfer.atoms
            assert transfer.size_mb != transfer.time_ms
      `,
    ],
    misses: 'MB and MiB, unless the configuration declares a name of its own for one of them.',
  },
  check(context, report) {
    const { module } = context;
    const patterns = patternsOf(context);
    let sites = 0;
    let mayCount: boolean | undefined;
    const look = (left: Operand, right: Operand, at: { readonly start: number; readonly end: number }, scope: Scope): void => {
      const a = unitOf(left, scope, patterns);
      const b = a && unitOf(right, scope, patterns);
      if (!a || !b) return;
      mayCount ??= TELLTALE.test(module.text) || patterns.units.some((u) => !u.name.includes('*'));
      if (!mayCount) return;
      sites++;
      if (!differ(a, b)) return;
      report({
        module,
        start: at.start,
        end: at.end,
        test: scope.fn.qualifiedName,
        message: `${textOf(module, left)} counts in ${unitWord(a)}, ${textOf(module, right)} in ${unitWord(b)}`,
      });
    };
    for (const { scope, assertion } of assertionsOf(context)) {
      if (assertion.right && assertion.by !== 'assert' && assertion.by !== 'assertTrue' && assertion.by !== 'assertFalse')
        look(assertion.left, assertion.right, assertion.instr, scope);
    }
    for (const scope of functionScopes(context)) {
      const { operators, start, end } = scope.fn;
      if ((operators & (Operator.sum | Operator.comparison)) === 0 || !TELLTALE.test(module.text.slice(start, end))) continue;
      forEachPair(scope, (left, right, at) => look(left, right, at, scope));
    }
    return sites;
  },
});

/** Calls `visit` for the two sides of all sums and comparisons in a function; nested functions left out. */
function forEachPair({ fn }: Scope, visit: (left: Operand, right: Operand, at: Operand) => void): void {
  forEachOperandIn(fn.body, (o) => {
    if (o.op === 'binary') {
      if (o.operator === '+' || o.operator === '-') visit(o.left, o.right, o);
    } else if (o.op === 'compare') {
      let { left } = o;
      for (const { operator, value } of o.rest) {
        if (!/^(not )?in$|^is/.test(operator)) visit(left, value, o);
        left = value;
      }
    }
  });
}
