/**
 * Does hostile or broken input ever stop the analysis? Each case lies beside a good file whose one finding must still come, and says what
 * problem entry it expects: an `internal` one is never right.
 *
 * Left out: sizes (robustness-size.test.ts), random damage (fuzz.test.ts), the command line around it (cli.test.ts).
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { analyze } from '../src/app/analyze.ts';
import { listFiles } from '../src/app/files.ts';
import { Listings } from '../src/app/listings.ts';
import { UsageError } from '../src/app/options.ts';
import { loadConfiguration } from '../src/config/load.ts';
import type { Problem } from '../src/findings/finding.ts';

const LEAKING = 'import socket\n\ndef test_port():\n    connection = socket.socket()\n    assert connection.fileno() > 0\n';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A folder with the good file and these; text is written as Latin-1, so that each character is one byte. */
function project(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'campsite-robust-'));
  folders.push(folder);
  for (const [path, content] of Object.entries({ 'test_good.py': LEAKING, ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), Buffer.from(content, 'latin1'));
  }
  return folder;
}

/** Analyses the folder; the good file's finding must be there. Answers with the problems and the other files' findings. */
async function survives(root: string, paths: readonly string[] = ['.']) {
  const result = await analyze({ root, cwd: root, paths });
  expect(result.findings.filter((f) => f.path === 'test_good.py').map((f) => f.rule)).toContain('never-released');
  expect(result.problems.filter((p) => p.kind === 'internal')).toEqual([]);
  const brief = (p: Problem) => `${p.path}${p.line === undefined ? '' : `:${p.line}`} ${p.kind}`;
  return {
    problems: result.problems.map(brief),
    found: result.findings.filter((f) => f.path !== 'test_good.py').map((f) => `${f.path}:${f.line} ${f.rule}`),
  };
}

const OPENS = 'def test_a():\n    f = open("x")\n    assert f\n';

