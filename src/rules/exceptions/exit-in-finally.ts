/** Does a `return`, `break` or `continue` in a finally clause throw away the exception on its way, a failed assertion included? */

import type { Stmt } from '../../ir/ir.ts';
import { forEachStmt } from '../../ir/statements.ts';
import { Kind } from '../../program/module.ts';
import type { Scope } from '../../program/scope.ts';
import type { RuleContext } from '../define.ts';
import { defineRule, py } from '../define.ts';
import { scopesHolding } from '../scopes.ts';
import { instrsOf, type TryStmt } from './statements.ts';

export const exitInFinally = defineRule({
  id: 'exit-in-finally',
  title: 'A finally clause drops the exception on its way',
  pillar: 'exceptions',
  cwe: ['CWE-755'],
  severity: 'error',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'Leaving a `finally` clause with `return`, `break` or `continue` discards the exception that is on its way: a failed assertion in the `try` body disappears and the test passes. Python 3.14 warns about it.',
    fix: 'Move the `return` behind the `try` statement; leave only the cleanup in `finally`.',
    bad: [
      py`
        def test_login():
            session = login()
            try:
                assert session.user == "ada"
            finally:
                session.close()
                return    # expect: exit-in-finally "return"
      `,
      py`
        def test_retries():
            for attempt in range(3):
                try:
                    assert ping()
                finally:
                    continue    # expect: exit-in-finally
      `,
      py`
        def fetch(name):
            result = None
            try:
                result = load(name)
            finally:
                if result is None:
                    return "default"    # expect: exit-in-finally

        def test_fetch():
            assert fetch("a") == "default"
      `,
    ],
    good: [
      py`
        def test_login():
            session = login()
            try:
                assert session.user == "ada"
            finally:
                session.close()
            return
      `,
      py`
        def test_cleanup():
            try:
                assert ping()
            finally:
                for name in ("a", "b"):
                    if name == "b":
                        break
                    remove(name)
      `,
      py`
        def test_break_in_finally():
            for count in range(2):
                try:
                    continue
                finally:
                    break
            assert count == 0
      `,
      py`
        def test_callback():
            try:
                assert ping()
            finally:
                def later():
                    return 1
                register(later)
      `,
      py`
        def test_loop():
            for attempt in range(3):
                try:
                    ping()
                except OSError:
                    continue
                finally:
                    close()
            assert attempt == 2
      `,
    ],
  },
  check(context, report) {
    let sites = 0;
    for (const scope of scopesHolding(context, Kind.try)) {
      forEachStmt(scope.fn.body, (s) => {
        if (s.op !== 'try' || !s.final) return;
        sites++;
        if (!mayFail(s, scope, context)) return;
        for (const out of exits(s.final, false)) {
          const span = out.op === 'return' ? out.instr : out;
          const word = out.op === 'return' ? 'return' : out.op;
          report({
            module: scope.module,
            start: span.start,
            end: span.end,
            test: scope.fn.qualifiedName,
            message: `${word} in a finally clause drops the exception that is on its way, a failed assertion too`,
          });
        }
      });
    }
    return sites;
  },
});

/** Something in the body or its handlers may raise: otherwise there is nothing to drop, as in tests of the language itself. */
function mayFail(s: TryStmt, scope: Scope, context: RuleContext): boolean {
  const parts = [s.body, ...s.handlers.map((h) => h.body), ...(s.otherwise ? [s.otherwise] : [])];
  return parts
    .flatMap(instrsOf)
    .some(
      (i) =>
        (i.op === 'call' || i.op === 'assert' || i.op === 'await' || i.op === 'raise') &&
        context.engine.calls.raising(i, scope).likelihood !== 'never',
    );
}

type Exit = Extract<Stmt, { op: 'return' | 'break' | 'continue' }>;

/** The statements that leave the clause; `break` and `continue` of a loop inside it stay in it. A nested try reports its own. */
function exits(stmt: Stmt, inLoop: boolean): readonly Exit[] {
  switch (stmt.op) {
    case 'return':
      return [stmt];
    case 'break':
    case 'continue':
      return inLoop ? [] : [stmt];
    case 'seq':
      return stmt.items.flatMap((s) => exits(s, inLoop));
    case 'if':
      return [...exits(stmt.then, inLoop), ...(stmt.otherwise ? exits(stmt.otherwise, inLoop) : [])];
    case 'loop':
      return [...exits(stmt.body, true), ...(stmt.otherwise ? exits(stmt.otherwise, inLoop) : [])];
    case 'try':
      return [
        ...exits(stmt.body, inLoop),
        ...stmt.handlers.flatMap((h) => exits(h.body, inLoop)),
        ...(stmt.otherwise ? exits(stmt.otherwise, inLoop) : []),
      ];
    case 'with':
      return exits(stmt.body, inLoop);
    case 'match':
      return stmt.cases.flatMap((c) => exits(c.body, inLoop));
    default:
      return [];
  }
}
