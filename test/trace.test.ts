/**
 * Does `campsite trace` name the lines of the configuration that are responsible? Each row is an acquisition in a small suite and what must
 * be said of it, with file and line of the pattern. Shipped packs are named by file; their line must hold the pattern that is named.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { projectRoot } from './files.ts';

const CLI = join(projectRoot, 'dist', 'cli.js');
const CONFIGURATION = `types:
  pool: {expressions: ["**.pool"]}
resources:
  lease:
    acquire:
      - {on: pool, method: "lease_{kind}", unless-inside: [assertRaises]}
    release:
      - {on: pool, method: "return_{kind}", handle: any-arg}
  engine:
    acquire: [works.Engine]
    release-all: [[halt, drain]]
  probe:
    acquire: [{call: works.probe, when: {deep: true}}]
    release: [.withdraw]
    context-manager: true
registrations:
  - {method: at_the_end, scope: test}
indirections:
  - {call: works.quietly}
models:
  keeps: [works.registry.keep]
managed:
  - {bases: [works.Sandbox], kinds: [probe], because: the sandbox withdraws its probes}
sweepers:
  - {expression: self.return_all, kinds: [lease]}
`;
const SUITE = `import works
import unittest

class TestPool(unittest.TestCase):
    def test_returned(self):
        boat = self.pool.lease_boat()
        self.pool.return_boat(boat)

    def test_at_the_end(self):
        boat = self.pool.lease_boat()
        self.at_the_end(works.quietly, self.pool.return_boat, boat)

    def test_cleanup(self):
        boat = self.pool.lease_boat()
        self.addCleanup(lambda: self.pool.return_boat(boat))

    def test_kept(self):
        boat = self.pool.lease_boat()
        works.registry.keep(boat)

    def test_unknown(self):
        boat = self.pool.lease_boat()
        works.somewhere(boat)

    def test_engine(self):
        engine = works.Engine()
        engine.halt()
        engine.drain()

    def test_with(self):
        with works.probe(deep=True) as probe:
            probe.look()

    def test_swept(self):
        boat = self.pool.lease_boat()
        self.return_all()

    def test_nothing(self):
        with self.assertRaises(ValueError):
            self.pool.lease_boat()
        works.probe(deep=False)
        self.lake.lease_boat()

class TestInside(works.Sandbox):
    def test_probe(self):
        probe = works.probe(deep=True)
        probe.look()

def test_leaks(request):
    probe = works.probe(deep=True)
    assert probe.look()

class TestReplaced(unittest.TestCase):
    def test_replaced(self):
        works.probe = print
        self.assertTrue(works.probe)
`;

const folder = mkdtempSync(join(tmpdir(), 'campsite-trace-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, 'campsite.yaml'), CONFIGURATION);
writeFileSync(join(folder, 'test_works.py'), SUITE);

/** 1-based line of the first line that holds the text, from the line `after` on. */
function lineOf(text: string, words: string, after = 0): number {
  const at = text.split('\n').findIndex((line, i) => i >= after && line.includes(words));
  if (at < 0) throw new Error(`no line holds ${words}`);
  return at + 1;
}
const at = (words: string): string => `campsite.yaml:${lineOf(CONFIGURATION, words)}`;

function trace(test: string, words: string, ...options: readonly string[]) {
  const line = lineOf(SUITE, words, lineOf(SUITE, `def ${test}(`));
  const ran = spawnSync(process.execPath, [CLI, 'trace', `test_works.py:${line}`, ...options], { cwd: folder, encoding: 'utf8', timeout: 60_000 });
  return { status: ran.status, text: `${ran.stdout}${ran.stderr}` };
}

const LEASE = `lease_{kind} (${at('lease_{kind}')}), kind lease, kind = boat`;
const RETURN = `return_{kind} (${at('return_{kind}')})`;