describe('source text', () => {
  test.each<[string, string, readonly string[], readonly string[]]>([
    ['empty', '', [], []],
    ['only a byte order mark', '\xef\xbb\xbf', [], []],
    ['a byte order mark', `\xef\xbb\xbf${OPENS}`, [], ['test_it.py:2 never-released']],
    ['Windows line ends', OPENS.replaceAll('\n', '\r\n'), [], ['test_it.py:2 never-released']],
    ['no newline at the end', OPENS.trimEnd(), [], ['test_it.py:2 never-released']],
    ['form feeds', `\f\n${OPENS}\f`, [], ['test_it.py:3 never-released']],
    ['Latin-1, declared', `# -*- coding: latin-1 -*-\ns = "\xe9"\n${OPENS}`, [], ['test_it.py:4 never-released']],
    [
      'declared on the second line',
      `#!/usr/bin/python\n# vim: set fileencoding=iso-8859-15 :\ns = "\xe9"\n${OPENS}`,
      [],
      ['test_it.py:5 never-released'],
    ],
    ['Latin-1, not declared', `s = "\xe9"\n${OPENS}`, ['test_it.py:1 encoding'], ['test_it.py:3 never-released']],
    ['an unknown encoding', `# coding: klingon\n${OPENS}`, ['test_it.py:1 encoding'], ['test_it.py:3 never-released']],
    ['bytes that are not what is declared', `# coding: utf-8\ns = "\xff"\n${OPENS}`, ['test_it.py:1 encoding'], ['test_it.py:4 never-released']],
    ['a broken function beside a whole one', `def test_b(:\n    pass\n\n${OPENS}`, ['test_it.py:1 syntax'], ['test_it.py:5 never-released']],
    ['a string that never ends', `${OPENS}x = '''\n`, ['test_it.py:4 syntax'], ['test_it.py:2 never-released']],
    ['a bracket that never closes', `${OPENS}x = (\n`, ['test_it.py:4 syntax'], ['test_it.py:2 never-released']],
    ['tabs and spaces', 'def test_a():\n\tif x:\n        pass\n\tf = open("x")\n\tassert f\n', [], ['test_it.py:4 never-released']],
  ])('%s', async (_what, text, problems, found) => {
    const said = await survives(project({ 'test_it.py': text }));
    expect(said.problems).toEqual(problems);
    expect(said.found).toEqual(expect.arrayContaining([...found]));
  });

  test.each<[string, string]>([
    ['NUL bytes', 'x\0y = 1\n\0\0\0'],
    ['only NUL bytes', '\0'.repeat(5000)],
    ['UTF-16', Buffer.from(OPENS, 'utf16le').toString('latin1')],
    ['a picture', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR'],
    ['a merge conflict', `<<<<<<< HEAD\n${OPENS}=======\n${OPENS}>>>>>>> other\n`],
    ['a template', '{% if x %}\ndef {{ name }}():\n    f = open("x")\n{% endif %}\n'],
  ])('%s: a problem and nothing else', async (_what, text) => {
    const said = await survives(project({ 'test_it.py': text }));
    expect(said.problems.length).toBeGreaterThan(0);
    expect(said.problems.every((p) => /^test_it\.py:\d+ (syntax|encoding)$/.test(p))).toBe(true);
  });

  test('Python 2', async () => {
    const text = `print "a", x\nexec "y"\ndef test_a():\n    f = open("x")\n    try:\n        raise E, "x"\n    except ValueError, e:\n        print >>f, \`e\`\n    assert f <> 0777L\n    f.close()\n`;
    expect((await survives(project({ 'test_it.py': text }))).found).toContain('test_it.py:4 leak-on-failure');
  });

  test('classes, fixtures, imports and names that go in circles', async () => {
    const files = {
      'test_a.py':
        'from test_b import *\nfrom test_b import helper as helper\nclass A(B):\n    def test_x(self, one):\n        self.f = helper()\nclass B(A): pass\nclass C(C): pass\nx = y\ny = x\n',
      'test_b.py':
        'from test_a import *\nfrom test_a import helper as helper\nimport test_b\nclass B(test_b.B): pass\ndef again():\n    return again()\ndef test_c():\n    f = again()\n    f = f\n    f.close()\n',
      'conftest.py': 'import pytest\n@pytest.fixture\ndef one(two):\n    yield open("x")\n@pytest.fixture\ndef two(one):\n    yield one\n',
    };
    expect((await survives(project(files))).problems).toEqual([]);
  });
});

describe('the file system', () => {
  test('links: inside the root followed, out of it, in circles and into nothing not', () => {
    const root = project({ 'real/test_real.py': OPENS });
    const outside = project({});
    symlinkSync(join(outside, 'test_good.py'), join(root, 'test_out.py'));
    symlinkSync(outside, join(root, 'tests_out'));
    symlinkSync('.', join(root, 'tests_loop'));
    symlinkSync('test_self.py', join(root, 'test_self.py'));
    symlinkSync('nowhere.py', join(root, 'test_dangling.py'));
    symlinkSync('real/test_real.py', join(root, 'test_link.py'));
    const listed = listFiles({ root, cwd: root, paths: ['.'], exclude: [], forceExclude: false, respectGitignore: true });
    expect(listed.files).toEqual(['real/test_real.py', 'test_good.py', 'test_link.py']);
    expect(listed.skipped.map((s) => s.path)).toEqual(['test_dangling.py', 'test_out.py', 'test_self.py']);
  });

  test('modules behind links out of the root are not read, those behind links inside are', async () => {
    const outside = project({ 'helper.py': 'def make():\n    return open("secret")\n' });
    const use = (name: string): string => `from ${name} import make\n\ndef test_a():\n    f = make()\n    assert f\n`;
    const root = project({
      'test_file.py': use('link'),
      'test_folder.py': use('folder.helper'),
      'test_inside.py': use('inner'),
      'real/helper.py': 'def make():\n    return open("x")\n',
    });
    symlinkSync(join(outside, 'helper.py'), join(root, 'link.py'));
    symlinkSync(outside, join(root, 'folder'));
    symlinkSync('real/helper.py', join(root, 'inner.py'));
    const { findings } = await analyze({ root, cwd: root, paths: ['test_file.py', 'test_folder.py', 'test_inside.py'] });
    expect(findings.map((f) => `${f.path} ${f.rule}`)).toEqual(['test_inside.py never-released']);
    const { problems } = await analyze({ root, cwd: root, paths: ['link.py'] });
    expect(problems.map((p) => `${p.path} ${p.kind}`)).toEqual(['link.py unreadable']);
  });

  test('imports of what cannot be looked at lead nowhere, with a cache and without', async () => {
    const leak = (module: string): string =>
      `from ${module} import make\n\ndef test_a():\n    made = make()\n    f = open("x")\n    assert made\n    f.close()\n`;
    const root = project({ 'two words.txt': '', 'test_ring.py': leak('ring.helper'), 'test_long.py': leak(`${'a'.repeat(300)}.helper`) });
    symlinkSync('ring', join(root, 'ring'));
    for (const cacheFolder of [undefined, join(root, '.cache')]) {
      const options = { root, cwd: root, paths: ['test_ring.py', 'test_long.py'] };
      const { findings, problems } = await analyze(cacheFolder === undefined ? options : { ...options, cacheFolder });
      expect(findings.map((f) => `${f.path} ${f.rule}`)).toEqual(['test_long.py leak-on-failure', 'test_ring.py leak-on-failure']);
      expect(problems).toEqual([]);
    }
  });

  test('listings say what is there, and where somebody has to look', () => {
    const root = project({ 'sub/a.py': '', 'odd/\u00e9.py': '', 'Case.py': '' });
    symlinkSync('sub', join(root, 'link'));
    const listings = new Listings(root);
    const names = ['test_good.py', 'sub', 'link', 'gone.py', 'case.py', 'CASE.PY', 'two words', 'gon\u00e9', ''];
    expect(names.map((name) => listings.entry('', name))).toEqual(
      ['file', 'folder', 'unknown', 'nothing', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'], //
    );
    expect(listings.entry('odd', 'gone.py')).toBe('unknown');
    expect(listings.entry('nowhere', 'gone.py')).toBe('unknown');
  });

  test('pipes are neither read nor waited for, wherever they stand', async () => {
    const root = project({ 'sub/test_sub.py': OPENS });
    for (const name of ['test_pipe.py', 'conftest.py', 'helper.py', 'sub/.gitignore', 'sub/conftest.py']) execFileSync('mkfifo', [join(root, name)]);
    writeFileSync(join(root, 'test_uses.py'), 'from helper import make\n\ndef test_a(thing):\n    f = make()\n    assert f\n');
    expect((await survives(root)).problems).toEqual([]);
    expect((await survives(root, ['.', 'test_pipe.py'])).problems).toEqual(['test_pipe.py unreadable']);
  });

  test('a folder with the name of a file, a link to itself named outright', async () => {
    const root = project({ 'test_folder.py/test_in.py': OPENS });
    symlinkSync('test_self.py', join(root, 'test_self.py'));
    const said = await survives(root, ['test_good.py', 'test_folder.py', 'test_self.py']);
    expect(said).toEqual({ problems: ['test_self.py unreadable'], found: ['test_folder.py/test_in.py:2 never-released'] });
  });

  test('what may not be read', () => {
    // As root everything can be read; so the listing runs as nobody, who can read this folder's world-readable files only.
    const root = project({ 'test_secret.py': OPENS, 'tests/test_in.py': OPENS });
    chmodSync(root, 0o755);
    chmodSync(join(root, 'tests'), 0o000);
    chmodSync(join(root, 'test_secret.py'), 0o000);
    const asNobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    const cli = join(import.meta.dirname, '..', 'dist', 'cli.js');
    let out = '';
    try {
      out = execFileSync(process.execPath, [cli, 'check', '--exit-zero', '--output-format', 'json', '.'], {
        cwd: root,
        encoding: 'utf8',
        env: { PATH: process.env.PATH, NO_COLOR: '1' },
        ...asNobody,
      });
    } finally {
      chmodSync(join(root, 'tests'), 0o755);
    }
    const result = JSON.parse(out) as { problems: Problem[]; findings: { path: string }[] };
    expect(result.problems.map((p) => `${p.path} ${p.kind}`)).toEqual(['test_secret.py unreadable', 'tests unreadable']);
    expect(result.findings.map((f) => f.path)).toEqual(['test_good.py']);
  });

  test('names with newlines, quotes, control and bidi characters, markup, and of the longest kind', async () => {
    const names = [
      'a\nb',
      'a\rb',
      "a'b",
      'a"b',
      'a\u0007b',
      'a b',
      'a\\b',
      '<b>&amp;',
      '$(touch x)',
      '-rf',
      '%0A::error::',
      `a${'x'.repeat(230)}`,
    ].map((name) => `test_${name}.py`);
    const said = await survives(project(Object.fromEntries(names.map((name) => [name, OPENS]))));
    expect(said.problems).toEqual([]);
    expect(said.found.map((f) => f.replace(/:2 never-released$/, '')).sort()).toEqual([...names].sort());
  });

  test('a name that is not UTF-8 is a problem', async () => {
    const root = project({});
    execFileSync('sh', ['-c', `printf '%s' 'x = 1' > "$(printf 'test_\\377.py')"`], { cwd: root });
    expect((await survives(root)).problems).toEqual(['test_\ufffd.py unreadable']);
  });
});

describe('outputs', () => {
  test('a device or a full disk is written into, never replaced', () => {
    const root = project({});
    const cli = join(import.meta.dirname, '..', 'dist', 'cli.js');
    const run = (file: string) =>
      spawnSync(process.execPath, [cli, 'check', '.', '--no-cache', '--output', `json=${file}`], { cwd: root, encoding: 'utf8' });
    if (!existsSync('/dev/full')) return console.log('no /dev/full here');
    const full = run('/dev/full');
    expect({ status: full.status, stderr: full.stderr }).toEqual({ status: 2, stderr: 'campsite: /dev/full cannot be written: ENOSPC\n' });
    expect(statSync('/dev/full').isCharacterDevice()).toBe(true);
  });
});

describe('configuration', () => {
  test('a .gitignore without end is left alone, one full of stars costs no time', async () => {
    const start = performance.now();
    const said = await survives(
      project({
        'big/.gitignore': 'x\n'.repeat(400_000),
        'big/test_a.py': OPENS,
        'stars/.gitignore': `${'*a'.repeat(200)}b\n${'**/'.repeat(200)}z\n`,
        [`stars/test_${'a'.repeat(200)}.py`]: OPENS,
      }),
    );
    expect(said.problems).toEqual([]);
    expect(said.found).toContain('big/test_a.py:2 never-released');
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  test('YAML anchors that expand without bound are refused at once', async () => {
    const bomb = `a: &a [${'x,'.repeat(9)}x]\n${[...'bcdefghi'].map((name, i) => `${name}: &${name} [${`*${'abcdefgh'[i]},`.repeat(9)}*${'abcdefgh'[i]}]`).join('\n')}\n`;
    const root = project({ 'campsite.yaml': bomb });
    const { problems } = await loadConfiguration({ cwd: root, root });
    expect(problems.length).toBeGreaterThan(0);
    await expect(analyze({ root, paths: ['.'] })).rejects.toThrow(UsageError);
  });

  test('extends that leaves the root, or is a pipe', async () => {
    const root = project({ 'campsite.yaml': 'extends: [../../../../etc/passwd, ./pipe.yaml]\n' });
    execFileSync('mkfifo', [join(root, 'pipe.yaml')]);
    const { problems } = await loadConfiguration({ cwd: root, root });
    expect(problems).toHaveLength(2);
  });
});
