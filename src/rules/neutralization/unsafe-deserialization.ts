/** Does outside data reach something that runs code while it reads it: pickle, YAML without a safe loader, `eval`? */
import type { BoundaryCall } from '../boundaries.ts';
import { defineRule, py } from '../define.ts';
import { reportTainted } from './sink.ts';

export const unsafeDeserialization = defineRule({
  id: 'unsafe-deserialization',
  title: 'Outside data is read by something that runs code in it',
  pillar: 'neutralization',
  cwe: ['CWE-94', 'CWE-95'],
  severity: 'warning',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: '`pickle`, `marshal`, `yaml.load` with a full loader and `eval` can run any code that stands in what they read. What comes from the environment, the network or a file that the test did not write may hold anything (CWE-502).',
    fix: 'Read data as data: `json.loads`, `ast.literal_eval`, `yaml.safe_load`.',
    misses: 'Files whose place was given to the test as a parameter or fixture, or that lie beside it: they are taken for test data.',
    bad: [
      py`
        import pickle
        import urllib.request

        def test_model():
            answer = urllib.request.urlopen("https://example.com/model.pkl")
            assert pickle.loads(answer.read()).version == 3    # expect: unsafe-deserialization "the network"
      `,
      py`
        import os

        def test_limits():
            limits = eval(os.environ["TEST_LIMITS"])    # expect: unsafe-deserialization "the environment"
            assert limits
      `,
      py`
        import pickle

        def test_state():
            with open("/tmp/state.pkl", "rb") as file:
                assert pickle.load(file)    # expect: unsafe-deserialization "a file"
      `,
    ],
    good: [
      py`
        import pickle

        def test_round_trip():
            value = {"a": 1}
            assert pickle.loads(pickle.dumps(value)) == value
      `,
      py`
        import pickle

        def test_file(tmp_path):
            path = tmp_path / "state.pkl"
            with open(path, "wb") as file:
                pickle.dump([1], file)
            with open(path, "rb") as file:
                assert pickle.load(file) == [1]
      `,
      py`
        import os
        import pickle

        DATA = os.path.join(os.path.dirname(__file__), "data", "old.pkl")

        def test_old_format():
            with open(DATA, "rb") as file:
                assert pickle.load(file)
      `,
      py`
        import ast
        import os

        def test_limits():
            assert ast.literal_eval(os.environ["TEST_LIMITS"])
            assert eval("1 + 1") == 2
      `,
      py`
        import pickle

        def test_written_here():
            with open("state.pkl", "wb") as file:
                pickle.dump(1, file)
            with open("state.pkl", "rb") as file:
                assert pickle.load(file) == 1
      `,
    ],
  },
  check(context, report) {
    const message = (source: string, argument: string, { instr }: BoundaryCall): string => {
      const by = instr.callee.op === 'attr' || instr.callee.op === 'name' ? instr.callee.name : 'the call';
      return `${by} runs code that stands in ${argument}, which comes from ${source}`;
    };
    return reportTainted(context, report, 'runs-code', () => true, message) + reportTainted(context, report, 'deserialises', () => true, message);
  },
});
