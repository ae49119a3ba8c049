/**
 * Which leaks are nothing, because nobody but the test meets what stays behind, and which are notes, because it is over before anybody could?
 *
 * The samples say that something is reported; how loudly is said here.
 */
import { expect, test } from 'vitest';
import { analyze } from '../src/app/analyze.ts';

const patched = (target: string): string =>
  `import library\nfrom unittest import mock\n\ndef test_a():\n    client = library.Client()\n    p = mock.patch.object(${target}, "send")\n    p.start()\n    assert client.x\n    p.stop()\n`;
const started = (target: string): string =>
  `import threading\nimport gevent\n\ndef slow():\n    while gevent.sleep(1):\n        pass\n\ndef test_a():\n    seen = []\n    ${target}\n    assert seen\n`;

const waitedFor = (work: string, between = ''): string =>
  `import threading\n\ndef test_a():\n    seen = []\n    done = threading.Event()\n    def work():\n${work}    t = threading.Thread(target=work)\n    t.start()\n${between}    done.wait()\n    assert seen\n`;
const round = '        while len(seen) < 9:\n            seen.append(1)\n';

test.each([
  ['a patch of an object of one’s own', patched('client'), undefined],
  ['a patch of what an object of one’s own holds', patched('client.session'), undefined],
  ['a patch of a class', patched('library.Client'), 'warning'],
  ['a greenlet that only appends', started('gevent.spawn(seen.append, 1)'), 'note'],
  ['a greenlet that loops', started('gevent.spawn_later(1, slow)'), 'error'],
  ['a thread that only appends', started('threading.Thread(target=seen.append, args=(1,)).start()'), 'note'],
  ['a thread whose end the test waits for', waitedFor(`${round}        done.set()\n`), 'note'],
  ['one whose end is waited for after something that may fail', waitedFor(`${round}        done.set()\n`, '    assert t.ident\n'), 'error'],
  ['one whose end is waited for after something that cannot', waitedFor(`${round}        done.set()\n`, '    seen.append(2)\n'), 'note'],
  ['a thread whose beginning the test waits for', waitedFor(`        done.set()\n${round}`), 'error'],
  ['a thread that loops', started('threading.Thread(target=slow).start()'), 'error'],
])('%s', async (_what, text, severity) => {
  const { findings } = await analyze({ root: '/', paths: [], virtual: new Map([['test_it.py', text]]) });
  expect(findings.filter((f) => f.pillar === 'lifecycle').map((f) => f.severity)).toEqual(severity === undefined ? [] : [severity]);
});
