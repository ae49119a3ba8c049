/** Can an exception fall between what a stub did and its record of it, so that a cleanup misses a resource or a waiter hangs? */
import type { Instr } from '../../ir/ir.ts';
import { forEachStmt } from '../../ir/statements.ts';
import type { Scope } from '../../program/scope.ts';
import { textOf } from '../../typestate/naming.ts';
import { walk } from '../../typestate/walk.ts';
import type { RuleContext } from '../define.ts';
import { defineRule, py } from '../define.ts';
import { type Record, readers, readsName, recordsOf } from './records.ts';
import { instrsOf } from './statements.ts';
import { callsOfOriginal, type StubFunction, stubFunctions } from './stub-functions.ts';
import { endOf, lineOf, stepAt, told, witness } from './told.ts';

export const stubUnhandledException = defineRule({
  id: 'stub-unhandled-exception',
  title: 'An exception in a stub leaves its record wrong',
  pillar: 'exceptions',
  cwe: ['CWE-755', 'CWE-460'],
  severity: 'warning',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'A stub creates something, does something else that may raise, and only then notes it for the cleanup: when that raises, nobody knows of the resource. Likewise an event that is set at the end of a stub is never set when the stub raises, and whoever waits for it without a timeout hangs.',
    fix: 'Record right after the creation; set the event in a `finally` clause.',
    bad: [
      py`
        from unittest import mock
        import unittest

        class TestImages(unittest.TestCase):
            def setUp(self):
                self.created = []
                self.addCleanup(self.remove_all)
                original_create = self.glance.create
                def snoop(*args):
                    image = original_create(*args)    # expect: stub-unhandled-exception "line 11"
                    self.wait_active(image)
                    self.created.append(image["id"])
                    return image
                patcher = mock.patch.object(self.glance, "create", side_effect=snoop)
                patcher.start()
                self.addCleanup(patcher.stop)

            def remove_all(self):
                for image_id in self.created:
                    self.glance.delete(image_id)

            def test_snapshot(self):
                self.assertTrue(snapshot())
      `,
      py`
        import threading
        import unittest
        from unittest import mock
        import app

        class TestSync(unittest.TestCase):
            def test_sync(self):
                done = threading.Event()
                original = app.sync
                def notify(*args):
                    original(*args)    # expect: stub-unhandled-exception "done"
                    done.set()
                with mock.patch("app.sync", side_effect=notify):
                    app.start()
                    done.wait()
                self.assertTrue(app.synced)
      `,
      py`
        import unittest
        import app

        class TestVolumes(unittest.TestCase):
            def setUp(self):
                self.volumes = []
                self.real_create = app.create_volume

            def tearDown(self):
                app.create_volume = self.real_create
                for volume in self.volumes:
                    app.delete_volume(volume)

            def tracking_create(self, name):
                volume = self.real_create(name)    # expect: stub-unhandled-exception
                app.attach(volume)
                self.volumes.append(volume)
                return volume

            def test_volume(self):
                app.create_volume = self.tracking_create
                self.assertTrue(app.run())
      `,
    ],
    good: [
      py`
        from unittest import mock
        import unittest

        class TestImages(unittest.TestCase):
            def setUp(self):
                self.created = []
                self.addCleanup(self.remove_all)
                original_create = self.glance.create
                def snoop(*args):
                    image = original_create(*args)
                    self.created.append(image["id"])
                    return image
                patcher = mock.patch.object(self.glance, "create", side_effect=snoop)
                patcher.start()
                self.addCleanup(patcher.stop)

            def remove_all(self):
                for image_id in self.created:
                    self.glance.delete(image_id)

            def test_snapshot(self):
                self.assertTrue(snapshot())
      `,
      py`
        import threading
        import unittest
        from unittest import mock
        import app

        class TestSync(unittest.TestCase):
            def test_sync(self):
                done = threading.Event()
                original = app.sync
                def notify(*args):
                    try:
                        original(*args)
                    finally:
                        done.set()
                with mock.patch("app.sync", side_effect=notify):
                    app.start()
                    done.wait()
                self.assertTrue(app.synced)
      `,
      py`
        import threading
        import unittest
        from unittest import mock
        import app

        class TestSync(unittest.TestCase):
            def test_sync(self):
                done = threading.Event()
                original = app.sync
                def notify(*args):
                    original(*args)
                    done.set()
                with mock.patch("app.sync", side_effect=notify):
                    app.start()
                    self.assertTrue(done.wait(10))
      `,
      py`
        import unittest
        from unittest import mock
        import app

        class TestRetry(unittest.TestCase):
            def test_retry(self):
                calls = []
                original = app.send
                def flaky(*args):
                    result = original(*args)
                    app.log(result)
                    calls.append(args)
                    return result
                with mock.patch("app.send", side_effect=flaky):
                    app.run()
                self.assertEqual(1, len(calls))
      `,
    ],
    misses: 'Flags and counters that a test asserts: the assertion fails then, so the failure is seen.',
  },
  check(context, report) {
    let sites = 0;
    for (const f of stubFunctions(context)) {
      const records = recordsOf(f.scope, context).filter((r) => r.kind === 'list' || r.kind === 'event');
      for (const record of records) {
        if (record.kind === 'list') {
          if (!isSwept(record, f, context)) continue;
          sites++;
          lost(f, record);
        } else {
          const waiter = waitsForever(record, f, context);
          if (!waiter) continue;
          sites++;
          hangs(f, record, waiter);
        }
      }
    }
    return sites;

    function lost(f: StubFunction, record: Record): void {
      const { scope } = f;
      for (const made of [...callsOfOriginal(f, context), ...acquisitions(scope, context)]) {
        if (made.start >= record.instr.start) continue;
        const path = walk(
          scope,
          context.engine,
          { at: 'after', instr: made, mark: '' },
          {
            after: (i, mark) => (i === record.instr ? null : mark),
            raised: (i, mark) => (i === record.instr ? null : mark),
            isGoal: (at) => at === 'raised-exit',
          },
        );
        if (!path) continue;
        const raising = path.find((s) => s.kind === 'raise')?.instr;
        tell(
          f,
          record,
          made,
          path,
          `what this stub makes is lost when line ${raising ? lineOf(context, scope, raising.start) : 0} raises: it is not yet in ${textOf(scope.module, record.place)}, from which it would be removed`,
          `${scope.fn.name} leaves without recording it in ${textOf(scope.module, record.place)}`,
        );
        return;
      }
    }

    function hangs(f: StubFunction, record: Record, waiter: { scope: Scope; instr: Instr }): void {
      const { scope } = f;
      const path = walk(
        scope,
        context.engine,
        { at: 'entry', mark: '' },
        {
          after: (i, mark) => (i === record.instr ? null : mark),
          raised: (i, mark) => (i === record.instr ? null : mark),
          isGoal: (at) => at === 'raised-exit',
        },
      );
      const raising = path?.find((s) => s.kind === 'raise')?.instr;
      if (!path || !raising) return;
      const place = textOf(scope.module, record.place);
      tell(
        f,
        record,
        raising,
        path,
        `${place} is never set when this raises, and line ${lineOf(context, waiter.scope, waiter.instr.start)} waits for it without a timeout`,
        `${scope.fn.name} leaves without setting ${place}`,
      );
    }

    function tell(f: StubFunction, record: Record, at: Instr, path: Parameters<typeof told>[2], message: string, ending: string): void {
      const { scope } = f;
      report({
        module: scope.module,
        start: at.start,
        end: at.end,
        test: scope.fn.qualifiedName,
        message,
        pathKind: 'failure',
        witnesses: [
          witness(
            'failure',
            [
              stepAt(context, 'call', f.stub.scope, f.stub.start, `${scope.fn.name} is installed as a stub`),
              stepAt(context, 'acquire', scope, at.start, 'happens here'),
            ],
            told(context, scope, path),
            [
              stepAt(context, 'release', scope, record.instr.start, `skipped: ${textOf(scope.module, record.instr)}`),
              stepAt(context, 'exit', scope, endOf(scope), ending),
            ],
          ),
        ],
      });
    }
  },
});

