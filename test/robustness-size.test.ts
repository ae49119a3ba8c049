/**
 * Does any size or depth of input stop the analysis, or make it crawl? Generated sources; each must be analysed without an internal problem,
 * in at most MAX_BEYOND_PARSING_MS of CPU time beyond what parsing costs. Whatever is cut off must be said, and what can be found is found.
 *
 * CPU time of the whole process is measured, not time on the wall, for the machine may be busy; so the cases run one after another.
 */
import { describe, expect, test } from 'vitest';
import { analyze } from '../src/app/analyze.ts';
import { createParser } from '../src/syntax/parse.ts';

/** Milliseconds. Users are promised 2,000 on the wall; CPU time counts the threads of the collector and the compiler too, which double it at the worst. */
const MAX_BEYOND_PARSING_MS = 4_000;
/** Loading the packs and warming up the compiler belong to the process, not to the file. */
const WARM_UP = 'def test_a():\n    f = open("x")\n    assert f\n';

const times = (n: number, make: (i: number) => string): string => Array.from({ length: n }, (_, i) => make(i)).join('');
const indented = (n: number, line: (i: number) => string, last: string): string =>
  `${times(n, (i) => `${' '.repeat(i + 1)}${line(i)}\n`)}${' '.repeat(n + 1)}${last}\n`;

async function run(text: string) {
  return analyze({ root: '/', paths: [], virtual: new Map([['test_it.py', text]]) });
}

async function timed(text: string) {
  const parser = await createParser();
  await run(WARM_UP);
  const spent = (since: NodeJS.CpuUsage) => (process.cpuUsage(since).user + process.cpuUsage(since).system) / 1000;
  const parsing = process.cpuUsage();
  parser.parseOnly(text);
  const floor = spent(parsing);
  const analysing = process.cpuUsage();
  const result = await run(text);
  return { result, beyond: spent(analysing) - floor };
}

