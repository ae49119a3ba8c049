/**
 * Is every mistake in a configuration answered with file, line, column, key, what was expected and the nearest right spelling?
 *
 * One row a mistake. What the schema alone finds (types, globs, handle paths) is in config-load.test.ts; here are the mistakes that only show
 * when several lines, files or packs are seen together.
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Configuration, loadConfiguration } from '../src/config/load.ts';
import { shippedPacks } from '../src/config/load-packs.ts';
import { unreachable } from '../src/config/unreachable.ts';

let folder = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'campsite-mistakes-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function load(files: Readonly<Record<string, string>>, version?: string): Promise<Configuration> {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return loadConfiguration({ cwd: folder, root: folder, ...(version === undefined ? {} : { version }) });
}

/** `campsite.yaml:3:5 key: message` */
const said = ({ problems }: Configuration): string[] =>
  problems.map(({ file, line, column, key, message }) => `${relative(folder, file)}:${line}:${column} ${key}: ${message}`);

describe('names that mean nothing', () => {
  test.each<[string, string, string[]]>([
    [
      'an unknown reach',
      'resources:\n  lamp:\n    acquire: [light.on]\n    reach: remotely\n',
      ['campsite.yaml:4:5 resources.lamp.reach: expected one of object, process, host, remote; did you mean `remote`?'],
    ],
    [
      'an unknown reach of one acquisition',
      'resources:\n  lamp:\n    acquire: [{call: light.on, reach: prcess}]\n',
      ['campsite.yaml:3:32 resources.lamp.acquire[0].reach: expected one of object, process, host, remote; did you mean `process`?'],
    ],
    [
      'an unknown pack that is disabled',
      'disable-packs: [python, pytset]\n',
      ['campsite.yaml:1:25 disable-packs[1]: there is no pack `pytset`; did you mean `pytest`?'],
    ],
    [
      'an unknown kind that is disabled',
      'disable-kinds:\n  - thraed\n',
      ['campsite.yaml:2:5 disable-kinds[0]: there is no kind `thraed`; did you mean `thread`?'],
    ],
    ['an unknown level', 'severity:\n  never-released: eror\n', [expect.stringMatching(/^campsite\.yaml:2:3 .*did you mean `error`\?$/)]],
  ])('%s', async (_what, text, expected) => {
    expect(said(await load({ 'campsite.yaml': text }))).toEqual(expected);
  });
});

test('a file that is not there, with one of nearly that name beside it', async () => {
  const files = { 'campsite.yaml': 'extends: [./ci/bsae.yaml, ./ci/other.yaml, ./none/x.yaml]\n', 'ci/base.yaml': '' };
  expect(said(await load(files))).toEqual([
    'campsite.yaml:1:11 extends[0]: there is no file ./ci/bsae.yaml; did you mean `./ci/base.yaml`?',
    'campsite.yaml:1:27 extends[1]: there is no file ./ci/other.yaml',
    'campsite.yaml:1:44 extends[2]: there is no file ./none/x.yaml',
  ]);
});

test('lists that are too short or too long say how many they expect', async () => {
  expect(said(await load({ 'campsite.yaml': 'order:\n  - [process]\n  - [a, b, c]\n' }))).toEqual([
    'campsite.yaml:2:5 order[0]: expected at least 2 entries',
    'campsite.yaml:3:5 order[1]: expected at most 2 entries',
  ]);
});

