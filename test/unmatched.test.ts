/**
 * Does `--statistics` name each pattern of the project's own configuration that matched nothing, and none that did?
 *
 * A renamed helper otherwise goes unwatched in silence; a false alarm would teach people to pass over the true ones.
 */
import { describe, expect, test } from 'vitest';
import { checked, json, project } from './command.ts';

describe('--statistics says what in the configuration matched nothing', () => {
  const CONFIGURATION = [
    'exclude: ["generated/**"]',
    'per-path:',
    '  "nowhere/**": {ignore: [flow]}',
    '  "tests/**": {ignore: [flow]}',
    'types:',
    '  broker: {expressions: ["**.broker"]}',
    'resources:',
    '  queue:',
    '    acquire: [{on: broker, method: declare_queue}, {method: make_queue}]',
    '    release: [{method: drop_queue, handle: "arg[0]"}, {method: remove_queue, handle: "arg[0]"}, .__exit__]',
    '  lease: {acquire: [{method: "lease_{kind}"}], release: [{method: give_back, handle: "arg[0]"}]}',
    'models:',
    '  borrows: [project.dump, json.dumps]',
    'managed:',
    '  - {bases: [unittest.TestCase], kinds: [queue], because: x}',
    '  - {bases: [project.Base], kinds: [queue], because: x}',
    '',
  ].join('\n');
  const TESTS = [
    'import json',
    'import unittest',
    '',
    'from tests.pools import borrowed',
    '',
    '',
    'class TestQueues(unittest.TestCase):',
    '    def test_a(self):',
    '        queue = self.broker.declare_queue("a")',
    '        self.addCleanup(self.broker.drop_queue, queue)',
    '        json.dumps({})',
    '        borrowed()',
    '',
  ].join('\n');
  const POOLS = 'from elsewhere import pool\n\n\ndef borrowed():\n    pool.give_back(pool.lease_room("a"))\n';
  const files = { 'campsite.yaml': CONFIGURATION, 'tests/__init__.py': '', 'tests/test_a.py': TESTS, 'tests/pools.py': POOLS };
  const unmatched = (folder: string, args: readonly string[]): string[] =>
    json(folder, args)
      .problems.filter(({ kind }) => kind === 'configuration')
      .map(({ path, line, message }) => `${path}:${line} ${message}`);

  test('each pattern by itself, with its line; also what is only handed over or stands in a helper counts as met', () => {
    expect(unmatched(project(files), ['--statistics'])).toEqual([
      'campsite.yaml:1 exclude[0] matches nothing in this run: no file is generated/**',
      'campsite.yaml:3 per-path.nowhere/** matches nothing in this run: no file is nowhere/**',
      'campsite.yaml:9 resources.queue.acquire[1] matches nothing in this run: no call is .make_queue',
      'campsite.yaml:10 resources.queue.release[1] matches nothing in this run: no call is .remove_queue',
      'campsite.yaml:13 models.borrows[0] matches nothing in this run: no call is project.dump',
      'campsite.yaml:16 managed[1] matches nothing in this run: no class has the base project.Base',
    ]);
  });

  test('a renamed helper is named, in text too, and does not turn the exit code', () => {
    const folder = project({
      ...files,
      'tests/test_a.py': TESTS.replaceAll('declare_queue', 'create_queue').replaceAll('drop_queue', 'delete_queue'),
    });
    const ran = checked(folder, ['--statistics', 'tests']);
    expect(ran.status).toBe(0);
    expect(ran.stdout).toMatch(
      /^campsite\.yaml:9 .*resources\.queue\.acquire\[0\] matches nothing in this run: no call is \.declare_queue on broker/m,
    );
    expect(ran.stdout).toMatch(/^campsite\.yaml:10 .*resources\.queue\.release\[0\] matches nothing/m);
    expect(ran.stdout).not.toContain('generated/**');
  });

  test('nothing without --statistics, nothing of shipped packs, nothing from a shard', () => {
    const folder = project(files);
    expect(unmatched(folder, [])).toEqual([]);
    expect(unmatched(folder, ['--statistics', '--shard', '1/1'])).toEqual([]);
    expect(unmatched(project({ 'tests/test_a.py': TESTS }), ['--statistics'])).toEqual([]);
    expect(unmatched(project({ 'tests/test_a.py': TESTS, 'campsite.yaml': 'extends: [databases]\n' }), ['--statistics'])).toEqual([]);
  });

  test('the same with the cache and without', () => {
    const folder = project(files);
    const first = unmatched(folder, ['--statistics']);
    expect(unmatched(folder, ['--statistics'])).toEqual(first);
    expect(unmatched(folder, ['--statistics', '--no-cache'])).toEqual(first);
  });

  test('a type that nothing has keeps its patterns waiting, whatever has their names', () => {
    const text = [
      'types:',
      '  bulb: {expressions: ["**.bulbs"]}',
      'resources:',
      '  lamp: {acquire: [{on: bulb, method: "create_{kind}"}], release: [{on: bulb, method: "delete_{kind}", handle: any-arg}]}',
      '',
    ].join('\n');
    const lines = ['def test_a(self):', '    lamp = self.lights.create_lamp()', '    self.addCleanup(self.lights.delete_lamp, lamp)', ''];
    expect(unmatched(project({ 'campsite.yaml': text, 'test_a.py': lines.join('\n') }), ['--statistics'])).toEqual([
      'campsite.yaml:4 resources.lamp.acquire[0] matches nothing in this run: no call is .create_{kind} on bulb',
      'campsite.yaml:4 resources.lamp.release[0] matches nothing in this run: no call is .delete_{kind} on bulb',
    ]);
    expect(unmatched(project({ 'campsite.yaml': text, 'test_a.py': lines.join('\n').replaceAll('lights', 'bulbs') }), ['--statistics'])).toEqual([]);
  });
});