/** What a long straight function costs, with the rest of the file around it. */
const SIZES: Readonly<Record<string, string>> = {
  '20,000 lines': times(3400, (i) => `def test_${i}():\n    f = open('x${i}')\n    assert f.read()\n    f.close()\n    helper_${i % 50}(f)\n\n`),
  'a class of 3,000 methods': `import unittest, socket\nclass T(unittest.TestCase):\n    def setUp(self):\n        self.s = socket.socket()\n${times(1500, (i) => `    def test_${i}(self):\n        f = open('x')\n        self.assertTrue(f.read())\n        self.helper_${i}()\n        f.close()\n    def helper_${i}(self):\n        self.x = ${i}\n`)}`,
  'a function of 5,000 statements': `import socket\ndef test_a():\n    s = socket.socket()\n${times(5000, (i) => `    x${i} = call(x${Math.max(0, i - 1)}, s)\n`)}    s.close()\n`,
  'a function of 2,500 branches': `def test_a(c):\n    f = open('x')\n${times(2500, (i) => `    if c.x${i}:\n        c.do(${i})\n`)}    f.close()\n`,
  '500 try statements in a row': `def test_a(c):\n    f = open('x')\n${times(500, () => '    try:\n        c.do()\n    except ValueError:\n        c.undo()\n    finally:\n        c.x()\n')}    f.close()\n`,
  '200 nested with': `def test_a():\n${indented(200, (i) => `with open('x${i}') as f${i}:`, 'assert f0.read()')}`,
  '90 nested try/finally': `def test_a(c):\n f = open('x')\n${times(90, (i) => `${' '.repeat(i + 1)}try:\n`)}${' '.repeat(91)}c.x()\n${times(90, (i) => `${' '.repeat(90 - i)}finally:\n${' '.repeat(91 - i)}c.y()\n`)}`,
  '60 nested loops': `def test_a(x):\n${indented(60, (i) => `for i${i} in x:`, 'f = open("x")')}`,
  'a chain of 3,000 helpers that acquire': `${times(3000, (i) => `def h${i}():\n    return h${i + 1}()\n`)}def h3000():\n    return open('x')\n\ndef test_a():\n    f = h0()\n    assert f.read()\n`,
  'a chain of 3,000 helpers that release': `${times(3000, (i) => `def h${i}(f):\n    h${i + 1}(f)\n`)}def h3000(f):\n    f.close()\n\ndef test_a():\n    f = open('x')\n    h0(f)\n`,
  'a chain of 1,500 context managers': `import contextlib\n${times(1500, (i) => `@contextlib.contextmanager\ndef h${i}():\n    with h${i + 1}() as g:\n        yield g\n`)}@contextlib.contextmanager\ndef h1500():\n    f = open('x')\n    yield f\n    f.close()\ndef test_a():\n    with h0() as f:\n        assert f.read()\n`,
  'a chain of 500 classes': `import unittest\nclass C0(unittest.TestCase):\n    def test_x(self):\n        self.f = open('x')\n${times(500, (i) => `class C${i + 1}(C${i}):\n    pass\n`)}`,
  'a chain of 800 fixtures': `import pytest\n${times(800, (i) => `@pytest.fixture\ndef fx${i}(fx${i + 1}):\n    f = open('x')\n    yield f\n    f.close()\n`)}@pytest.fixture\ndef fx800():\n    yield 1\ndef test_a(fx0):\n    assert fx0\n`,
  'a chain of 3,000 names': `${times(3000, (i) => `x${i} = x${i + 1}\n`)}x3000 = open\ndef test_a():\n    f = x0('a')\n    assert f\ndef test_b():\n    a0 = open('a')\n${times(3000, (i) => `    a${i + 1} = a${i}\n`)}    a3000.close()\n`,
  '60 helpers that all call each other': `${times(60, (i) => `def h${i}(x):\n${times(10, (j) => `    h${(i * 7 + j) % 60}(x)\n`)}    return open('y')\n`)}def test_a():\n    f = h0(1)\n    assert f\n`,
  'a ladder of 1,500 helpers, each step taken twice': `import unittest\nclass T(unittest.TestCase):\n${times(1500, (i) => `    def h${i}(self, f):\n        with self.h${i + 1}(f) as g:\n            self.assertTrue(g)\n            return self.h${i + 1}(g)\n`)}    def h1500(self, f):\n        f.close()\n    def test_a(self):\n        f = open('x')\n        self.h0(f)\n`,
  '3,000 elif': `def test_b(x):\n    if x: pass\n${times(3000, (i) => `    elif x == ${i}:\n        f = open('x')\n`)}`,
  '3,000 cases': `def test_b(x):\n    match x:\n${times(3000, (i) => `        case ${i}:\n            f = open('x')\n`)}`,
  '20,000 names at module level': `${times(20_000, (i) => `X${i} = ${i}\n`)}def test_b():\n    f = open('x')\n${times(4000, (i) => `    g(X${i})\n`)}`,
  '3,000 imports': `${times(3000, (i) => `import a${i}.b${i}\nfrom c${i} import *\n`)}def test_b():\n    f = open('x')\n    g()\n    h(x)\n`,
  '20,000 suppressions that suppress nothing': times(20_000, (i) => `x = ${i}  # campsite: ignore[never-released] reason\n`),
  '8,000 tests that return nothing': times(8000, (i) => `def test_${i}(c):\n    r = c.get('/${i}')\n    assert r.status == 200\n\n`),
  '3,000 opened in one test': `import unittest\nclass T(unittest.TestCase):\n  def test_a(self):\n${times(3000, (i) => `    f${i} = open('x')\n    self.assertTrue(f${i})\n`)}`,
  '2,000 opened on one line': `def test_a():\n    x = [${times(2000, () => `open('a'), `)}]\n    assert x\n`,
  '3,000 changes of the environment': `import os\ndef test_a():\n${times(3000, (i) => `    os.environ['K${i}'] = '1'\n`)}    assert os\n`,
  '2,000 try statements with names of their own': `def test_a(c):\n${times(2000, (i) => `    try:\n        f${i} = open('x')\n    except OSError as e:\n        assert e\n    else:\n        f${i}.close()\n`)}`,
  '290 elif with flags': `def test_a(x):\n    f = None\n${times(290, (i) => `    flag${i} = False\n`)}    if x == 0:\n        f = open("x")\n${times(290, (i) => `    elif x == ${i}:\n        f = open('x${i}')\n        flag${i} = True\n`)}${times(290, (i) => `    if flag${i}:\n        f.close()\n`)}`,
  'a name that is put twenty times into itself, in a loop': `import socket\ndef test_a(b):\n    for a in b:\n        x = [${times(20, () => '(socket.socket() if a else x), ')}]\n`,
  '3,000 comprehensions in one call': `def test_a(b):\n    f = g(${times(3000, () => '[open(a) for a in b], ')})\n`,
  '2,000 decorators': `import mock\n${times(2000, (i) => `@mock.patch('a.b${i}')\n`)}def test_a(${times(2000, (i) => `m${i}, `)}):\n    f = open("x")\n    assert f\n`,
  'a dictionary of 50,000 entries': `def test_a():\n    f = open("x")\n    data = {\n${times(50_000, (i) => `    'key${i}': ${i},\n`)}}\n    assert data\n`,
  'a class of 500 subclasses': `import unittest\nclass Base(unittest.TestCase):\n    def setUp(self):\n        self.f = open("x")\n${times(20, (i) => `    def test_${i}(self):\n        g = open('y')\n        self.assertTrue(g)\n`)}${times(500, (i) => `class T${i}(Base):\n    def test_own(self):\n        self.assertTrue(self.f)\n`)}`,
  '1,000 parameters of one test': `import pytest\n@pytest.mark.parametrize("a,b", [\n${times(1000, (i) => `    (${i}, open('x${i}')),\n`)}])\ndef test_a(a, b):\n    f = open("x")\n    assert f\n`,
  'a string put together of 10,000': `def test_a():\n    f = open("x")\n    s = ${times(10_000, () => "'abc' + ")}''\n    t = ${times(10_000, () => "'abc' ")}\n    f.close()\n`,
  'a name that gets its value from itself 800 times': `import subprocess\ndef test_a(c):\n    x = ''\n${times(400, (i) => `    x = x + c.f${i}\n    x = x.join(x)\n`)}    subprocess.run(x, shell=True)\n    assert x\n`,
  'a function that returns a pair of what it gets from itself, on 40 ways': `def f(x):\n${times(40, (i) => `    if x == ${i}:\n        a${i}, b${i} = f(x)\n        return b${i}, a${i}\n`)}    return M(), M()\nclass M:\n    def go(self):\n        pass\ndef test_f():\n    m, n = f(3)\n    g = open('x')\n    m.go()\n    g.close()\n`,
  'two names given to each other 1,500 times, in a helper of a base class': `import unittest\nclass B(unittest.TestCase):\n    def start(self, x, y):\n${times(1500, () => '        x = y\n        y = x\n        x.foo\n')}        return self.f\n${times(2, (i) => `class T${i}(B):\n    def test_a(self):\n        self.start(1, 2)\n`)}`,
  '200 assignment expressions inside each other': `from unittest import mock\ndef test_a(c):\n    m = mock.Mock()\n    assert ${'(z := '.repeat(200)}m.x()${')'.repeat(200)} == 2\n`,
  'a string of 10 MB': `DATA = '''${'x'.repeat(79)}${`\n${'x'.repeat(79)}`.repeat(130_000)}'''\n${WARM_UP}`,
  'one line of 500,000 numbers': `x = [${times(500_000, (i) => `${i},`)}]\n`,
};

