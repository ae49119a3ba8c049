/**
 * Does `campsite config test` fail when it must, and say where? Spawned as a user would; each row is a configuration, a snippet and what is
 * said of it.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { projectRoot } from './files.ts';

const CLI = join(projectRoot, 'dist', 'cli.js');
const CONFIGURATION = `
resources:
  lamp: {acquire: [light.on], release: [.off], reach: host}
  door: {acquire: [{method: open_door}], release: [{method: shut_door, handle: any-arg}]}
`;
const LEAKS =
  'import light\n\ndef test_lamp():\n    lamp = light.on()  # expect: leak-on-failure [a] "lamp is not released"\n    assert lamp.bright  # step [a]: raise\n    lamp.off()\n';
const CLEAN = 'def test_door(house):\n    door = house.open_door()  # ledger: door released\n    house.shut_door(door)\n';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function project(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'campsite-snippets-'));
  folders.push(folder);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

function campsite(cwd: string, args: readonly string[] = ['config', 'test']) {
  return spawnSync(process.execPath, [CLI, ...args], { cwd, encoding: 'utf8', timeout: 60_000 });
}

describe('agreement', () => {
  test('exit 0, and how many comments hold', () => {
    const ran = campsite(project({ 'campsite.yaml': CONFIGURATION, 'campsite-snippets/lamps.py': LEAKS, 'campsite-snippets/sub/doors.py': CLEAN }));
    expect(ran).toMatchObject({ status: 0, stderr: '', stdout: '3 comments hold in 2 snippets\n' });
  });

  test('what the snippets leave out is said', () => {
    const ran = campsite(
      project({ 'campsite.yaml': CONFIGURATION, 'campsite-snippets/lamps.py': LEAKS, 'campsite-snippets/quiet.py': 'def test_a():\n    pass\n' }),
    );
    expect(ran.status).toBe(0);
    expect(ran.stdout).toBe(
      'without any comment, so that all they say is silence: campsite-snippets/quiet.py\nkinds of the configuration that no snippet acquires: door\n2 comments hold in 2 snippets\n',
    );
  });

  test('rules that the configuration ignores or silences are asked all the same', () => {
    const settings = 'ignore: [leak-on-failure]\nseverity: {never-released: off}\nper-path: {"**": {ignore: [lifecycle]}}\n';
    expect(campsite(project({ 'campsite.yaml': settings + CONFIGURATION, 'campsite-snippets/lamps.py': LEAKS })).status).toBe(0);
  });

  test('a rule of another pillar is asked where a comment names it', () => {
    const waits = 'waits: [{method: until_lit, on-timeout: "false"}]\n';
    const snippet = 'def test_a(lamp):\n    lamp.until_lit(5)  # expect: silent-timeout\n';
    const run = (text: string) => campsite(project({ 'campsite.yaml': waits, 'campsite-snippets/a.py': text }));
    expect(run(snippet)).toMatchObject({ status: 0 });
    expect(run(snippet.replace('until_lit(5)', 'off()'))).toMatchObject({ status: 1 });
    expect(run(snippet.replace(/ {2}#.*/, ''))).toMatchObject({ status: 0, stdout: expect.stringContaining('without any comment') });
  });

  test('a helper beside the snippet, and a snippet named on the command line', () => {
    const folder = project({
      'campsite.yaml': `snippets: patterns\n${CONFIGURATION}`,
      'patterns/making.py': 'import light\n\ndef make():\n    return light.on()  # step [m]: acquire\n',
      'patterns/using.py':
        'from making import make\n\ndef test_a():\n    lamp = make()  # expect: leak-on-failure [m]\n    assert lamp.bright\n    lamp.off()\n',
    });
    expect(campsite(folder).stdout).toMatch(/2 comments hold in 2 snippets\n$/);
    expect(campsite(folder, ['config', 'test', 'patterns/using.py']).stdout).toMatch(/1 comment holds in 1 snippet\n$/);
  });

  test('a check passes the snippets by', () => {
    const folder = project({
      'campsite.yaml': `snippets: tests/patterns\n${CONFIGURATION}`,
      'tests/patterns/test_lamps.py': LEAKS,
      'tests/test_a.py': CLEAN,
    });
    expect(campsite(folder, ['check', '--show-files']).stdout).toBe('tests/test_a.py\n# left out: tests/patterns (excluded)\n');
    expect(campsite(folder).status).toBe(0);
  });
});

