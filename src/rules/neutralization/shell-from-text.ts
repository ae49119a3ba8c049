/** Does text from outside become part of a shell command? */
import { defineRule, py } from '../define.ts';
import { isComposed } from './origin.ts';
import { reportTainted } from './sink.ts';

export const shellFromText = defineRule({
  id: 'shell-from-text',
  title: 'Text from outside becomes part of a shell command',
  pillar: 'neutralization',
  cwe: ['CWE-78'],
  severity: 'warning',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'The shell reads the whole text as code: a blank, a quote or a semicolon in the environment variable, file or answer that was put into it changes what runs, with the rights of whoever runs the tests.',
    fix: 'Pass a list of arguments and no `shell=True`, or quote the part with `shlex.quote`.',
    misses: 'Text that goes through containers, other objects or parameters; a shell that is called by name (`["sh", "-c", text]`).',
    bad: [
      py`
        import os

        def test_list():
            os.system("ls " + os.environ["HOME"])    # expect: shell-from-text
      `,
      py`
        import os
        import subprocess

        def branch():
            return os.environ.get("BRANCH", "main").strip()

        def test_checkout():
            command = f"git checkout {branch()}"
            subprocess.run(command, shell=True, check=True)    # expect: shell-from-text "the environment"
      `,
      py`
        import subprocess
        import urllib.request

        def test_version():
            with urllib.request.urlopen("https://example.com/version") as answer:
                version = answer.read().decode()
            subprocess.check_output("tool --expect %s" % version, shell=True)    # expect: shell-from-text "the network"
      `,
    ],
    good: [
      py`
        import os
        import subprocess

        def test_list():
            subprocess.run(["ls", os.environ["HOME"]], check=True)
      `,
      py`
        import os
        import shlex

        def test_list():
            os.system("ls " + shlex.quote(os.environ["HOME"]))
      `,
      py`
        import os

        FOLDER = "/usr"
        COMMAND = "ls " + FOLDER

        def test_list(tmp_path):
            os.system(COMMAND)
            os.system(f"ls {tmp_path}")
      `,
      py`
        import os
        import subprocess

        def test_editor():
            subprocess.call(os.environ["EDITOR_COMMAND"], shell=True)
      `,
      py`
        import os

        def test_wait():
            os.system("sleep %d" % int(os.environ["SECONDS"]))
      `,
    ],
  },
  check(context, report) {
    return reportTainted(
      context,
      report,
      'runs-shell',
      ({ scope }, argument) => isComposed(argument, scope, context.engine),
      (source, argument) => `the shell reads ${argument} as code, and part of it comes from ${source}`,
    );
  },
});