describe('the lines that are responsible', () => {
  test.each<[string, string, string, readonly string[]]>([
    ['test_returned', 'lease_boat', 'lease boat: released', [`matched   .${LEASE}`, `by .${RETURN}`]],
    [
      'test_at_the_end',
      'lease_boat',
      'lease boat: managed',
      [`by .at_the_end (${at('at_the_end')})`, `by works.quietly (${at('works.quietly')})`, `by .${RETURN}`],
    ],
    ['test_cleanup', 'lease_boat', 'lease boat: managed', ['by .addCleanup (config/unittest.yaml:', `by .${RETURN}`]],
    [
      'test_kept',
      'lease_boat',
      'lease boat: escaped',
      ['let go    handed to keep (test_works.py:19)', `by models.keeps works.registry.keep (${at('registry.keep')})`],
    ],
    [
      'test_unknown',
      'lease_boat',
      'lease boat: escaped',
      ['let go    handed to somewhere (test_works.py:23)', 'by no pattern says what it does with it; `models: {borrows: [works.somewhere]}` would'],
    ],
    [
      'test_engine',
      'works.Engine',
      'engine engine: released',
      [`matched   works.Engine (${at('works.Engine')})`, `by all of .halt and .drain (${at('release-all')})`],
    ],
    [
      'test_with',
      'works.probe',
      'probe probe: managed',
      [`matched   works.probe (${at('works.probe')})`, `by context-manager (${at('context-manager')})`],
    ],
    ['test_swept', 'lease_boat', 'lease boat: released', [`by sweeper self.return_all (${at('return_all')})`]],
    ['test_probe', 'works.probe', 'probe probe: managed', [`managed   the sandbox withdraws its probes (${at('works.Sandbox')})`]],
    ['test_leaks', 'works.probe', 'probe probe: leaks', ['leaks     normal: ', 'leaks     failure, likely: raise (test_works.py:']],
  ])('%s', (name, words, heading, expected) => {
    const { status, text } = trace(name, words);
    expect(text.split('\n')[0]).toBe(heading);
    for (const line of expected) expect(text).toContain(line);
    expect(status).toBe(0);
  });

  test('a line of a shipped pack holds the pattern', () => {
    const place = /by \.addCleanup \((config\/unittest\.yaml):(\d+)\)/.exec(trace('test_cleanup', 'lease_boat').text);
    const line = readFileSync(join(projectRoot, place?.[1] ?? ''), 'utf8').split('\n')[Number(place?.[2]) - 1];
    expect(line).toBe('  - .addCleanup');
  });
});

test('what a rule finds without an acquisition is told with its steps', () => {
  const { status, text } = trace('test_replaced', 'works.probe =');
  expect(text).toContain('stub-not-restored: works.probe is replaced here');
  expect(text).toContain(`acquire   works.probe is replaced (test_works.py:${lineOf(SUITE, 'works.probe =')})`);
  expect(status).toBe(0);
});

describe('nothing is acquired: exit 2, and why', () => {
  test.each<[string, readonly string[]]>([
    [
      'self.pool.lease_boat()',
      [
        'self.pool.lease_boat() is no imported name, the method .lease_boat, on pool',
        `lease, .lease_{kind} (${at('lease_{kind}')}): \`unless-inside\` holds`,
      ],
    ],
    [
      'works.probe(deep=False)',
      [
        'works.probe() is the call works.probe, the method .probe',
        `probe, works.probe (${at('works.probe')}): its \`when\` does not hold for the arguments`,
      ],
    ],
    ['self.lake.lease_boat()', [`lease, .lease_{kind} (${at('lease_{kind}')}): the receiver is no \`pool\``]],
    ['class TestInside', ['acquisitions of this file: ']],
  ])('%s', (words, expected) => {
    const { status, text } = trace('test_nothing', words);
    expect(status).toBe(2);
    expect(text).toMatch(/^campsite: test_works\.py:\d+: nothing is acquired here$/m);
    for (const line of expected) expect(text).toContain(line);
  });

  test('a pack that is off says so', () => {
    writeFileSync(join(folder, 'test_off.py'), 'def test_a(conn):\n    conn.compute.create_server()\n');
    const ran = spawnSync(process.execPath, [CLI, 'trace', 'test_off.py:2'], { cwd: folder, encoding: 'utf8' });
    expect(ran.stderr).toMatch(/conn\.\*\*\.create_\{kind\} \(config\/openstack\.yaml:\d+\): pack openstack is off in this file/);
  });

  test('a wrong configuration is said, and another one can be named', () => {
    writeFileSync(join(folder, 'broken.yaml'), 'resources: {lamp: {aquire: [f]}}');
    expect(trace('test_returned', 'lease_boat', '--config', 'broken.yaml')).toMatchObject({
      status: 2,
      text: expect.stringContaining('broken.yaml:1:'),
    });
    writeFileSync(join(folder, 'empty.yaml'), '');
    expect(trace('test_returned', 'lease_boat', '--config', 'empty.yaml').text).toContain('nothing is acquired here');
  });
});