const DEPTH = 5_000;
/** Around a one: what is 5,000 deep. */
const DEPTHS: Readonly<Record<string, string>> = {
  parentheses: `${'('.repeat(DEPTH)}1${')'.repeat(DEPTH)}`,
  brackets: `${'['.repeat(DEPTH)}1${']'.repeat(DEPTH)}`,
  dictionaries: `${'{1:'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`,
  calls: `${'f('.repeat(DEPTH)}1${')'.repeat(DEPTH)}`,
  subscripts: `${'f['.repeat(DEPTH)}1${']'.repeat(DEPTH)}`,
  signs: `${'-'.repeat(DEPTH)}1`,
  nots: `${'not '.repeat(DEPTH)}1`,
  lambdas: `${'lambda: '.repeat(DEPTH)}1`,
  sums: `1${'+1'.repeat(DEPTH)}`,
  powers: `1${'**1'.repeat(DEPTH)}`,
  attributes: `x${'.a'.repeat(DEPTH)}`,
  'chained calls': `x${'.a()'.repeat(DEPTH)}`,
  conditions: `${'1 if x else '.repeat(DEPTH)}1`,
  ands: `1${' and x'.repeat(DEPTH)}`,
  comparisons: `1${' < x'.repeat(DEPTH)}`,
  comprehensions: `${'['.repeat(300)}x${' for a in x]'.repeat(300)}`,
  'f-strings': `${"f'{".repeat(60)}x${"}'".repeat(60)}`,
  'open brackets': '('.repeat(DEPTH),
  'closing brackets': ')'.repeat(DEPTH),
};

