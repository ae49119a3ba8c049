/** Is a file created, written or removed at a place that comes from outside? */
import { defineRule, py } from '../define.ts';
import { reportTainted } from './sink.ts';

export const pathFromInput = defineRule({
  id: 'path-from-input',
  title: 'A file is changed at a place that comes from outside',
  pillar: 'neutralization',
  cwe: ['CWE-20'],
  severity: 'note',
  precision: 'medium',
  default: false,
  since: '0.1.0',
  docs: {
    why: "The test creates, overwrites or removes whatever the environment variable, file or answer names: with another value than the author had in mind that is somebody's data (CWE-73).",
    fix: 'Work below a temporary folder that the test makes (`tmp_path`, `tempfile.mkdtemp`), or check that the path lies where it must.',
    misses: 'Paths that go through containers, other objects or parameters.',
    bad: [
      py`
        import os
        import shutil

        def test_clean():
            shutil.rmtree(os.environ["BUILD_DIR"])    # expect: path-from-input
      `,
      py`
        import os

        def test_write():
            with open(os.path.join(os.getenv("OUT", "."), "report.txt"), "w") as file:    # expect: path-from-input "the environment"
                file.write("done")
      `,
      py`
        import os

        def test_marked():
            with open("doomed.txt") as names:
                for name in names:
                    os.remove(name.strip())    # expect: path-from-input "a file"
      `,
    ],
    good: [
      py`
        import os

        def test_read():
            with open(os.environ["CONFIG"]) as file:
                assert file.read()
      `,
      py`
        def test_write(tmp_path):
            with open(tmp_path / "report.txt", "w") as file:
                file.write("done")
      `,
      py`
        import os

        def test_write(request):
            os.makedirs(request.param)
      `,
      py`
        import os
        import tempfile

        def test_write():
            folder = tempfile.mkdtemp()
            os.rmdir(folder)
      `,
      py`
        import os
        import shutil
        import tempfile

        KEY = "TEST_DATABASE"

        def test_start():
            if KEY in os.environ:
                shutil.copyfile(os.environ[KEY], "tests.sqlite")
            else:
                handle, place = tempfile.mkstemp()
                os.close(handle)
                shutil.copyfile("tests.sqlite", place)
                os.environ[KEY] = place

        def test_end():
            os.remove(os.environ[KEY])
      `,
    ],
  },
  check(context, report) {
    return reportTainted(
      context,
      report,
      'changes-path',
      () => true,
      (source, argument) => `the path ${argument} is changed and comes from ${source}`,
    );
  },
});
