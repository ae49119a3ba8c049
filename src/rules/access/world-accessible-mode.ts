/** Does a test make a file that everybody may write? */
import { textOf } from '../../typestate/naming.ts';
import { boundaryCalls, isPretended, literalBehind } from '../boundaries.ts';
import { defineRule, py } from '../define.ts';

/** The bit that lets everybody write, and the sticky bit that takes the harm out of it for folders. */
const OTHERS_WRITE = 0o002;
const STICKY = 0o1000;

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
    misses: 'Modes that are computed, and what the umask lets through.',
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
            os.makedirs(tmp_path / "shared", MODE)    # expect: world-accessible-mode
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
      report({
        module: scope.module,
        start: instr.start,
        end: instr.end,
        test: scope.fn.qualifiedName,
        message: `${textOf(scope.module, instr.callee)} lets everybody on the machine write it (${argument.op === 'const' ? textOf(scope.module, argument) : `0o${mode.toString(8)}`})`,
      });
    }
    return calls.filter((c) => c.argument !== undefined).length;
  },
});
