/** Is a stub laid over itself, so that the first one is never in effect? */
import type { Instr } from '../../ir/ir.ts';
import { factsOf, type Scope } from '../../program/scope.ts';
import { type Stub, stubsOf } from '../../typestate/stubs.ts';
import { walk } from '../../typestate/walk.ts';
import type { RuleContext } from '../define.ts';
import { defineRule, py } from '../define.ts';
import { stubbingScopes } from '../stubbing.ts';

export const stubOverStub = defineRule({
  id: 'stub-over-stub',
  title: 'A stub is hidden by another one of the same target',
  pillar: 'interaction',
  cwe: ['CWE-435'],
  severity: 'warning',
  precision: 'high',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'When the same name is patched twice before anything runs, only the later patch is in effect. What the first one was to return or raise never happens, and assertions about its mock look at a mock that nobody calls.',
    fix: 'Keep one of the two patches.',
    bad: [
      py`
        from unittest import mock

        @mock.patch("app.send", side_effect=OSError)    # expect: stub-over-stub "app.send"
        @mock.patch("app.send")
        def test_send(send, failing_send):
            assert run() is None
      `,
      py`
        from unittest import mock

        def test_send():
            with mock.patch("app.send") as first:    # expect: stub-over-stub
                with mock.patch("app.send", return_value=1):
                    run()
            assert first.call_count == 0
      `,
      py`
        import app

        def test_send(monkeypatch):
            monkeypatch.setattr("app.send", lambda: 1)    # expect: stub-over-stub
            monkeypatch.setattr("app.load", lambda: 2)
            monkeypatch.setattr("app.send", lambda: 3)
            assert app.run() == 5
      `,
    ],
    good: [
      py`
        from unittest import mock

        @mock.patch("app.send")
        @mock.patch("app.receive")
        def test_send(receive, send):
            run()
            assert send.called
      `,
      py`
        from unittest import mock
        import app

        @mock.patch("app.send")
        def test_send(send):
            app.run()
            with mock.patch("app.send", side_effect=OSError):
                app.run()
            assert send.called
      `,
      py`
        import app

        def test_send(monkeypatch):
            monkeypatch.setattr("app.send", lambda: 1)
            assert app.run() == 1
            monkeypatch.setattr("app.send", lambda: 3)
            assert app.run() == 3
      `,
      py`
        from unittest import mock

        @mock.patch.dict("os.environ", {"A": "1"})
        @mock.patch.dict("os.environ", {"B": "2"})
        def test_environment():
            assert run()
      `,
      py`
        from unittest import mock

        def test_twice():
            with mock.patch("app.send", return_value=1):
                first = run()
            with mock.patch("app.send", return_value=2):
                assert run() != first
      `,
    ],
    misses: 'Patches that a setup or a class decorator made: overriding those in one test is usual.',
  },
  check(context, report) {
    let sites = 0;
    for (const scope of stubbingScopes(context)) {
      const stubs = stubsOf(scope, context.engine).filter((s) => s.replaces && s.target !== undefined && (s.how === 'call' || s.how === 'decorator'));
      sites += stubs.length;
      if (stubs.length < 2) continue;
      const byTarget = new Map<string, Stub[]>();
      for (const s of stubs) byTarget.set(s.target as string, [...(byTarget.get(s.target as string) ?? []), s]);
      for (const [target, list] of byTarget) {
        for (let i = 1; i < list.length; i++) {
          const [first, second] = [list[i - 1] as Stub, list[i] as Stub];
          if (!isHidden(first, second, scope, context)) continue;
          const line = context.position(scope.module, second.start).line;
          report({
            module: scope.module,
            start: first.start,
            end: first.end,
            test: scope.fn.qualifiedName,
            message: `this stub of ${target.replace(/[<>]/g, '')} is never in effect: line ${line} lays another one over it before anything runs`,
            pathKind: 'normal',
            witnesses: [
              {
                pathKind: 'normal',
                steps: [step(first.start, `${target} is stubbed`), step(second.start, 'and stubbed again: only this one is in effect')],
              },
            ],
          });
        }
      }

      function step(offset: number, message: string): { kind: 'call'; path: string; line: number; column: number; message: string } {
        const at = context.position(scope.module, offset);
        return { kind: 'call', path: scope.module.path, line: at.line, column: at.column, message };
      }
    }
    return sites;
  },
});

/** From the first installation on, nothing runs that could meet the stub before the second one. */
function isHidden(first: Stub, second: Stub, scope: Scope, context: RuleContext): boolean {
  if (first.how === 'decorator') return second.how === 'decorator';
  if (!first.instr || !second.instr || !isAlive(first, second, scope)) return false;
  const installed = second.instr;
  const quiet = (i: Instr): boolean =>
    i === first.instr ||
    i.op === 'assign' ||
    i.op === 'enter' ||
    i.op === 'define' ||
    i.op === 'evaluate' ||
    (i.op === 'call' && (isStubCall(i, scope, context) || context.engine.calls.raising(i, scope).likelihood === 'never'));
  return (
    walk(
      scope,
      context.engine,
      { at: 'after', instr: first.instr, mark: '' },
      {
        after: (i, mark) => (i === installed ? 'met' : mark === 'met' ? mark : quiet(i) ? mark : null),
        raised: (i, mark) => (mark === 'met' || i === installed ? 'met' : null),
        isGoal: (_, mark) => mark === 'met',
      },
    ) !== null
  );
}

/** A `with` stub is in effect in its body only; one that is only made, and started later, is not followed. */
function isAlive(first: Stub, second: Stub, scope: Scope): boolean {
  const { instr } = first;
  if (first.lifetime !== 'start-stop' && first.lifetime !== 'with') return true;
  if (instr?.op !== 'call' || !second.instr) return false;
  const managers = factsOf(scope.module, scope.fn).enclosing(second.instr);
  return managers.some((m) => m.op === 'temp' && m.id === instr.result);
}

function isStubCall(instr: Instr, scope: Scope, context: RuleContext): boolean {
  return stubsOf(scope, context.engine).some((s) => s.instr === instr);
}
