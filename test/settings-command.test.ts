/**
 * Do severities, rules for paths, limits and versions do on the command line what they say, and does `--show-settings` tell where each came from?
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { RunResult } from '../src/findings/finding.ts';
import { RULES } from '../src/rules/index.ts';
import { campsite, checked, clean, json, leaking, project } from './command.ts';

const TWO = { 'tests/test_a.py': leaking('a'), 'tests/old/test_b.py': leaking('b') };
const LEAKS = ['tests/old/test_b.py:2 never-released', 'tests/test_a.py:2 never-released'];
const severities = ({ findings }: RunResult): string[] => findings.map(({ path, severity }) => `${path} ${severity}`);

describe('--severity', () => {
  test('sets the severity of a rule, the last one given wins', () => {
    const folder = project(TWO);
    expect(severities(json(folder, ['--severity', 'never-released=note', '--severity', 'never-released=error']))).toEqual([
      'tests/old/test_b.py error',
      'tests/test_a.py error',
    ]);
    expect(checked(folder, ['--severity', 'never-released=note,float-equality=error']).status).toBe(0);
  });

  test('wins over the configuration, also over what it says of paths', () => {
    const folder = project({
      ...TWO,
      'campsite.yaml': 'severity: {never-released: note}\nper-path: {"tests/old/**": {severity: {never-released: warning}}}\n',
    });
    expect(severities(json(folder, []))).toEqual(['tests/old/test_b.py warning', 'tests/test_a.py note']);
    expect(severities(json(folder, ['--severity', 'never-released=error']))).toEqual(['tests/old/test_b.py error', 'tests/test_a.py error']);
  });

  test('off takes the rule out of the run', () => {
    const folder = project(TWO);
    const result = json(folder, ['--severity', 'never-released=off']);
    expect(result.rules.map(({ id }) => id)).not.toContain('never-released');
    expect(result.findings.filter(({ rule }) => rule === 'never-released')).toEqual([]);
  });

  test.each<[string, RegExp]>([
    ['never-released', /^campsite: --severity takes RULE=LEVEL with error, warning, note, off as level, not "never-released"$/m],
    ['never-released=eror', /not "never-released=eror"; did you mean error\?$/m],
    ['never-relaesed=error', /^campsite: --severity: there is no rule "never-relaesed"; did you mean never-released\?$/m],
  ])('exit code 2: %s', (given, message) => {
    const ran = campsite(project(TWO), ['check', '--severity', given]);
    expect(ran.status).toBe(2);
    expect(ran.stderr).toMatch(message);
  });
});

describe('rules for paths', () => {
  test('ignore: a rule, a pillar, all', () => {
    for (const name of ['never-released', 'lifecycle', 'ALL']) {
      const folder = project({ ...TWO, 'campsite.yaml': `per-path:\n  "tests/old/**": {ignore: ["${name}"]}\n` });
      expect(checked(folder).found).toEqual(['tests/test_a.py:2 never-released']);
    }
  });

  test('extend-select: on there and nowhere else, in findings as in what was checked', () => {
    const folder = project({ ...TWO, 'campsite.yaml': 'ignore: [lifecycle]\nper-path:\n  "tests/old/**": {extend-select: [never-released]}\n' });
    expect(checked(folder).found).toEqual(['tests/old/test_b.py:2 never-released']);
    expect(json(folder, []).pillars.find(({ name }) => name === 'lifecycle')).toMatchObject({ rulesRun: ['never-released'], sitesChecked: 1 });
    expect(checked(folder, ['--ignore', 'never-released']).found).toEqual([]);
    expect(checked(folder, ['--select', 'flow']).found).toEqual([]);
  });

  test('severity: off by default, on for a path', () => {
    const folder = project({
      ...TWO,
      'campsite.yaml': 'severity: {never-released: off}\nper-path:\n  "tests/old/**": {severity: {never-released: error}}\n',
    });
    expect(severities(json(folder, []))).toEqual(['tests/old/test_b.py error']);
  });

  test('a later entry wins over an earlier one', () => {
    const folder = project({
      ...TWO,
      'campsite.yaml': 'per-path:\n  "tests/**": {ignore: [never-released]}\n  "tests/old/**": {extend-select: [never-released]}\n',
    });
    expect(checked(folder).found).toEqual(['tests/old/test_b.py:2 never-released']);
  });

  test('a comment for a rule that is off there is not unused, and the complaint about comments obeys too', () => {
    const comment = clean('b').replace('"b")', '"b")  # campsite: ignore[never-released]');
    const files = { 'tests/test_b.py': comment };
    expect(checked(project(files)).found).toEqual(['tests/test_b.py:2 unused-suppression']);
    expect(checked(project({ ...files, 'campsite.yaml': 'per-path: {"tests/**": {ignore: [never-released]}}\n' })).found).toEqual([]);
    expect(checked(project({ ...files, 'campsite.yaml': 'per-path: {"tests/**": {severity: {unused-suppression: off}}}\n' })).found).toEqual([]);
    expect(json(project({ ...files, 'campsite.yaml': 'severity: {unused-suppression: error}\n' }), []).findings.map((f) => f.severity)).toEqual([
      'error',
    ]);
  });
});

test('--select on the command line means what it names, whatever the configuration adds', () => {
  const folder = project({ ...TWO, 'campsite.yaml': 'extend-select: [lifecycle]\n' });
  expect(checked(folder).found).toEqual(LEAKS);
  expect(checked(folder, ['--select', 'flow']).found).toEqual([]);
});

describe('--max-warnings', () => {
  test.each<[readonly string[], number, string]>([
    [['--max-warnings', '2'], 0, ''],
    [['--max-warnings', '1'], 1, 'campsite: 2 warnings, and --max-warnings allows 1\n'],
    [['--max-warnings', '0'], 1, 'campsite: 2 warnings, and --max-warnings allows 0\n'],
    [['--max-warnings', '1', '--exit-zero'], 0, 'campsite: 2 warnings, and --max-warnings allows 1\n'],
    [['--max-warnings', '9', '--severity', 'never-released=error'], 1, ''],
  ])('%j: exit code %i', (args, status, stderr) => {
    expect(checked(project(TWO), args)).toMatchObject({ status, stderr, found: LEAKS });
  });

  test('counts what a baseline and comments leave', () => {
    const folder = project(TWO);
    checked(folder, ['tests/test_a.py', '--baseline', 'known.txt', '--write-baseline']);
    expect(checked(folder, ['--baseline', 'known.txt', '--max-warnings', '1']).status).toBe(0);
    expect(checked(folder, ['--baseline', 'known.txt', '--max-warnings', '0']).status).toBe(1);
  });

  test('holds for merged shards together', () => {
    const folder = project(TWO);
    for (const shard of ['1', '2']) campsite(folder, ['check', '--shard', `${shard}/2`, '--output', `json=${shard}.json`, '--max-warnings', '9']);
    expect(campsite(folder, ['merge', '1.json', '2.json', '--max-warnings', '2']).status).toBe(0);
    expect(campsite(folder, ['merge', '1.json', '2.json', '--max-warnings', '1']).status).toBe(1);
  });

  test.each(['-1', '1.5', 'many'])('exit code 2: %s', (number) => {
    const ran = campsite(project(TWO), ['check', `--max-warnings=${number}`]);
    expect(ran.status).toBe(2);
    expect(ran.stderr).toMatch(/^campsite: --max-warnings takes a whole number from 0 on$/m);
  });
});

describe('mistakes in the configuration: exit code 2, the place as seen from here', () => {
  test.each<[string, string, RegExp]>([
    [
      'an unknown rule',
      'ignore:\n  - flaot-equality\n',
      /^campsite: campsite\.yaml:2:5: ignore\[0\]: there is no rule `flaot-equality`; did you mean `float-equality`\?$/m,
    ],
    [
      'in severity',
      'severity:\n  never-relaesed: error\n',
      /^campsite: campsite\.yaml:2:3: severity\.never-relaesed: there is no rule `never-relaesed`; did you mean `never-released`\?$/m,
    ],
    [
      'a pillar in severity',
      'severity: {flow: error}\n',
      /^campsite: campsite\.yaml:1:12: severity\.flow: `flow` is no rule: severities are set rule by rule$/m,
    ],
    [
      'for a path',
      'per-path:\n  "a/**":\n    extend-select: [flwo]\n',
      /^campsite: campsite\.yaml:3:21: per-path\.a\/\*\*\.extend-select\[0\]: there is no rule `flwo`; did you mean `flow`\?$/m,
    ],
    [
      'in the severity for a path',
      'per-path:\n  "a/**":\n    severity: {x: off}\n',
      /^campsite: campsite\.yaml:3:16: per-path\.a\/\*\*\.severity\.x: there is no rule `x`$/m,
    ],
    [
      'another version',
      'required-version: ">=7"\n',
      /^campsite: campsite\.yaml:1:1: required-version: this is campsite \d\S+, the configuration asks for >=7$/m,
    ],
    ['a version that is none', 'required-version: soon\n', /required-version: cannot read `soon`: expected comparisons such as `>=0\.1 <1`$/m],
    ['two at once', 'runer: pytest\nignroe: [x]\n', /campsite\.yaml:1:1: runer: .*\n.*campsite\.yaml:2:1: ignroe: /],
  ])('%s', (_what, text, message) => {
    const ran = campsite(project({ ...TWO, 'campsite.yaml': text }), ['check']);
    expect(ran.status).toBe(2);
    expect(ran.stderr).toMatch(message);
    expect(ran.stdout).toBe('');
  });

  test('in a file that is extended, and in TOML', () => {
    const extended = campsite(project({ ...TWO, 'campsite.yaml': 'extends: ./ci/base.yaml\n', 'ci/base.yaml': 'ignore: [flwo]\n' }), ['check']);
    expect(extended.stderr).toMatch(/^campsite: ci\/base\.yaml:1:10: ignore\[0\]: there is no rule `flwo`/);
    const toml = campsite(project({ ...TWO, 'pyproject.toml': '[tool.campsite]\nrunner = "pytest"\nignore = ["flwo"]\n' }), ['check']);
    expect(toml.stderr).toMatch(/^campsite: pyproject\.toml:3:1: ignore\[0\]: there is no rule `flwo`; did you mean `flow`\?$/m);
  });

  test('a fitting version is no mistake', () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
    expect(checked(project({ ...TWO, 'campsite.yaml': `required-version: "${version}"\n` })).status).toBe(1);
  });
});

describe('--show-settings', () => {
  const folder = project({
    'campsite.yaml': [
      'extends: [databases, ./ci/base.yaml]',
      'runner: pytest',
      'ignore: [float-equality]',
      'disable-packs: [gevent]',
      'severity:',
      '  never-released: error',
      'per-path:',
      '  "tests/old/**": {ignore: [flow]}',
      'resources:',
      '  queue: {acquire: [broker.declare_queue], release: [broker.drop_queue]}',
      '',
    ].join('\n'),
    'ci/base.yaml': 'runner: unittest\nexclude: ["../tests/data/**"]\nseverity: {sleep-as-sync: error}\n',
    'tests/test_a.py': `import os\nimport boto3\n\n\n${leaking('a')}`,
    'tests/old/test_b.py': leaking('b'),
    'tests/data/test_c.py': leaking('c'),
  });
  const shown = (args: readonly string[]) => {
    const ran = campsite(folder, ['check', '--show-settings', ...args]);
    expect({ status: ran.status, stderr: ran.stderr }).toEqual({ status: 0, stderr: '' });
    return ran.stdout;
  };
  const rows = (text: string, title: string): Record<string, string[]> => {
    const table = text.split(/\n\n/).find((part) => part.trimStart().startsWith(title)) ?? '';
    return Object.fromEntries(
      table
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.trim().split(/ {2,}/))
        .map(([first, ...rest]) => [first, rest]),
    );
  };

  test('every value has its line, a later file its right, the rest is default', () => {
    expect(rows(shown([]), 'settings')).toMatchObject({
      'extends[0]': ['databases', 'campsite.yaml:1'],
      paths: ['tests, test, or .', 'default'],
      'exclude[0]': ['tests/data/**', 'ci/base.yaml:2'],
      runner: ['pytest', 'campsite.yaml:2'],
      'ignore[0]': ['float-equality', 'campsite.yaml:3'],
      'severity.never-released': ['error', 'campsite.yaml:6'],
      'severity.sleep-as-sync': ['error', 'ci/base.yaml:3'],
      'per-path.tests/old/**.ignore[0]': ['flow', 'campsite.yaml:8'],
      'require-reason': ['false', 'default'],
    });
    expect(rows(shown([]), 'described by the project')).toEqual({ 'resources.queue': ['campsite.yaml:10'] });
  });

  test('the command line stands above', () => {
    const settings = rows(shown(['tests/test_a.py', '--select', 'lifecycle', '--severity', 'never-released=note', '--ignore', 'flow']), 'settings');
    expect(settings).toMatchObject({
      paths: ['tests/test_a.py', 'command line'],
      select: ['lifecycle', '--select'],
      'ignore[0]': ['float-equality', 'campsite.yaml:3'],
      ignore: ['flow', '--ignore'],
      'severity.never-released': ['note', '--severity'],
    });
  });

  test('rules of a file, with what decided', () => {
    const old = rows(shown(['tests/old/test_b.py']), 'rules for tests/old/test_b.py');
    expect(old['never-released']).toEqual(['error', 'severity.never-released (campsite.yaml:6)']);
    expect(old['unbounded-poll']).toEqual(['off', 'per-path.tests/old/**.ignore[0] (campsite.yaml:8)']);
    expect(old['float-equality']).toEqual(['off', 'ignore[0] (campsite.yaml:3)']);
    const other = rows(shown(['tests/test_a.py', '--select', 'lifecycle']), 'rules for tests/test_a.py');
    expect(other['unbounded-poll']).toEqual(['off', 'not in --select']);
    expect(other['never-released']).toEqual(['error', 'severity.never-released (campsite.yaml:6), --select']);
  });

  test('agrees with the run: as JSON, all rules', () => {
    const { rules } = JSON.parse(shown(['tests/old/test_b.py', '--output-format', 'json'])) as { rules: { rule: string; severity: string }[] };
    expect(rules.map(({ rule }) => rule)).toEqual(RULES.map(({ id }) => id));
    const on = new Set(rules.filter(({ severity }) => severity !== 'off').map(({ rule }) => rule));
    const ran = json(folder, ['tests/old/test_b.py']).rules.map(({ id }) => id);
    expect(ran.filter((id) => on.has(id)).sort()).toEqual([...on].sort());
  });

  test('packs of a file, with what switched them on', () => {
    const packs = rows(shown(['tests/test_a.py']), 'packs for tests/test_a.py');
    expect(packs).toMatchObject({
      project: ['on', 'its own file (campsite.yaml:1)'],
      python: ['on', 'always'],
      databases: ['on', 'extends[0] (campsite.yaml:1)'],
      aws: ['on', 'import boto3 (tests/test_a.py:2)'],
      gevent: ['off', 'disable-packs[0] (campsite.yaml:4)'],
      kubernetes: ['off', expect.stringMatching(/^nothing imports kubernetes/) as unknown as string],
    });
  });

  test('packs of a run: in how many of its files', () => {
    const packs = rows(shown([]), 'packs for 2 files');
    expect(packs.aws).toEqual(['in 1 of 2', 'import boto3 (tests/test_a.py:2)']);
    expect(packs.python).toEqual(['in 2 of 2', 'always']);
  });

  test('without a configuration', () => {
    const ran = campsite(project(TWO), ['check', '--show-settings', 'tests/test_a.py']);
    expect(ran.stdout).toMatch(/^configuration +no file: the defaults$/m);
    expect(rows(ran.stdout, 'rules for')).toHaveProperty(`${RULES.filter((rule) => rule.default).length} rules`);
  });

  test.each<[string, readonly string[], RegExp]>([
    ['a file that is not there', ['tests/none.py'], /tests\/none\.py: there is no such file/],
    ['a format of reports', ['--output-format', 'sarif'], /--show-settings is written as full or json, not as "sarif"/],
  ])('exit code 2: %s', (_what, args, message) => {
    const ran = campsite(folder, ['check', '--show-settings', ...args]);
    expect(ran.status).toBe(2);
    expect(ran.stderr).toMatch(message);
  });
});

test('docs/adopting.md speaks of options that there are, and its configuration loads', () => {
  const text = readFileSync(new URL('../docs/adopting.md', import.meta.url), 'utf8');
  const help = campsite(project({}), ['check', '--help']).stdout;
  const options = [...new Set([...text.matchAll(/campsite check[^`]*?(--[a-z-]+)|`(--[a-z-]+)/g)].map((match) => match[1] ?? match[2]))];
  expect(options.length).toBeGreaterThan(8);
  expect(options.filter((option) => !['--unshallow', '--filter'].includes(option) && !help.includes(option))).toEqual([]);
  const yaml = /```yaml\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
  expect(checked(project({ ...TWO, 'campsite.yaml': yaml })).stderr).toBe('');
});