describe('disagreement: exit 1, with file, line, expected and got', () => {
  const FILE = 'campsite-snippets/a.py';
  test.each<[string, string, string]>([
    [
      'a pattern that does not match',
      LEAKS.replace('light.on', 'light.up'),
      `${FILE}:4: expected leak-on-failure "lamp is not released"; got nothing`,
    ],
    [
      'another rule',
      LEAKS.replace('    lamp.off()\n', ''),
      `${FILE}:4: expected leak-on-failure "lamp is not released"; got never-released "lamp is never released"`,
    ],
    [
      'a finding that nobody expects',
      LEAKS.replace(/ {2}#.*/g, ''),
      `${FILE}:4: expected nothing; got leak-on-failure "lamp is not released when the assertion on line 5 fails"`,
    ],
    ['a status', CLEAN.replace('house.shut_door(door)', 'pass'), `${FILE}:2: expected door released; got door leaks`],
    ['nothing is acquired', CLEAN.replace('open_door', 'close'), `${FILE}:2: expected door released; got no acquisition`],
    [
      'no such rule',
      LEAKS.replace('leak-on-failure', 'leak-on-failur'),
      `${FILE}:4: expected a rule; got \`leak-on-failur\`, which no rule is called; did you mean leak-on-failure?`,
    ],
    [
      'no such kind',
      CLEAN.replace('ledger: door', 'ledger: dor'),
      `${FILE}:2: expected a resource kind; got \`dor\`, which nothing describes; did you mean door?`,
    ],
    [
      'a comment that cannot be read',
      CLEAN.replace('released', 'gone'),
      `${FILE}:2: expected \`# ledger: KIND STATUS\` with one of released, managed, transferred, escaped, leaks; got # ledger: door gone`,
    ],
    [
      'a step',
      LEAKS.replace('step [a]: raise', 'step [a]: branch'),
      `${FILE}:4: expected a witness of leak-on-failure with the steps branch ${FILE}:5; got acquire ${FILE}:4, raise ${FILE}:5, release ${FILE}:6, exit`,
    ],
    ['a snippet that is no Python', 'def test_a(:\n', `${FILE}:1: expected Python that can be read; got `],
  ])('%s', (_name, snippet, expected) => {
    const ran = campsite(project({ 'campsite.yaml': CONFIGURATION, [FILE]: snippet }));
    expect(ran).toMatchObject({ status: 1, stderr: '' });
    expect(ran.stdout).toContain(expected);
    expect(ran.stdout).toMatch(/\n\d+ disagreements? with \d+ comments in 1 snippet\n$/);
  });
});

describe('exit 2', () => {
  test.each<[string, Readonly<Record<string, string>>, readonly string[], RegExp]>([
    ['no snippets', { 'campsite.yaml': CONFIGURATION }, [], /^campsite: there are no snippets: campsite-snippets is not there$/m],
    [
      'an empty folder of them',
      { 'campsite.yaml': CONFIGURATION, 'campsite-snippets/README.md': '' },
      [],
      /there is no Python file in campsite-snippets/,
    ],
    ['a path that is not there', { 'campsite.yaml': CONFIGURATION, 'campsite-snippets/a.py': CLEAN }, ['b.py'], /b\.py is not there/],
    [
      'a wrong configuration',
      { 'campsite.yaml': 'resources: {lamp: {aquire: [f]}}', 'campsite-snippets/a.py': CLEAN },
      [],
      /campsite\.yaml:1:.*did you mean `acquire`/,
    ],
  ])('%s', (_name, files, args, message) => {
    const ran = campsite(project(files), ['config', 'test', ...args]);
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toMatch(message);
  });

  test('config alone, and config with another word', () => {
    const folder = project({});
    expect(campsite(folder, ['config'])).toMatchObject({ status: 2, stderr: expect.stringContaining('campsite config test') });
    expect(campsite(folder, ['config', 'tset'])).toMatchObject({ status: 2, stdout: '' });
  });
});