describe('patterns that nothing can meet', () => {
  test.each<[string, string, string[]]>([
    [
      'releases without an acquisition',
      'resources:\n  lamp:\n    release: [.off]\n',
      ['campsite.yaml:2:3 resources.lamp: no call acquires `lamp`, so nothing else that is said of it can be met: expected `acquire`'],
    ],
    [
      'a release that returns what it releases',
      'resources:\n  lamp:\n    acquire: [light.on]\n    release:\n      - {call: light.off, handle: return}\n',
      [expect.stringMatching(/^campsite\.yaml:5:\d+ resources\.lamp\.release\[0\]: a release takes what it releases.*expected `receiver`/)],
    ],
    [
      'one call that acquires and releases',
      'resources:\n  lamp:\n    acquire: [light.on, light.toggle]\n    release: [light.toggle]\n',
      [expect.stringMatching(/^campsite\.yaml:4:15 resources\.lamp\.release\[0\]: the same call acquires it \(acquire\[1\]\)/)],
    ],
    [
      'a release that is declared to be none',
      'resources:\n  lamp:\n    acquire: [light.on]\n    release: [.off, .dim]\n    not-release: [dim]\n',
      ['campsite.yaml:4:21 resources.lamp.release[1]: `not-release` says that `dim` is none: leave one out'],
    ],
    [
      'a capture that no acquisition sets',
      'resources:\n  lamp:\n    acquire: [{method: "make_{kind}"}]\n    release: [{method: "drop_{knd}"}]\n',
      [expect.stringMatching(/^campsite\.yaml:4:15 resources\.lamp\.release\[0\]: \{knd\} is captured by no acquisition of this kind$/)],
    ],
    [
      'a wait for a kind that nobody waits for',
      'resources:\n  lamp:\n    acquire: [light.on]\n    settled-by: [light.wait]\n',
      [expect.stringContaining('campsite.yaml:4:5 resources.lamp.settled-by: only the creation of an asynchronous kind is waited for')],
    ],
    [
      'a kind that owns itself',
      'resources:\n  lamp:\n    acquire: [light.on]\n    owned-by: lamp\n',
      [expect.stringContaining('campsite.yaml:4:5 ')],
    ],
    [
      'a type that no expression has',
      'types:\n  light: {}\nresources:\n  lamp:\n    acquire: [{on: light, method: "on"}]\n',
      ['campsite.yaml:2:3 types.light: nothing has the type `light`: expected one of constructors, expressions, annotations, fixtures, in-classes'],
    ],
    [
      'a parent of itself',
      'order:\n  - [process, process]\n',
      ['campsite.yaml:2:5 order[0]: `process` cannot be released before itself: expected [parent, child]'],
    ],
  ])('%s', async (_what, text, expected) => {
    expect(said(await load({ 'campsite.yaml': text }))).toEqual(expected);
  });

  test('a call may acquire and release where conditions tell the two apart', async () => {
    const text = 'resources:\n  lamp:\n    acquire: [{call: light.set, when: {0: true}}]\n    release: [{call: light.set, when: {0: false}}]\n';
    expect(said(await load({ 'campsite.yaml': text }))).toEqual([]);
  });

  test('a type that a pack completes is no mistake', async () => {
    const { packs } = await shippedPacks();
    const known = packs.flatMap((pack) => pack.types).find((type) => type.expressions.length > 0);
    expect(said(await load({ 'campsite.yaml': `types:\n  ${known?.name}: {}\n` }))).toEqual([]);
  });

  test('no shipped pack has one', async () => {
    const { packs } = await shippedPacks();
    expect(packs.flatMap((pack) => unreachable(pack, packs).map(({ path, message }) => `${pack.id} ${path.join('.')}: ${message}`))).toEqual([]);
  });
});

describe('kinds that are described twice', () => {
  test.each<[string, Readonly<Record<string, string>>, string[]]>([
    [
      'in two files',
      {
        'campsite.yaml': 'extends: ./lamps.yaml\nresources:\n  lamp: {acquire: [light.on]}\n',
        'lamps.yaml': 'runner: pytest\nresources:\n  lamp: {acquire: [bulb.on]}\n',
      },
      ['campsite.yaml:3:3 resources.lamp: the kind `lamp` is described in lamps.yaml:3 already: a kind is described once'],
    ],
    [
      'as a resource and as state',
      { 'campsite.yaml': 'resources:\n  lamp: {acquire: [light.on]}\nstate:\n  lamp: {changes: [light.dim]}\n' },
      ['campsite.yaml:4:3 state.lamp: the kind `lamp` is described in campsite.yaml:2 already: a kind is described once'],
    ],
    [
      'in a pack that is always on',
      { 'campsite.yaml': 'state:\n  working-directory: {changes: [place.move]}\n' },
      [expect.stringMatching(/^campsite\.yaml:2:3 state\.working-directory: .* described by pack `python` already: .*disable-kinds/)],
    ],
  ])('%s', async (_what, files, expected) => {
    expect(said(await load(files))).toEqual(expected);
  });

  test('state of a pack can be left out and described anew', async () => {
    const { packs, problems } = await load({
      'campsite.yaml': 'disable-kinds: [working-directory]\nstate:\n  working-directory: {changes: [place.move]}\n',
    });
    expect(problems).toEqual([]);
    expect(packs.filter((pack) => pack.state.some(({ kind }) => kind === 'working-directory')).map(({ id }) => id)).toEqual(['project']);
  });
});

