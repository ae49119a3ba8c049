/**
 * Is everything that a budget cuts off said, with file and line, once a function?
 *
 * For each budget the smallest source that uses it up. Left out: how long it takes (robustness-size.test.ts).
 */
import { expect, test } from 'vitest';
import { analyze } from '../src/app/analyze.ts';
import { MAX_BYTES } from '../src/app/read.ts';
import { MAX_DEPTH } from '../src/lower/body.ts';
import { BUDGETS, type Budget } from '../src/typestate/budgets.ts';
import { project } from './command.ts';

const times = (n: number, make: (i: number) => string): string => Array.from({ length: n }, (_, i) => make(i)).join('');

/** By budget: a source, and the line of the function of which it is said. */
const SOURCES: Readonly<Record<Budget, readonly [line: number, text: string]>> = {
  paths: [
    2,
    `import socket\ndef test_a():\n    s = socket.socket()\n${times(5000, (i) => `    x${i} = pow(x${Math.max(0, i - 1)}, s)\n`)}    s.close()\n`,
  ],
  depth: [1, `def test_a(x):\n    y = ${'f('.repeat(MAX_DEPTH)}x${')'.repeat(MAX_DEPTH)}\n    f = open("x")\n    assert f\n`],
  copies: [
    1,
    `def test_a(c):\n f = open('x')\n${times(16, (i) => `${' '.repeat(i + 1)}try:\n${' '.repeat(i + 2)}c.x()\n${' '.repeat(i + 1)}finally:\n`)}${' '.repeat(17)}f.close()\n`,
  ],
  calls: [
    33,
    `${times(40, (i) => `def h${i}():\n    return h${i + 1}()\n`)}def h40():\n    return open('x')\n\ndef test_a():\n    f = h0()\n    assert f\n`,
  ],
  reach: [
    1,
    `${times(499, (i) => `def h${i}(): return h${i + 1}()\n`)}def h499(): return 1\ndef test_a(c):\n    if c:\n        assert c\n    else:\n        h0()\n`,
  ],
  resources: [1, `def make():\n    return [${times(30, (i) => `open('x${i}'), `)}]\n\ndef test_a():\n    a = make()\n    assert a\n`],
  registrations: [
    3,
    `import unittest\nclass T(unittest.TestCase):\n    def test_a(self):\n${times(40, (i) => `        f${i} = open('x')\n        self.addCleanup(f${i}.close)\n`)}`,
  ],
  values: [
    2,
    `import subprocess\ndef test_a(c):\n    x = ''\n${times(400, (i) => `    x = x + c.f${i}\n    x = x.join(x)\n`)}    subprocess.run(x, shell=True)\n    assert x\n`,
  ],
  walks: [
    1,
    `def test_a(c):\n${times(1500, (i) => `    try:\n        f${i} = c.open()\n    except OSError as e:\n        assert e\n    else:\n        f${i}.close()\n`)}`,
  ],
};

test.each(Object.entries(SOURCES) as [Budget, readonly [number, string]][])('%s', async (budget, [line, text]) => {
  const { problems } = await analyze({ root: '/', paths: [], select: ['ALL'], virtual: new Map([['test_it.py', text]]) });
  const said = problems.filter((p) => p.kind === 'budget' && p.message.endsWith(BUDGETS[budget]));
  expect(said.map((p) => `${p.path}:${p.line}`)).toContain(`test_it.py:${line}`);
  const places = said.map((p) => `${p.path}:${p.line} ${p.message}`);
  expect(new Set(places).size).toBe(places.length);
});

test('branches that all look at what lies behind them use up a budget of walks', async () => {
  const text = `def test_a(c):\n${times(1500, (i) => `    s${i} = c.get(${i})\n    if s${i}.ok:\n        assert s${i}.name\n`)}`;
  const { problems } = await analyze({ root: '/', paths: [], select: ['state-branch'], virtual: new Map([['test_it.py', text]]) });
  expect(problems.map((p) => `${p.line} ${p.message}`)).toEqual([`1 test_a ${BUDGETS.walks}`]);
});

test('an ordinary file uses up none', async () => {
  const text = 'def test_a():\n    f = open("x")\n    assert f\n';
  expect((await analyze({ root: '/', paths: [], virtual: new Map([['test_it.py', text]]) })).problems).toEqual([]);
});

test('a file beyond the size that is read', async () => {
  const root = project({ 'test_big.py': Buffer.alloc(MAX_BYTES + 1, '#'), 'test_it.py': 'x = 1\n' });
  const { problems } = await analyze({ root, paths: ['.'] });
  expect(problems).toEqual([
    { path: 'test_big.py', kind: 'budget', message: expect.stringMatching(/^is larger than \d+ MiB and was not analysed$/) },
  ]);
});
