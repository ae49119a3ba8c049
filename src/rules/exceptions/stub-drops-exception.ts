/** Does a stub catch what the original raises, and let the code under test go on as if it had worked? */

import { forEachStmt } from '../../ir/statements.ts';
import { Kind } from '../../program/module.ts';
import { textOf } from '../../typestate/naming.ts';
import { walk } from '../../typestate/walk.ts';
import { defineRule, py } from '../define.ts';
import { scopesHolding } from '../scopes.ts';
import { forgets } from './handlers.ts';
import { holdsTry, instrsOf, type TryStmt } from './statements.ts';
import { callsOfOriginal, stubFunctions } from './stub-functions.ts';
import { endOf, lineOf, stepAt, told, witness } from './told.ts';

export const stubDropsException = defineRule({
  id: 'stub-drops-exception',
  title: 'A stub hides the exception of the original',
  pillar: 'exceptions',
  cwe: ['CWE-755', 'CWE-390'],
  severity: 'warning',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'A stub that wraps the original and catches its exceptions changes what the code under test sees: it goes on where it would have failed, and the test passes on a path that does not exist in production.',
    fix: 'Let the exception through; if the test is about it, record it and raise it again.',
    bad: [
      py`
        from unittest import mock
        import app

        def test_save():
            original_save = app.save
            def quiet_save(*args):
                try:
                    return original_save(*args)
                except Exception:    # expect: stub-drops-exception "line 8"
                    pass
            with mock.patch("app.save", side_effect=quiet_save):
                app.run()
            assert app.done
      `,
      py`
        import unittest
        import app

        class TestSave(unittest.TestCase):
            def test_save(self):
                real = app.save
                def spy(*args):
                    try:
                        real(*args)
                    except OSError:    # expect: stub-drops-exception
                        print("failed")
                self.addCleanup(setattr, app, "save", real)
                app.save = spy
                app.run()
                self.assertTrue(app.done)
      `,
      py`
        import app

        def test_save(monkeypatch):
            save = app.save
            def spy(*args):
                try:
                    save(*args)
                except:    # expect: stub-drops-exception
                    return None
            monkeypatch.setattr(app, "save", spy)
            app.run()
            assert app.done
      `,
    ],
    good: [
      py`
        from unittest import mock
        import app

        def test_save():
            original_save = app.save
            seen = []
            def spy(*args):
                result = original_save(*args)
                seen.append(args)
                return result
            with mock.patch("app.save", side_effect=spy):
                app.run()
            assert seen
      `,
      py`
        from unittest import mock
        import app

        def test_save():
            original_save = app.save
            errors = []
            def spy(*args):
                try:
                    return original_save(*args)
                except Exception as error:
                    errors.append(error)
            with mock.patch("app.save", side_effect=spy):
                app.run()
            assert errors == []
      `,
      py`
        from unittest import mock
        import app

        def test_save():
            original_save = app.save
            def spy(*args):
                try:
                    return original_save(*args)
                except OSError:
                    app.log("save failed")
                    raise
            with mock.patch("app.save", side_effect=spy):
                app.run()
            assert app.done
      `,
      py`
        from unittest import mock
        import app

        def test_save():
            def fake(*args):
                try:
                    return int(args[0])
                except ValueError:
                    return None
            with mock.patch("app.save", side_effect=fake):
                app.run()
            assert app.done
      `,
    ],
    misses: 'Originals that are reached in another way than through a name that was read from the replaced attribute.',
  },
  check(context, report) {
    if (scopesHolding(context, Kind.try).length === 0) return 0;
    let sites = 0;
    for (const f of stubFunctions(context)) {
      const { scope } = f;
      if (!holdsTry(scope.fn.body)) continue;
      for (const call of callsOfOriginal(f, context)) {
        sites++;
        const tries: TryStmt[] = [];
        forEachStmt(scope.fn.body, (s) => {
          if (s.op === 'try' && instrsOf(s.body).includes(call)) tries.push(s);
        });
        const handler = tries.flatMap((s) => s.handlers).find((h) => forgets(h.body));
        if (!handler) continue;
        const inHandler = new Set(instrsOf(handler.body));
        const path = walk(
          scope,
          context.engine,
          { at: 'raise', instr: call, mark: '' },
          {
            after: (i, mark) => (inHandler.has(i) ? 'caught' : i === call ? null : mark), // A second call of it is a retry.
            raised: () => null,
            isGoal: (at, mark) => at === 'exit' && mark === 'caught',
          },
        );
        if (!path) continue;
        report({
          module: scope.module,
          start: handler.start,
          end: inHandler.values().next().value?.end ?? handler.end,
          test: scope.fn.qualifiedName,
          message: `the stub drops what the original raises on line ${lineOf(context, scope, call.start)}: the code under test goes on as if it had worked`,
          pathKind: 'normal',
          witnesses: [
            witness(
              'normal',
              [
                stepAt(context, 'call', f.stub.scope, f.stub.start, `${scope.fn.name} is installed as a stub`),
                stepAt(context, 'raise', scope, call.start, `${textOf(scope.module, call.callee)} raises`),
              ],
              told(context, scope, path),
              [stepAt(context, 'exit', scope, endOf(scope), `${scope.fn.name} returns normally`)],
            ),
          ],
        });
        break;
      }
    }
    return sites;
  },
});