describe('settings that contradict each other', () => {
  test.each<[string, string, string[]]>([
    [
      'selected and ignored',
      'select: [lifecycle, flow]\nignore:\n  - flow\n',
      ['campsite.yaml:3:5 ignore[0]: `flow` is ignored here and selected on line 1: leave one out'],
    ],
    [
      'selected besides and ignored',
      'extend-select: float-equality\nignore: float-equality\n',
      ['campsite.yaml:2:1 ignore[0]: `float-equality` is ignored here and selected on line 1: leave one out'],
    ],
    [
      'selected and off',
      'extend-select: [float-equality]\nseverity:\n  float-equality: off\n',
      ['campsite.yaml:3:3 severity.float-equality: `float-equality` is off here and selected on line 1: leave one out'],
    ],
    [
      'ignored with a severity',
      'ignore: [float-equality]\nseverity:\n  float-equality: error\n',
      ['campsite.yaml:3:3 severity.float-equality: `float-equality` has a severity here and is ignored on line 1: leave one out'],
    ],
    [
      'for a path',
      'per-path:\n  "tests/old/**":\n    extend-select: [flow]\n    ignore: [flow]\n',
      ['campsite.yaml:4:14 per-path.tests/old/**.ignore[0]: `flow` is ignored here and selected on line 3: leave one out'],
    ],
    [
      'a pack extended and disabled',
      'extends: [mock]\ndisable-packs: [mock]\n',
      ['campsite.yaml:2:17 disable-packs[0]: the pack `mock` is disabled here and extended on line 1: leave one out'],
    ],
    [
      'a path that is excluded',
      'paths: [tests, more]\nexclude: ["tests/**"]\n',
      ['campsite.yaml:2:11 exclude[0]: leaves out all of `tests`, which is to be analysed by line 1'],
    ],
  ])('%s', async (_what, text, expected) => {
    expect(said(await load({ 'campsite.yaml': text }))).toEqual(expected);
  });

  test.each<[string, Readonly<Record<string, string>>]>([
    ['a file takes back what it builds on', { 'campsite.yaml': 'extends: ./base.yaml\nignore: [flow]\n', 'base.yaml': 'extend-select: [flow]\n' }],
    ['a pillar with one rule of it left out', { 'campsite.yaml': 'select: [flow]\nignore: [sleep-as-sync]\n' }],
    [
      'a severity for the paths where the rule is on',
      { 'campsite.yaml': 'ignore: [flow]\nseverity: {flow: error}\nper-path: {"a/**": {extend-select: [flow]}}\n' },
    ],
    ['one folder below a path', { 'campsite.yaml': 'paths: [tests]\nexclude: ["tests/data/**"]\n' }],
  ])('no contradiction: %s', async (_what, files) => {
    expect(said(await load(files))).toEqual([]);
  });
});

describe('required-version', () => {
  test('comes first, also where the file says what this version does not know', async () => {
    expect(said(await load({ 'campsite.yaml': 'new-key: 1\nrequired-version: ">=7"\n' }, '0.1.0'))).toEqual([
      'campsite.yaml:2:1 required-version: this is campsite 0.1.0, the configuration asks for >=7',
      expect.stringMatching(/^campsite\.yaml:1:1 new-key: unknown key/),
    ]);
  });

  test('of a file that is extended names that file', async () => {
    expect(said(await load({ 'campsite.yaml': 'extends: ./base.yaml', 'base.yaml': '\nrequired-version: ">=7"\n' }, '0.1.0'))).toEqual([
      'base.yaml:2:1 required-version: this is campsite 0.1.0, the configuration asks for >=7',
    ]);
  });
});

test('globs of a file in a folder are meant from there', async () => {
  const { settings } = await load({
    'campsite.yaml': 'extends: ./ci/base.yaml\nexclude: [generated]\n',
    'ci/base.yaml': 'exclude: ["data/**"]\nper-path: {"../tests/old/**": {ignore: [flow]}}\n',
  });
  expect(settings.exclude).toEqual(['ci/data/**', 'generated']);
  expect(settings.perPath.map(({ path }) => path)).toEqual(['tests/old/**']);
});
