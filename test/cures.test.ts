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
    'a client whose close() closes something else',
    `import imaplib\n${inTest('client = imaplib.IMAP4("x")', ASSERTION, 'client.shutdown()')}`,
    'after line 8, self.addCleanup(client.shutdown)',
  ],
  [
    'a value that the teardown puts back',
    'import asyncio\nimport unittest\n\nclass T(unittest.TestCase):\n    def setUp(self):\n        self.old = asyncio.get_event_loop_policy()\n        asyncio.set_event_loop_policy(make_policy())\n\n    def tearDown(self):\n        self.assertTrue(compute())\n        asyncio.set_event_loop_policy(self.old)\n\n    def test_a(self):\n        compute()\n',
    'after line 7, self.addCleanup(asyncio.set_event_loop_policy, self.old)',
  ],
  [
    'what is given on needs it',
    'import zipfile\n\ndef entry():\n    z = zipfile.ZipFile("x")\n    assert compute()\n    return z.open("y")\n',
    'after line 4, try: … except BaseException: z.close(); raise',
  ],
  [
    'a value that was kept',
    `import signal\n${inTest('old = signal.signal(signal.SIGHUP, signal.SIG_IGN)', ASSERTION, 'signal.signal(signal.SIGHUP, old)')}`,
    'after line 8, self.addCleanup(signal.signal, signal.SIGHUP, old)',
  ],
  [
    'what is known only later',
    `import threading\n${inTest('threading.stack_size(65536)', ASSERTION, 'n = number()', 'threading.stack_size(n)')}`,
    'on line 8, self.addCleanup(threading.stack_size, threading.stack_size(65536))',
  ],
  [
    'a server whose coroutine is run where it is made',
    `import asyncio\n${inTest('server = self.loop.run_until_complete(', '    self.loop.create_server(work, "x"))', ASSERTION, 'server.close()')}`,
    'after line 9, self.addCleanup(server.close)',
  ],
  [
    'a mixin that asserts',
    'class Common:\n    def test_a(self):\n        f = open("x")\n        self.assertEqual(1, compute())\n        f.close()\n',
    'after line 3, self.addCleanup(f.close)',
  ],
  [
    'a call on several lines',
    'import subprocess\n\ndef test_a():\n    p = subprocess.Popen(\n        ["true"])\n    assert compute()\n    p.wait()\n',
    'on line 4, with subprocess.Popen( ["true"]) as p:',
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