/** A cleanup or teardown walks the list. */
function isSwept(record: Record, f: StubFunction, context: RuleContext): boolean {
  const { stub } = f;
  const cleanups: Scope[] = [];
  for (const s of [stub.scope, ...context.groups.flatMap((g) => (g.cls?.body === stub.scope.cls?.body ? g.setup : []))]) {
    for (const r of context.engine.registrations.list(s)) {
      for (const c of r.callables) {
        const v = context.engine.values.of(c.callee, c.scope);
        if (v?.kind === 'function' || v?.kind === 'nested' || v?.kind === 'method') cleanups.push(context.engine.values.scopeOf(v));
      }
    }
  }
  for (const g of context.groups) if (g.cls !== undefined && g.cls.body === stub.scope.cls?.body) cleanups.push(...g.teardown, ...g.classTeardown);
  return cleanups.some((s) => {
    let walks = false;
    forEachStmt(s.fn.body, (l) => {
      if (l.op === 'loop' && instrsOf(l.head).some((i) => i.op === 'next' && readsName(i, record.name))) walks = true;
      if (l.op === 'loop' && l.kind === 'while' && l.test && textOf(s.module, l.test).includes(record.name)) walks = true;
    });
    return walks;
  });
}

/** A reader waits for the event, with no timeout. */
function waitsForever(record: Record, f: StubFunction, context: RuleContext): { scope: Scope; instr: Instr } | undefined {
  if (record.instr.op !== 'call' || record.instr.callee.op !== 'attr' || record.instr.callee.name !== 'set' || record.instr.args.length > 0)
    return undefined;
  for (const scope of readers(f.scope, f.stub.scope, context)) {
    const instr = instrsOf(scope.fn.body).find(
      (i) =>
        i.op === 'call' &&
        i.args.length === 0 &&
        i.callee.op === 'attr' &&
        i.callee.name === 'wait' &&
        (i.callee.of.op === 'name' || i.callee.of.op === 'attr') &&
        i.callee.of.name === record.name,
    );
    if (instr) return { scope, instr };
  }
  return undefined;
}

function acquisitions(scope: Scope, context: RuleContext): readonly Instr[] {
  const patterns = context.engine.patternsFor(scope);
  return instrsOf(scope.fn.body).filter((i) => i.op === 'call' && patterns.acquisitions(context.engine.calls.info(i, scope).view).length > 0);
}
