/**
 * Is a project's configuration found, merged and judged as documented? Files are written into a fresh folder for each test.
 *
 * One set of settings in five spellings must be the same settings; every kind of mistake must be answered with its place and the nearest
 * right word; hostile files must be answered at all.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Configuration, LoadOptions } from '../src/config/load.ts';
import { loadConfiguration } from '../src/config/load.ts';
import { selectPacks } from '../src/config/select.ts';
import { DEFAULT_SETTINGS } from '../src/config/settings.ts';

let folder = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'campsite-config-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

const load = (options: Partial<LoadOptions> = {}): Promise<Configuration> => loadConfiguration({ cwd: folder, root: folder, ...options });
const messages = (configuration: Configuration) =>
  configuration.problems.map(({ line, column, key, message }) => `${line}:${column} ${key}: ${message}`);

const YAML = `
paths: [tests, more/tests]
exclude: "tests/data/**"
runner: pytest
select: [lifecycle]
extend-select: [float-equality]
severity:
  never-released: error
baseline: .campsite-baseline.json
required-version: ">=0.1"
require-reason: true
`;
const TABLE = `
paths = ["tests", "more/tests"]
exclude = "tests/data/**"
runner = "pytest"
select = ["lifecycle"]
extend-select = ["float-equality"]
baseline = ".campsite-baseline.json"
required-version = ">=0.1"
require-reason = true
`;

describe('one configuration in five spellings', () => {
  test.each<[string, string]>([
    ['campsite.yaml', YAML],
    ['campsite.yml', YAML],
    ['.campsiterc', YAML],
    ['.config/campsite.yaml', YAML],
    [
      'campsite.json',
      JSON.stringify({
        paths: ['tests', 'more/tests'],
        exclude: 'tests/data/**',
        runner: 'pytest',
        select: 'lifecycle',
        'extend-select': ['float-equality'],
        severity: { 'never-released': 'error' },
        baseline: '.campsite-baseline.json',
        'required-version': '>=0.1',
        'require-reason': true,
      }),
    ],
    ['campsite.toml', `${TABLE}[severity]\nnever-released = "error"\n`],
    ['pyproject.toml', `[project]\nname = "x"\n[tool.campsite]${TABLE}[tool.campsite.severity]\nnever-released = "error"\n`],
    [
      'setup.cfg',
      `[metadata]\nname = x\n[tool:campsite]\npaths =\n    tests\n    more/tests\nexclude = tests/data/**\nrunner = pytest\nselect = lifecycle\nextend-select = float-equality\n` +
        `baseline = .campsite-baseline.json\nrequired-version = >=0.1\nrequire-reason = true\n[tool:campsite.severity]\nnever-released = error\n`,
    ],
  ])('%s', async (name, text) => {
    write({ [name]: text });
    const configuration = await load();
    expect(messages(configuration)).toEqual([]);
    expect(configuration.files).toEqual([join(folder, name)]);
    expect(configuration.settings).toEqual({
      ...DEFAULT_SETTINGS,
      paths: ['tests', 'more/tests'],
      exclude: ['tests/data/**'],
      runner: 'pytest',
      select: ['lifecycle'],
      extendSelect: ['float-equality'],
      severity: { 'never-released': 'error' },
      baseline: '.campsite-baseline.json',
      requiredVersion: '>=0.1',
      requireReason: true,
    });
  });
});

describe('which file holds', () => {
  test('the nearest one, with its folder as root', async () => {
    write({ 'campsite.yaml': 'runner: unittest', 'sub/pyproject.toml': '[tool.campsite]\nrunner = "pytest"', 'sub/deep/x.py': '' });
    const found = await loadConfiguration({ cwd: folder, from: 'sub/deep' });
    expect(found.settings.runner).toBe('pytest');
    expect(found.root).toBe(join(folder, 'sub'));
  });

  test('a file of another tool is passed by', async () => {
    write({ 'campsite.yaml': 'runner: unittest', 'sub/pyproject.toml': '[tool.other]\nline = 1', 'sub/setup.cfg': '[metadata]\nname = campsite' });
    expect((await load({ from: 'sub' })).settings.runner).toBe('unittest');
  });

  test('none is needed, and nothing above the root is read', async () => {
    write({ 'campsite.yaml': 'runner: unittest', 'sub/x.py': '' });
    const found = await load({ cwd: join(folder, 'sub'), root: join(folder, 'sub') });
    expect(found).toMatchObject({ files: [], problems: [], settings: DEFAULT_SETTINGS });
    expect(selectPacks(found.packs, { imports: [], bases: [] }).length).toBeGreaterThan(3);
  });

  test('one that is named, or none', async () => {
    write({ 'campsite.yaml': 'runner: unittest', 'ci/other.toml': 'runner = "pytest"\npaths = ["../tests"]' });
    const named = await load({ configPath: 'ci/other.toml' });
    expect(named.settings).toMatchObject({ runner: 'pytest', paths: ['tests'] });
    expect((await load({ configPath: null })).settings.runner).toBe('auto');
    expect(messages(await load({ configPath: 'missing.yaml' }))).toEqual(['1:1 : there is no such file']);
  });

  test('nothing is executed', async () => {
    const script = `require('fs').writeFileSync(${JSON.stringify(join(folder, 'executed'))}, '')`;
    write({
      'campsite.js': script,
      '.config/config.js': script,
      'campsite.config.js': script,
      '.campsiterc.js': script,
      '.config/campsite.cjs': script,
    });
    const { settings, problems } = await load();
    expect(settings).toEqual(DEFAULT_SETTINGS);
    expect(problems).toEqual([]);
    expect(existsSync(join(folder, 'executed'))).toBe(false);
  });
});

describe('extends', () => {
  test('packs are on whatever is imported, files are merged below', async () => {
    write({
      'campsite.yaml': 'extends: [mock, ./ci/base.yaml]\nignore: [b]\nresources: {lamp: {acquire: [light.on], release: [.off]}}',
      'ci/base.yaml': 'runner: pytest\nignore: [a]\npaths: [tests]\nresources: {door: {acquire: [house.open], release: [.shut]}}',
    });
    const found = await load();
    expect(messages(found)).toEqual([]);
    expect(found.settings).toMatchObject({ runner: 'pytest', ignore: ['a', 'b'], paths: ['ci/tests'] });
    expect(found.packs.slice(0, 2).map((pack) => [pack.id, pack.resources[0].kind])).toEqual([
      ['project', 'lamp'],
      ['ci/base.yaml', 'door'],
    ]);
    expect(found.files).toEqual([join(folder, 'campsite.yaml'), join(folder, 'ci/base.yaml')]);
  });

  test("a pack of one's own", async () => {
    write({
      'campsite.yaml': 'extends: ./lamp.yaml',
      'lamp.yaml': 'id: lamp\ndescription: Lamps.\napplies-to: {imports: light}\nresources: {lamp: {acquire: [light.on], release: [.off]}}',
    });
    const { packs, problems } = await load();
    expect(problems).toEqual([]);
    expect(selectPacks(packs, { imports: [], bases: [] }).map(({ id }) => id)).not.toContain('lamp');
    expect(selectPacks(packs, { imports: ['light.bulb'], bases: [] }).map(({ id }) => id)).toContain('lamp');
  });

  test('a ring is named', async () => {
    write({ 'campsite.yaml': 'extends: ./a.yaml', 'a.yaml': 'extends: [sub/b.yaml]', 'sub/b.yaml': 'extends:\n  - ../a.yaml' });
    const [problem] = (await load()).problems;
    expect(problem).toMatchObject({ file: join(folder, 'sub/b.yaml'), line: 2, column: 5, key: 'extends[0]' });
    expect(problem.message).toBe('files extend each other in a ring: a.yaml → sub/b.yaml → a.yaml');
  });

  test('two ways to one file are no ring', async () => {
    write({ 'campsite.yaml': 'extends: [./a.yaml, ./b.yaml]', 'a.yaml': 'extends: ./c.yaml', 'b.yaml': 'extends: ./c.yaml', 'c.yaml': 'exclude: x' });
    const found = await load();
    expect(found.problems).toEqual([]);
    expect(found.settings.exclude).toEqual(['x']);
  });

  test('what is unknown, missing or outside is said', async () => {
    write({ 'in/campsite.yaml': 'extends: [pytset, ./none.yaml, ../out.yaml, ./link.yaml]', 'out.yaml': 'runner: pytest' });
    symlinkSync(join(folder, 'out.yaml'), join(folder, 'in/link.yaml'));
    const found = await load({ cwd: join(folder, 'in'), root: join(folder, 'in') });
    expect(messages(found)).toEqual([
      '1:11 extends[0]: there is no pack `pytset`; did you mean `pytest`?',
      '1:19 extends[1]: there is no file ./none.yaml',
      '1:32 extends[2]: ../out.yaml lies outside the root',
      '1:45 extends[3]: ./link.yaml lies outside the root',
    ]);
    expect(found.settings.runner).toBe('auto');
  });
});

describe('mistakes are answered with place and remedy', () => {
  test.each<[string, string, string[]]>([
    ['an unknown key', 'runer: pytest', ['1:1 runer: unknown key `runer`; did you mean `runner`?']],
    [
      'snake case',
      'resources:\n  lamp:\n    release_all: [[a, b]]',
      ['3:5 resources.lamp.release_all: unknown key `release_all`; did you mean `release-all`?'],
    ],
    [
      'a key far from all',
      'resources:\n  lamp:\n    zzzzzzzzzz: 1',
      [
        expect.stringMatching(
          /^3:5 resources\.lamp\.zzzzzzzzzz: unknown key `zzzzzzzzzz`; expected one of title, reach, acquire/,
        ) as unknown as string,
      ],
    ],
    ['a wrong value', 'runner: pytset', ['1:1 runner: expected one of auto, unittest, pytest; did you mean `pytest`?']],
    ['a wrong type', 'require-reason: perhaps', ['1:1 require-reason: expected true or false, found a text']],
    ['a list for a table', 'resources: [a]', ['1:1 resources: expected a table, found a list']],
    [
      'a glob',
      'resources:\n  lamp:\n    acquire:\n      - light.on\n      - method: /^on/',
      [
        '5:9 resources.lamp.acquire[1].method: regular expressions are not supported: use a glob, `*` for part of a name, `{a,b}` for alternatives, `{kind}` for a capture',
      ],
    ],
    [
      'a handle path',
      'resources:\n  lamp:\n    acquire: [{call: f, handle: result}]',
      [expect.stringContaining('3:25 resources.lamp.acquire[0].handle: not a handle path: expected `return`') as unknown as string],
    ],
    [
      'a pattern without a name',
      'registrations: [{scope: test}]',
      ['1:17 registrations[0]: expected at least one of `call`, `method`, `expression`'],
    ],
    ['a capture that nothing takes up', 'models: {borrows: ["os.{fsync}"]}', [expect.stringContaining('{fsync} is a capture') as unknown as string]],
    [
      'a capture that is never set',
      'resources: {a: {acquire: [f], release: ["delete_{kind}"]}}',
      [expect.stringContaining('{kind} is captured by no acquisition of this kind') as unknown as string],
    ],
    [
      'a type that does not exist',
      'types: {client: {expressions: x}}\nresources:\n  a:\n    acquire: [{on: cleint, method: f}]',
      ['4:16 resources.a.acquire[0].on: there is no type `cleint`; did you mean `client`?'],
    ],
    [
      'a kind that does not exist',
      'managed: [{bases: [x], kinds: [thraed], because: x}]',
      ['1:32 managed[0].kinds[0]: there is no kind `thraed`; did you mean `thread`?'],
    ],
    [
      'a kind that exists',
      'resources: {file: {acquire: [f]}}',
      [expect.stringContaining('1:13 resources.file: the kind `file` is described by pack `python` already') as unknown as string],
    ],
    ['a key twice', 'runner: pytest\nrunner: auto', ['2:1 : the key `runner` is there twice']],
    ['broken YAML', 'paths: [tests', [expect.stringMatching(/^1:\d+ : Flow sequence/) as unknown as string]],
    ['a custom tag', 'paths: !!js/function "x"', [expect.stringContaining('Unresolved tag') as unknown as string]],
    ['a list as a whole', '- a', ['1:1 : expected a table, found a list']],
  ])('%s', async (_name, text, expected) => {
    write({ 'campsite.yaml': text });
    expect(messages(await load())).toEqual(expected);
  });

  test('in TOML the line is found by the name of the key', async () => {
    write({ 'pyproject.toml': '[project]\nname = "x"\n\n[tool.campsite]\nrunner = "pytest"\nreqiure-reason = true\n' });
    expect(messages(await load())).toEqual(['6:1 reqiure-reason: unknown key `reqiure-reason`; did you mean `require-reason`?']);
    write({ 'pyproject.toml': '[tool.campsite]\nrunner = \n' });
    expect((await load()).problems).toMatchObject([{ line: 2 }]);
  });

  test('in JSON too', async () => {
    write({ 'campsite.json': '{\n  "paths": 3\n}' });
    expect(messages(await load())).toEqual(['2:3 paths: expected a text, found a number']);
  });

  test('an empty file says nothing', async () => {
    write({ 'campsite.yaml': '# nothing yet\n' });
    expect(await load()).toMatchObject({ problems: [], settings: DEFAULT_SETTINGS });
  });

  test('settings can be located later', async () => {
    write({ 'campsite.yaml': 'runner: pytest\nseverity:\n  no-such-rule: error\n' });
    expect((await load()).locate(['severity', 'no-such-rule'])).toEqual({ file: join(folder, 'campsite.yaml'), line: 3, column: 3 });
  });

  test.each([
    ['>=0.1 <1', '0.2.0', true],
    ['0.1', '0.1.7', true],
    ['0.1', '0.2.0', false],
    ['^0.1.2', '0.1.9', true],
    ['^0.1.2', '0.2.0', false],
    ['> 0.1', '0.1.3', false],
    ['~1.2.3', '1.2.9', true],
    ['soon', '0.1.0', false],
  ])('required-version %s for %s: %s', async (required, version, fits) => {
    write({ 'campsite.yaml': `required-version: "${required}"` });
    expect((await load({ version })).problems.length).toBe(fits ? 0 : 1);
  });
});

describe('what a project changes about the shipped packs', () => {
  test('disable-kinds, disable-packs, and a kind described anew', async () => {
    write({ 'campsite.yaml': 'disable-kinds: [file, thread]\ndisable-packs: mock\nresources: {file: {acquire: [store.open], release: [.shut]}}' });
    const { packs, problems } = await load();
    expect(problems).toEqual([]);
    const kinds = packs.flatMap((pack) => pack.resources.map((resource) => `${pack.id}:${resource.kind}`));
    expect(kinds).toContain('project:file');
    expect(kinds).not.toContain('python:file');
    expect(kinds).not.toContain('python:thread');
    expect(packs.map(({ id }) => id)).not.toContain('mock');
  });
});

describe('hostile files', () => {
  test('aliases that expand without bound', async () => {
    const levels = Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(', ')}]`);
    write({ 'campsite.yaml': ['a0: &a0 [x, x]', ...levels].join('\n') });
    const started = performance.now();
    const [problem] = (await load()).problems;
    expect(problem.message).toContain('Excessive alias count');
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  test('keys of the language itself', async () => {
    write({ 'campsite.yaml': '__proto__: {runner: pytest}\nconstructor: 1\n' });
    const { problems, settings } = await load();
    expect(problems.length).toBeGreaterThan(0);
    expect(settings.runner).toBe('auto');
    expect(({} as Record<string, unknown>).runner).toBeUndefined();
  });

  test('deep nesting, NUL bytes and a folder in place of a file', async () => {
    write({ 'campsite.yaml': `paths: ${'['.repeat(3_000)}` });
    expect((await load()).problems.length).toBeGreaterThan(0);
    write({ 'campsite.yaml': 'paths: "\0"\nrunner: \0' });
    expect((await load()).problems.length).toBeGreaterThan(0);
    rmSync(join(folder, 'campsite.yaml'));
    mkdirSync(join(folder, 'campsite.yaml'));
    expect((await load()).problems).toEqual([]);
  });

  test('a named pipe is not opened', async () => {
    execFileSync('mkfifo', [join(folder, 'campsite.yaml')]);
    expect((await load()).problems).toEqual([]);
  });
});
