/**
 * Does the comparison that all samples rest on fail when it must? Comments against made-up findings.
 *
 * Invariant: every way to disagree has a row here that shows it; a comparison that is always content would make every sample green.
 */
import { describe, expect, test } from 'vitest';
import { disagreements, disagreementText, ledgerDisagreements } from '../src/findings/disagreements.ts';
import { joinExpectations, readExpectations } from '../src/findings/expectations.ts';
import type { Acquisition, Finding, Step } from '../src/findings/finding.ts';

const RULES = new Set(['never-released', 'leak-on-failure']);

function finding(rule: string, line: number, message = 'file is not closed', steps: readonly Step[] = [], path = 'test_a.py'): Finding {
  return {
    rule,
    pillar: 'lifecycle',
    cwe: [],
    severity: 'warning',
    message,
    path,
    line,
    column: 1,
    endLine: line,
    endColumn: 2,
    test: 't',
    tests: { count: 1, examples: ['t'] },
    witnesses: [{ pathKind: 'normal', steps }],
    fingerprint: `${rule}${line}`,
  };
}

const suppressed = (f: Finding): Finding => ({ ...f, suppressed: { kind: 'inline', reason: 'known' } });
const step = (kind: Step['kind'], line: number, path = 'test_a.py'): Step => ({ kind, path, line, column: 1, message: '' });
const compare = (text: string, found: readonly Finding[]) => disagreements(readExpectations('test_a.py', text), found, RULES).map(disagreementText);

describe('reading', () => {
  test('on the line, before the line, several on a line', () => {
    const { findings, steps, mistakes } = readExpectations(
      'test_a.py',
      'a = open(p)  # expect: never-released [a] "not closed"\n\n# missing: leak-on-failure hidden by getattr\n# plain words\n\nb = open(p)\nassert a  # step [a]: raise  # expect: never-released\n',
    );
    expect(mistakes).toEqual([]);
    expect(findings).toEqual([
      { kind: 'expect', rule: 'never-released', tag: 'a', text: 'not closed', path: 'test_a.py', line: 1 },
      { kind: 'missing', rule: 'leak-on-failure', tag: null, text: null, path: 'test_a.py', line: 6 },
      { kind: 'expect', rule: 'never-released', tag: null, text: null, path: 'test_a.py', line: 7 },
    ]);
    expect(steps).toEqual([{ tag: 'a', kind: 'raise', path: 'test_a.py', line: 7 }]);
  });

  test.each([
    ['a misspelt keyword', '# expected: never-released'],
    ['no rule', 'a = 1  # expect:'],
    ['missing without a reason', 'a = 1  # missing: never-released'],
    ['spurious without a reason', 'a = 1  # spurious: never-released [a]'],
    ['expect with words after it', 'a = 1  # expect: never-released because'],
    ['a step without a tag', 'a = 1  # step: raise'],
    ['a step of no kind', 'a = 1  # step [a]: jump'],
    ['nothing to speak of', '# expect: never-released'],
    ['a ledger without a status', 'a = 1  # ledger: file'],
    ['a status that there is not', 'a = 1  # ledger: file closed'],
  ])('%s is a mistake', (_name, text) => {
    expect(readExpectations('test_a.py', text).mistakes.length).toBeGreaterThan(0);
  });
});

