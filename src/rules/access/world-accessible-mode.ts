/** Does a test make a file that everybody may write? */
import { textOf } from '../../typestate/naming.ts';
import { boundaryCalls, isPretended, literalBehind } from '../boundaries.ts';
import { defineRule, py } from '../define.ts';

/** The bit that lets everybody write, and the sticky bit that takes the harm out of it for folders. */
const OTHERS_WRITE = 0o002;
const STICKY = 0o1000;

/** Rights that are set as they are written; those of a call that makes something go through the umask, which takes this one out. */
const SETS = /chmod$/;
/** A umask that lets everything through. */
const NO_UMASK = /umask\(\s*0[0o]*\s*\)/;
/** Tests whose subject is the mode. */
const ABOUT_MODES = /mode(?!l)|permission|chmod|secur|access|read_?only|(read|writ)able|umask/i;

export const worldAccessibleMode = defineRule({
  id: 'world-accessible-mode',
  title: 'Everybody may write the file',
  pillar: 'access',
  cwe: ['CWE-732'],
  severity: 'note',
  precision: 'high',
  default: false,
  since: '0.1.0',
  docs: {
    why: 'Another user of the machine can change the file while the test runs, and what the test then reads or runs is theirs.',
    fix: 'Give the rights to the owner alone: `0o700`, `0o600`.',
    misses: 'Modes that are computed, what the umask lets through, and tests that are about modes, by their names.',
    bad: [
      py`
        import os

        def test_script(tmp_path):
            script = tmp_path / "run"
            script.touch()
            os.chmod(script, 0o777)    # expect: world-accessible-mode "0o777"
      `,
      py`
        import os

        MODE = 0o666

        def test_folder(tmp_path):
            old = os.umask(0)
            os.makedirs(tmp_path / "shared", MODE)    # expect: world-accessible-mode
            os.umask(old)
      `,
      py`
        def test_socket(tmp_path):
            (tmp_path / "socket").touch()
            tmp_path.chmod(0o722)    # expect: world-accessible-mode
      `,
    ],
    good: [
      py`
        import os

        def test_script(tmp_path):
            os.chmod(tmp_path, 0o755)
      `,
      py`
        import os

        def test_temporary(tmp_path):
            os.chmod(tmp_path, 0o1777)
      `,
      py`
        import os
        import stat

        def test_own(tmp_path):
            os.chmod(tmp_path, stat.S_IRWXU)
      `,
      py`
        import os

        def test_made(tmp_path):
            os.makedirs(tmp_path / "a", 0o777)    # the umask takes its part out
      `,
      py`
        import os

        def test_rotated_file_has_the_same_permissions(tmp_path, log):
            os.chmod(tmp_path / "log", 0o707)
            log.rotate()
            assert os.stat(tmp_path / "log.1").st_mode & 0o777 == 0o707
      `,
      py`
        import os
        from unittest import mock

        def test_called():
            with mock.patch("os.chmod") as chmod:
                chmod("x", 0o777)
                chmod.assert_called_once_with("x", 0o777)
      `,
    ],
  },
  check(context, report) {
    const calls = boundaryCalls(context, 'sets-mode');
    for (const { instr, scope, argument } of calls) {
      const mode = literalBehind(argument, scope, context.engine);
      if (!argument || typeof mode !== 'number' || (mode & OTHERS_WRITE) === 0 || (mode & STICKY) !== 0 || isPretended(instr, scope, context.engine))
        continue;
      if (!SETS.test(context.engine.calls.info(instr, scope).view.method) && !NO_UMASK.test(scope.module.text.slice(scope.fn.start, scope.fn.end)))
        continue;
      if (ABOUT_MODES.test(scope.fn.name)) continue;
      report({
        module: scope.module,
        start: instr.start,
        end: instr.end,
        test: scope.fn.qualifiedName,
        message: `${textOf(scope.module, instr.callee)} lets everybody on the machine write it (0o${mode.toString(8)})`,
      });
    }
    return calls.filter((c) => c.argument !== undefined).length;
  },
});
