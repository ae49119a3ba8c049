/** Is a comparison made and its answer thrown away: `x == 1` as a statement? */
import type { Operand, Stmt } from '../../ir/ir.ts';
import { callBehind } from '../../program/call-site.ts';
import type { Scope } from '../../program/scope.ts';
import { operandsOfInstr } from '../../suite/operands.ts';
import { textOf } from '../../typestate/naming.ts';
import { defineRule, py } from '../define.ts';
import { evaluated } from '../placed.ts';
import { isFunction } from '../scopes.ts';

export const bareComparison = defineRule({
  id: 'bare-comparison',
  title: 'A comparison whose answer nobody reads',
  pillar: 'comparison',
  cwe: ['CWE-697'],
  severity: 'warning',
  precision: 'high',
  default: true,
  since: '0.1.0',
  docs: {
    why: '`result == 3` as a statement compares and forgets. In a test the word `assert` is missing, elsewhere `=` was meant.',
    fix: 'Write `assert result == 3` or `self.assertEqual(3, result)`; where only the side effect of comparing is wanted, assign it to `_`.',
    bad: [
      py`
        def test_total(invoice):
            invoice.total() == 3    # expect: bare-comparison
      `,
      py`
        import unittest

        class TestRows(unittest.TestCase):
            def test_rows(self):
                rows = self.client.rows()
                for row in rows:
                    row["state"] == "active"    # expect: bare-comparison
                "id" in rows[0]    # expect: bare-comparison
      `,
      py`
        def test_not(server):
            not server.failed == True    # expect: bare-comparison
            with server.lock():
                server.state is not None    # expect: bare-comparison
      `,
    ],
    good: [
      py`
        import pytest

        def test_not_comparable():
            with pytest.raises(TypeError):
                1 < "a"
      `,
      py`
        def test_not_comparable():
            try:
                object() < object()
            except TypeError:
                pass
            else:
                raise AssertionError("compared")
      `,
      py`
        import warnings

        def test_warns():
            with warnings.catch_warnings(record=True) as caught:
                b"a" == "a"
            assert caught
      `,
      py`
        def test_total(invoice):
            total = invoice.total() == 3
            assert total
            _ = invoice == None

        def test_cache(index):
            3 in index
            assert index.cache == {}
            # access the column, which caches it
            index.column == "a"
      `,
      py`
        class Touchy:
            def __eq__(self, other):
                raise RuntimeError

        def test_recorded():
            Touchy() == 1
            (0, Touchy()) in {}.items()
      `,
    ],
    misses: 'Comparisons in `with` blocks of managers that are called raises, warns, expect, suppress, catch or record are taken for intended.',
  },
  check(context, report) {
    let sites = 0;
    for (const scope of new Set(evaluated(context).map((e) => e.scope))) {
      if (!isFunction(scope) || scope.fn.kind === 'lambda') continue;
      visit(scope.fn.body, (value, guarded) => {
        if (value.op !== 'compare' && !(value.op === 'unary' && value.operator === 'not' && value.of.op === 'compare')) return;
        sites++;
        if (
          guarded ||
          isOwnObject(value, scope) ||
          isOnPurpose(value) ||
          /crash|segv|sigsegv|recurs|re-?entran|(^|[._])(eq|ne|lt|gt|le|ge|cmp)(_|$)|does_?nt|not_raise|no_error|__(eq|lt|gt|le|ge|ne|contains)__/i.test(
            scope.fn.qualifiedName,
          )
        )
          return;
        report({
          module: scope.module,
          start: value.start,
          end: value.end,
          test: scope.fn.qualifiedName,
          message: `nobody reads the answer of ${textOf(scope.module, value)}; was assert meant?`,
        });
      });
    }
    return sites;

    /** Statements that are expressions; guarded where they stand in a block that waits for what comparing raises or warns. */
    function visit(stmt: Stmt, see: (value: Operand, guarded: boolean) => void): void {
      const todo: { stmt: Stmt; guarded: boolean }[] = [{ stmt, guarded: false }];
      while (todo.length > 0) {
        const { stmt: s, guarded } = todo.pop() as { stmt: Stmt; guarded: boolean };
        const inside = (...inner: (Stmt | null)[]): void => {
          for (const i of inner) if (i) todo.push({ stmt: i, guarded });
        };
        switch (s.op) {
          case 'run':
            for (const i of s.instrs) if (i.op === 'evaluate') see(i.value, guarded);
            break;
          case 'seq':
            inside(...s.items);
            break;
          case 'if':
            inside(s.then, s.otherwise);
            break;
          case 'loop':
            inside(s.body, s.otherwise);
            break;
          case 'try':
            todo.push({ stmt: s.body, guarded: guarded || s.handlers.length > 0 });
            inside(...s.handlers.map((h) => h.body), s.otherwise, s.final);
            break;
          case 'with':
            todo.push({ stmt: s.body, guarded: guarded || waitsForFault(s.start, s.enter.end) });
            break;
          case 'match':
            inside(...s.cases.map((c) => c.body));
            break;
          default:
        }
      }
    }

    /** A comment on the line or above says what comparing does, or the next line asserts about the container that was asked. */
    function isOnPurpose(value: Operand): boolean {
      const { text } = context.module;
      const lineEnd = text.indexOf('\n', value.end);
      const before = text.slice(text.lastIndexOf('\n', text.lastIndexOf('\n', value.start) - 1) + 1, lineEnd < 0 ? text.length : lineEnd);
      if (/#.*(cache|access|trigger|touch|populat|side.?effect|crash|fail|rais|segf|used to|warn|no error|does not|doesn't|smoke)/i.test(before))
        return true;
      const container = value.op === 'compare' && /in$/.test(value.rest[0]?.operator ?? '') ? value.rest[0]?.value : undefined;
      return (
        container?.op === 'name' &&
        new RegExp(`^\\s*(assert\\s+|self\\.assert).*\\b${container.name}\\b`).test(text.slice(lineEnd + 1, lineEnd + 200))
      );
    }

    /** An object of a class in this very file: its comparison is what is tested, and it takes notes. */
    function isOwnObject(operand: Operand, scope: Scope): boolean {
      const found = context.engine.values.of(operand, scope);
      const call = callBehind(operand, scope);
      if (call?.callee.op === 'name' && /^[A-Z]/.test(call.callee.name) && !context.module.imports.has(call.callee.name)) return true;
      return (found?.kind === 'instance' && found.cls.module === context.module) || operandsOfInstr(operand).some((o) => isOwnObject(o, scope));
    }

    function waitsForFault(start: number, end: number): boolean {
      return /rais|warn|except|suppress|catch|record|assert|error|deprecat|fail|logs|quer/i.test(context.module.text.slice(start, end));
    }
  },
});