describe('comparing', () => {
  test('agreement', () => {
    expect(compare('a = open(p)  # expect: never-released "not closed"', [finding('never-released', 1)])).toEqual([]);
    expect(compare('a = open(p)  # missing: never-released hidden', [])).toEqual([]);
    expect(compare('a = open(p)  # spurious: never-released hidden', [finding('never-released', 1)])).toEqual([]);
    expect(compare('a = open(p)', [suppressed(finding('never-released', 1))])).toEqual([]);
  });

  test.each([
    ['nothing found', 'a = 1  # expect: never-released', [], 'test_a.py:1: expected never-released; got nothing'],
    ['found elsewhere', 'a = 1  # expect: never-released\nb = 1', [finding('never-released', 2)], ':1: expected never-released; got nothing'],
    [
      'another rule',
      'a = 1  # expect: never-released',
      [finding('leak-on-failure', 1)],
      'expected never-released; got leak-on-failure "file is not closed"',
    ],
    [
      'another message',
      'a = 1  # expect: never-released "not joined"',
      [finding('never-released', 1)],
      'expected never-released "not joined"; got never-released "file is not closed"',
    ],
    [
      'one finding for two comments',
      'a = 1  # expect: never-released  # expect: never-released',
      [finding('never-released', 1)],
      'expected never-released; got never-released',
    ],
    ['suppressed', 'a = 1  # expect: never-released', [suppressed(finding('never-released', 1))], '"file is not closed" (suppressed)'],
    ['not expected', 'a = 1', [finding('never-released', 1)], ':1: expected nothing; got never-released "file is not closed"'],
    ['missing is found', 'a = 1  # missing: never-released hidden', [finding('never-released', 1)], 'turn "missing" into "expect"'],
    ['spurious is gone', 'a = 1  # spurious: never-released hidden', [], 'it is gone: remove "spurious"'],
    ['no such rule', 'a = 1  # missing: never-freed hidden', [], 'expected a rule; got `never-freed`'],
    ['a mistake', 'a = 1  # step: raise', [], 'expected `# step [tag]: KIND`'],
    ['a step of nobody', 'a = 1  # step [a]: raise', [], 'expected a finding with the tag [a]; got none'],
    [
      'a tag twice',
      'a = 1  # expect: never-released [a]  # missing: leak-on-failure [a] hidden',
      [finding('never-released', 1)],
      'expected a tag of its own; got [a] a second time',
    ],
  ])('%s', (_name, text, found, words) => {
    expect(compare(text, found).join('\n')).toContain(words);
  });

  const text = 'a = open(p)  # expect: never-released [a]\nb()  # step [a]: call\nassert a  # step [a]: raise\n';
  test.each([
    ['in order, others between', [step('acquire', 1), step('call', 2), step('branch', 2), step('raise', 3)], true],
    ['out of order', [step('raise', 3), step('call', 2)], false],
    ['one is missing', [step('raise', 3)], false],
    ['another kind', [step('call', 2), step('exit', 3)], false],
  ])('steps %s', (_name, steps, agrees) => {
    expect(compare(text, [finding('never-released', 1, '', steps)]).length === 0).toBe(agrees);
  });

  test('a step in another file of the folder', () => {
    const expected = joinExpectations([
      readExpectations('test_a.py', 'a = make()  # expect: never-released [a]\n'),
      readExpectations('making.py', 'def make():\n    return open(p)  # step [a]: acquire\n'),
    ]);
    const found = (path: string) => [finding('never-released', 1, '', [step('acquire', 2, path), step('exit', 1)])];
    expect(disagreements(expected, found('making.py'), RULES)).toEqual([]);
    expect(disagreements(expected, found('other.py'), RULES)).not.toEqual([]);
  });
});

describe('the ledger', () => {
  const entry = (line: number, status: Acquisition['status'], kind = 'file'): Acquisition => ({
    kind,
    reach: 'object',
    path: 'test_a.py',
    line,
    owner: '',
    releases: [],
    status,
    leaks: [],
  });
  const ask = (text: string, ledger: readonly Acquisition[]) =>
    ledgerDisagreements(readExpectations('test_a.py', text), ledger, new Set(['file', 'socket'])).map(disagreementText);

  test.each<[string, string, readonly Acquisition[], readonly string[]]>([
    ['agrees', 'a = open(p)  # ledger: file released', [entry(1, 'released'), entry(2, 'leaks')], []],
    ['one of two on a line', 'a = open(p)  # ledger: file released', [entry(1, 'leaks'), entry(1, 'released')], []],
    ['another status', 'a = open(p)  # ledger: file released', [entry(1, 'leaks')], ['test_a.py:1: expected file released; got file leaks']],
    ['another kind', 'a = f()  # ledger: socket leaks', [entry(1, 'leaks')], ['test_a.py:1: expected socket leaks; got file leaks']],
    ['nothing is acquired', 'a = f()  # ledger: file leaks', [entry(2, 'leaks')], ['test_a.py:1: expected file leaks; got no acquisition']],
    ['no such kind', 'a = f()  # ledger: flie leaks', [], ['test_a.py:1: expected a resource kind; got `flie`, which nothing describes']],
  ])('%s', (_name, text, ledger, expected) => {
    expect(ask(text, ledger)).toEqual(expected);
  });
});
