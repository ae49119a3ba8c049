/**
 * Is a parent released before what was made in it?
 *
 * Cleanups run last in, first out: what is registered later is released earlier. Pairs come from the configuration (`order: [parent,
 * child]`); both must be made and released in one function, so that their order is certain.
 */
import type { ObligationReport, Release } from '../../typestate/report.ts';
import { defineRule, py } from '../define.ts';
import { misuseReport } from './verdict.ts';

export const cleanupOrder = defineRule({
  id: 'cleanup-order',
  title: 'The parent is released before what was made in it',
  pillar: 'lifecycle',
  cwe: ['CWE-666', 'CWE-404'],
  severity: 'warning',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'Cleanups run last in, first out. A parent that is removed first takes its children along, or refuses because it is in use: then the cleanup of the child fails, or the parent stays.',
    fix: 'Register the cleanup of the parent directly after it was made, and that of the child afterwards; or release the child first.',
    bad: [
      py`
        import os
        import shutil
        import tempfile

        def test_finalizers(request):
            folder = tempfile.mkdtemp()
            fd, path = tempfile.mkstemp(dir=folder)    # expect: cleanup-order
            request.addfinalizer(lambda: os.unlink(path))
            request.addfinalizer(lambda: shutil.rmtree(folder))
            os.close(fd)
      `,
      py`
        import os
        import shutil
        import tempfile
        import unittest

        class TestTree(unittest.TestCase):
            def test_tree(self):
                folder = tempfile.mkdtemp()
                fd, path = tempfile.mkstemp(dir=folder)    # expect: cleanup-order
                self.addCleanup(os.unlink, path)
                self.addCleanup(shutil.rmtree, folder)
                os.close(fd)
      `,
      py`
        import functools
        import os
        import shutil
        import tempfile
        import unittest

        class TestPartial(unittest.TestCase):
            def test_tree(self):
                folder = tempfile.mkdtemp()
                fd, path = tempfile.mkstemp(dir=folder)    # expect: cleanup-order
                self.addCleanup(functools.partial(os.unlink, path))
                self.addCleanup(functools.partial(shutil.rmtree, folder))
                os.close(fd)
      `,
    ],
    good: [
      py`
        import os
        import shutil
        import tempfile
        import unittest

        class TestTree(unittest.TestCase):
            def test_tree(self):
                folder = tempfile.mkdtemp()
                self.addCleanup(shutil.rmtree, folder)
                path = tempfile.mkstemp(dir=folder)[1]
                self.addCleanup(os.unlink, path)
      `,
      py`
        import os
        import shutil
        import tempfile

        def test_direct():
            folder = tempfile.mkdtemp()
            path = tempfile.mkstemp(dir=folder)[1]
            os.unlink(path)
            shutil.rmtree(folder)
      `,
      py`
        import os
        import shutil
        import tempfile
        import unittest

        class TestTwo(unittest.TestCase):
            def test_two(self):
                path = tempfile.mkstemp()[1]
                self.addCleanup(os.unlink, path)
                folder = tempfile.mkdtemp()
                self.addCleanup(shutil.rmtree, folder)
      `,
      py`
        import tempfile

        def test_with():
            with tempfile.TemporaryDirectory() as folder:
                with tempfile.NamedTemporaryFile(dir=folder) as file:
                    assert file.name.startswith(folder)
      `,
    ],
  },
  check(context, report) {
    let sites = 0;
    const { order } = context.engine.patternsFor({
      module: context.module,
      fn: context.module.ir.functions[0],
      cls: undefined,
      definedIn: undefined,
    });
    for (const [parentKind, childKind] of order) {
      const of = (kind: string): readonly ObligationReport[] => context.obligations.filter((o) => o.site.tracked.kind.kind === kind);
      for (const child of of(childKind)) {
        for (const parent of of(parentKind)) {
          if (parent.site.scope.fn !== child.site.scope.fn || !isMadeIn(child, parent)) continue;
          sites++;
          const early = wrongOrder(parent, child);
          if (early)
            report(
              misuseReport(
                child,
                { kind: 'released-again', scope: early.scope, instr: early.instr, how: early.how, steps: [], first: undefined },
                context,
                (subject) => `${subject} is released after the ${parent.site.tracked.kind.title} it was made in`,
                `the ${parent.site.tracked.kind.title} is released first: ${early.how}`,
              ),
            );
        }
      }
    }
    return sites;
  },
});

/** The child was made after the parent, with the parent among the arguments. */
function isMadeIn(child: ObligationReport, parent: ObligationReport): boolean {
  if (child.site.instr.op !== 'call' || child.site.instr.start < parent.site.instr.start) return false;
  const holders = parent.site.after.flatMap((s) => s.holders);
  const owned = child.site.after.flatMap((s) => s.holders);
  return (
    owned.some((h) => holders.some((p) => h.startsWith(p) && h !== p)) ||
    holders.some((p) => p.startsWith('g:literal') && owned.some((h) => h.startsWith('g:literal') || h.includes(p)))
  );
}

/** The release of the parent, where it runs before that of the child. */
function wrongOrder(parent: ObligationReport, child: ObligationReport): Release | undefined {
  for (const p of parent.releases) {
    for (const c of child.releases) {
      if (p.instr === c.instr || p.scope.fn !== c.scope.fn || p.how === 'with' || c.how === 'with') continue;
      if (p.registered && c.registered && p.instr.start > c.instr.start) return p;
      if (!p.registered && !c.registered && p.instr.start < c.instr.start) return p;
    }
  }
  return undefined;
}
