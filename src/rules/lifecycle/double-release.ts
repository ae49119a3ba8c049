/** Is a resource released a second time, of a kind for which that is a fault? */
import { defineRule, py } from '../define.ts';
import { isExpectedToRaise } from '../expected.ts';
import { misuseReport } from './verdict.ts';

export const doubleRelease = defineRule({
  id: 'double-release',
  title: 'Resource is released twice',
  pillar: 'lifecycle',
  cwe: ['CWE-672', 'CWE-666'],
  severity: 'warning',
  precision: 'high',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'A descriptor number is given to the next file as soon as it is closed: the second close fails, or closes a file of somebody else.',
    fix: 'Release once, where every path comes by; give the name another value after the release if both are needed.',
    bad: [
      py`
        import os

        def test_twice(tmp_path):
            fd = os.open(tmp_path / "a", os.O_CREAT)    # expect: double-release
            os.close(fd)
            os.close(fd)
      `,
      py`
        import os

        def test_branch(tmp_path):
            wanted = tmp_path.exists()
            fd = os.open(tmp_path / "a", os.O_CREAT)    # expect: double-release
            if wanted:
                os.close(fd)
            os.close(fd)
      `,
      py`
        import os

        def test_copy():
            copy = os.dup(0)    # expect: double-release
            os.close(copy)
            os.close(copy)
      `,
    ],
    good: [
      py`
        import os

        def test_once(tmp_path):
            fd = os.open(tmp_path / "a", os.O_CREAT)
            os.close(fd)
            fd = os.open(tmp_path / "b", os.O_CREAT)
            os.close(fd)
      `,
      py`
        def test_file(tmp_path):
            file = open(tmp_path / "a", "w")
            file.close()
            file.close()
      `,
      py`
        import os
        import pytest

        def test_closed(tmp_path):
            fd = os.open(tmp_path / "a", os.O_CREAT)
            os.close(fd)
            with pytest.raises(OSError):
                os.close(fd)
      `,
      py`
        import os

        def test_either(tmp_path):
            fd = os.open(tmp_path / "a", os.O_CREAT)
            if tmp_path.exists():
                os.close(fd)
            else:
                os.close(fd)
      `,
      py`
        import os

        def test_tolerant(tmp_path):
            fd = os.open(tmp_path / "a", os.O_CREAT)
            os.close(fd)
            try:
                os.close(fd)
            except OSError:
                pass
      `,
    ],
  },
  check(context, report) {
    let sites = 0;
    for (const o of context.obligations) {
      if (!o.site.tracked.kind.once) continue;
      sites++;
      const misuse = o.misuses.find((m) => m.kind === 'released-again' && !isExpectedToRaise(m.instr, m.scope, context.engine));
      if (misuse)
        report(
          misuseReport(
            o,
            misuse,
            context,
            (subject) => `${subject} is released a second time on line ${context.position(misuse.scope.module, misuse.instr.start).line}`,
            `released again: ${misuse.how}`,
          ),
        );
    }
    return sites;
  },
});
