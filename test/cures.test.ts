/**
 * Where does a cure stand, and does it fit what stands there?
 *
 * The samples say that something is reported; what is proposed is said here, for things that a cleanup can only release once they have begun.
 */
import { expect, test } from 'vitest';
import { analyze } from '../src/app/analyze.ts';

const inTest = (...lines: string[]): string =>
  `import http.client\nimport threading\nimport unittest\n\nclass T(unittest.TestCase):\n    def test_a(self):\n${lines.map((l) => `        ${l}\n`).join('')}`;
const ASSERTION = 'self.assertEqual(1, compute())';

test.each([
  [
    'a thread',
    inTest('t = threading.Thread(target=work)', 't.daemon = False', 't.start()', ASSERTION, 't.join()'),
    'after line 9, self.addCleanup(t.join)',
  ],
  [
    'a client that connects by itself',
    inTest('c = http.client.HTTPConnection("x")', 'c.request("GET", "/")', ASSERTION, 'c.close()'),
    'after line 7, self.addCleanup(c.close)',
  ],
  [
    'a thread that the test starts',
    `import threading\nimport unittest\n\nclass T(unittest.TestCase):\n    def setUp(self):\n        self.t = threading.Thread(target=work)\n\n    def test_a(self):\n        self.t.start()\n        ${ASSERTION}\n        self.t.join()\n`,
    'where it is started, self.addCleanup(self.t.join)',
  ],
])('%s', async (_what, text, cure) => {
  const { findings } = await analyze({ root: '/', paths: [], virtual: new Map([['test_it.py', text]]) });
  expect(findings.filter((f) => f.pillar === 'lifecycle').map((f) => f.fix?.title)).toEqual([cure]);
});
