/** Is a quotient cut to a whole number before it is used as a fraction? */
import { type Operand, Operator } from '../../ir/ir.ts';
import { forEachInstr } from '../../program/module.ts';
import type { Scope } from '../../program/scope.ts';
import { forEachOperandIn, squeezed } from '../../suite/operands.ts';
import { textOf } from '../../typestate/naming.ts';
import { defineRule, py } from '../define.ts';
import { functionScopes } from '../scopes.ts';

export const truncatedQuotient = defineRule({
  id: 'truncated-quotient',
  title: 'The fraction is lost before it is used',
  pillar: 'calculation',
  cwe: ['CWE-1339'],
  severity: 'warning',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: '`//` throws the fraction away. `used // total * 100` is 0 or 100, `math.ceil(a // b)` has nothing left to round up, and no `a // b` equals 0.5.',
    fix: 'Divide with `/`, or multiply first: `used * 100 // total`; round up with `math.ceil(a / b)` or `-(-a // b)`.',
    bad: [
      py`
        def test_percent(disk):
            assert disk.used // disk.total * 100 < 80    # expect: truncated-quotient
      `,
      py`
        import math

        def test_pages(rows):
            pages = math.ceil(len(rows) // 10)    # expect: truncated-quotient
            assert pages == 3
      `,
      py`
        import unittest

        class TestRate(unittest.TestCase):
            def test_rate(self):
                rate = float(self.failed // self.total)    # expect: truncated-quotient
                self.assertEqual(0.25, rate)
                self.assertTrue(self.failed // self.total == 0.25)    # expect: truncated-quotient
      `,
    ],
    good: [
      py`
        def test_percent(disk):
            assert disk.used * 100 // disk.total < 80
            assert disk.used / disk.total * 100 < 80
      `,
      py`
        def test_aligned(address):
            assert address // 8 * 8 == address
            assert address // 4096 * 4096 <= address
            assert address // 60 * 1000 == 0
      `,
      py`
        import math

        def test_pages(rows):
            assert math.ceil(len(rows) / 10) == 3
            assert -(-len(rows) // 10) == 3
            assert len(rows) // 10 == 2
            assert int(len(rows) // 10) == 2
      `,
      py`
        def test_float_floor(value):
            assert value // 0.5 == 3.0
            assert value // 1.5 * 1.5 <= value
            assert "100 // 3" != value
            if value % 60 == 0:
                assert float(value // 60) == 3.0
      `,
    ],
    misses: 'Products with anything but 100: whole minutes in seconds are meant as they are written.',
  },
  check(context, report) {
    let sites = 0;
    for (const scope of functionScopes(context)) {
      if ((scope.fn.operators & Operator.division) === 0 || !context.module.text.slice(scope.fn.start, scope.fn.end).includes('//')) continue;
      const say = (at: { readonly start: number; readonly end: number }, quotient: Operand, why: string): void => {
        report({
          module: scope.module,
          start: at.start,
          end: at.end,
          test: scope.fn.qualifiedName,
          message: `${textOf(scope.module, quotient)} has lost its fraction: ${why}`,
        });
      };
      forEachOperandIn(scope.fn.body, (o) => {
        if (isQuotient(o)) sites++;
        if (o.op === 'binary' && o.operator === '*') {
          const [quotient, factor] = isQuotient(o.left) ? [o.left, o.right] : [o.right, o.left];
          if (isQuotient(quotient) && factor.op === 'const' && factor.value === 100 && !isHundred(quotient))
            say(o, quotient, 'the product is a multiple of 100');
        } else if (o.op === 'compare' && o.rest.length === 1) {
          const [only] = o.rest as [(typeof o.rest)[number]];
          const [quotient, other] = isQuotient(o.left) ? [o.left, only.value] : [only.value, o.left];
          if (/^[=!]=$/.test(only.operator) && isQuotient(quotient) && isFraction(other) && !hasFloat(quotient))
            say(o, quotient, `it never equals ${textOf(scope.module, other)}`);
        }
      });
      forEachInstr(scope.fn.body, (i) => {
        const [only] = i.op === 'call' ? i.args : [];
        if (i.op !== 'call' || i.args.length !== 1 || !only || !isQuotient(only.value) || hasFloat(only.value)) return;
        const path = context.engine.values.canonical(i.callee, scope as Scope);
        // Where the remainder was looked at, nothing is lost.
        const rest = `%${squeezed(only.value.right, scope)}`;
        if (path === 'float' && context.module.text.slice(scope.fn.start, scope.fn.end).replace(/\s+/g, '').includes(rest)) return;
        if (path === 'float') say(i, only.value, 'float() does not bring it back');
        else if (path === 'math.ceil' || path === 'round') say(i, only.value, 'nothing is left to round');
      });
    }
    return sites;
  },
});

const isQuotient = (o: Operand): o is Extract<Operand, { op: 'binary' }> => o.op === 'binary' && o.operator === '//' && !hasFloat(o);
const hasFloat = (o: Operand): boolean => o.op === 'binary' && [o.left, o.right].some((s) => s.op === 'const' && s.kind === 'float');
const isHundred = (o: Extract<Operand, { op: 'binary' }>): boolean =>
  o.right.op === 'const' && typeof o.right.value === 'number' && o.right.value % 100 === 0;
const isFraction = (o: Operand): boolean => o.op === 'const' && o.kind === 'float' && typeof o.value === 'number' && !Number.isInteger(o.value);