describe('large sources', { concurrent: false }, () => {
  test.each(Object.entries(SIZES))('%s', async (_what, text) => {
    const { result, beyond } = await timed(text);
    expect(result.problems.filter((p) => p.kind !== 'budget')).toEqual([]);
    expect(beyond).toBeLessThan(MAX_BEYOND_PARSING_MS);
  });

  test.each(Object.entries(DEPTHS))('nested 5,000 deep: %s', async (_what, expression) => {
    const { result, beyond } = await timed(`${WARM_UP}x = ${expression}\ndef test_b():\n    f = open("y")\n    y = ${expression}\n    f.close()\n`);
    expect(result.problems.filter((p) => p.kind !== 'syntax' && p.kind !== 'budget')).toEqual([]);
    expect(result.findings.map((f) => f.line)).toContain(2);
    expect(beyond).toBeLessThan(MAX_BEYOND_PARSING_MS);
  });

  test.each<[string, (i: number) => string]>([
    ['if', () => 'if x:'],
    ['def', (i) => `def f${i}():`],
    ['class', (i) => `class C${i}:`],
    ['with', () => 'with x as y:'],
    ['for', () => 'for x in y:'],
  ])('1,500 nested %s: refused by name, and the parser lives on', async (_what, line) => {
    const result = await run(`${WARM_UP}if x:\n${indented(1500, line, "f = open('x')")}`);
    expect(result.problems.map((p) => [p.kind, p.message])).toEqual([['syntax', 'more than 380 different indentations: the file was not analysed']]);
    expect((await run(WARM_UP)).findings).toHaveLength(1);
  });

  // Four times as much may take eight times as long: what is quadratic takes sixteen times.
  test.each<[string, number, (n: number) => string]>([
    ['tests', 1500, (n) => times(n, (i) => `def test_${i}():\n    f = open('x${i}')\n    assert f.read()\n    f.close()\n`)],
    ['tests that return a value', 500, (n) => times(n, (i) => `def test_${i}():\n    return ${i}\n`)],
    ['statements', 2000, (n) => `import socket\ndef test_a():\n    s = socket.socket()\n${times(n, (i) => `    x${i} = call(s)\n`)}    s.close()\n`],
    [
      'methods',
      700,
      (n) =>
        `import unittest\nclass T(unittest.TestCase):\n${times(n, (i) => `    def test_${i}(self):\n        self.assertTrue(open('x').read())\n`)}`,
    ],
    [
      'helpers in a chain',
      700,
      (n) => `${times(n, (i) => `def h${i}():\n    return h${i + 1}()\n`)}def h${n}():\n    return open('x')\ndef test_a():\n    assert h0()\n`,
    ],
    ['acquisitions in a function', 700, (n) => `def test_a():\n${times(n, (i) => `    f${i} = open('x')\n    assert f${i}\n`)}`],
    [
      'comprehensions',
      1000,
      (n) => `def test_a():\n    f = open("x")\n${times(n, (i) => `    x${i} = [a for a in range(${i}) if a]\n`)}    f.close()\n`,
    ],
    ['generated lines', 5000, (n) => times(n, (i) => `x${i} = {'a': ${i}, 'b': [1, 2]}\n`)],
  ])('grows with the number of %s, not with its square', async (_what, n, make) => {
    await timed(make(n)); // The compiler sees the code first.
    const once = (await timed(make(n))).beyond;
    const fourTimes = (await timed(make(4 * n))).beyond;
    expect(fourTimes).toBeLessThan(8 * Math.max(once, 100));
  });

  test('250 nested if are analysed', async () => {
    const result = await run(`def test_a(x):\n${indented(250, () => 'if x:', 'f = open("x")')}`);
    expect(result.problems).toEqual([]);
    expect(result.findings.map((f) => f.rule)).toContain('never-released');
  });
});
