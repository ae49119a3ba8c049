/** Does a comment suppress nothing, or name a rule that does not exist? Filled by the pipeline (app/findings.ts), which alone sees all findings of a file. */
import { defineRule, py } from '../define.ts';

export const unusedSuppression = defineRule({
  id: 'unused-suppression',
  title: 'A suppression that suppresses nothing',
  pillar: 'standards',
  cwe: ['CWE-1164'],
  severity: 'warning',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'A comment that suppresses nothing hides the next fault on its line, and says that there is one where there is none.',
    fix: 'Remove the comment, or name the rule that it means: `# campsite: ignore[rule-id] reason`.',
    bad: [
      py`
        # expect: unused-suppression "empty-test"
        def test_total():  # campsite: ignore[empty-test] written later
            assert total([1]) == 1
      `,
      py`
        # expect: unused-suppression "no rule is called"
        def test_total():  # campsite: ignore[emptytest] written later
            assert total([1]) == 1
      `,
      py`
        # expect: unused-suppression "must name the rules"
        def test_total():  # campsite: ignore
            assert total([1]) == 1
      `,
      py`
        # expect: unused-suppression "ended on"
        def test_total():  # campsite: ignore[empty-test] until=2020-01-31 written in January
            assert total([1]) == 1
      `,
    ],
    good: [
      py`
        def test_total():
            assert total([1]) == 1    # the campsite is clean
      `,
      py`
        def test_total():
            file = open("a.csv")  # campsite: ignore[never-released] the rule did not run
            assert file
      `,
      py`
        def test_total():
            assert total([1]) == 1  # noqa: E501, empty-test
      `,
      py`
        def test_total():
            text = "# campsite: ignore[empty-test]"
            assert total(text) == 1
      `,
    ],
  },
  check: () => 0,
});
