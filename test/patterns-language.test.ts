/**
 * Does the pattern language mean what it says? Small packs written here, one for each feature: captures, conditions, types, classes,
 * managers, command lines, precedence.
 */
import { describe, expect, test } from 'vitest';
import type { Patterns } from '../src/config/call-view.ts';
import { readDocument } from '../src/config/document.ts';
import { printHandlePath } from '../src/config/handle-path.ts';
import { compilePatterns } from '../src/config/patterns.ts';
import { validatePack } from '../src/config/validate.ts';
import { call, constant, dynamic } from './config-calls.ts';

function patternsOf(yaml: string): Patterns {
  const { value, problems } = validatePack('own.yaml', readDocument(`id: own\ndescription: Test.\n${yaml}`, 'yaml'));
  expect(problems).toEqual([]);
  if (value === undefined) throw new Error('no pack');
  return compilePatterns([value]);
}

const kinds = (patterns: Patterns, view: Parameters<Patterns['acquisitions']>[0]) => patterns.acquisitions(view).map(({ kind }) => kind.kind);

describe('captures', () => {
  const patterns = patternsOf(`
types:
  client: {expressions: ["**.*_client"]}
resources:
  thing:
    title: "{kind}"
    acquire: [{on: client, method: "create_{kind}", handle: "return['{kind}']", except: [metadata, "*_rule"]}]
    release: [{on: client, method: "delete_{kind}", handle: any-arg}]
`);
  const view = (name: string) => call(`self.net_client.${name}`, { types: ['client'] });

  test('stand in the handle and in the title', () => {
    const [found] = patterns.acquisitions(view('create_security_group'));
    expect(found.kind.title).toBe('security group');
    expect(found.pattern.handles.map(printHandlePath)).toEqual(["return['security_group']"]);
    expect(found.captures).toEqual({ kind: 'security_group' });
    expect(patterns.acquisitions(view('create_security_group'))[0].kind).toBe(found.kind);
  });

  test('must agree between acquire and release', () => {
    const [found] = patterns.acquisitions(view('create_port'));
    expect(patterns.releases(view('delete_port'), found.kind, found.captures)).toHaveLength(1);
    expect(patterns.releases(view('delete_network'), found.kind, found.captures)).toEqual([]);
  });

  test('may be excepted', () => {
    expect(kinds(patterns, view('create_metadata'))).toEqual([]);
    expect(kinds(patterns, view('create_group_rule'))).toEqual([]);
  });

  test('need the receiver type', () => {
    expect(kinds(patterns, call('self.net_client.create_port'))).toEqual([]);
    expect(patterns.typesOfExpression('self.os_admin.net_client', [])).toEqual(['client']);
    expect(patterns.typesOfExpression('self.net', [])).toEqual([]);
  });
});

describe('conditions', () => {
  const patterns = patternsOf(`
resources:
  a: {acquire: [{call: f, when: {detach: true, "0|name": {matches: "sqlite:*"}}}]}
  b: {acquire: [{call: g, when: {group: absent, keep: falsy}}]}
  d: {acquire: [{call: k, when: {0: {second: 0}}}]}
  c: {acquire: [{call: h, when: {1: present, out: {name: subprocess.PIPE}}}]}
`);
  test.each([
    ['all hold', call('f', { positional: [constant('sqlite:x')], keywords: { detach: constant(true) } }), ['a']],
    ['by keyword', call('f', { keywords: { name: constant('sqlite:'), detach: constant(true) } }), ['a']],
    ['the text does not match', call('f', { positional: [constant('postgres:x')], keywords: { detach: constant(true) } }), []],
    [
      'the beginning of a computed text',
      call('f', { positional: [{ dynamic: true, prefix: 'sqlite:///' }], keywords: { detach: constant(true) } }),
      ['a'],
    ],
    ['not known', call('f', { positional: [constant('sqlite:x')], keywords: { detach: dynamic } }), []],
    ['nothing given', call('g'), ['b']],
    ['given as false', call('g', { keywords: { keep: constant(false) } }), ['b']],
    ['given as true', call('g', { keywords: { keep: constant(true) } }), []],
    ['given at all', call('g', { keywords: { group: dynamic } }), []],
    ['the port of an address', call('k', { positional: [{ dynamic: true, second: 0 }] }), ['d']],
    ['another port', call('k', { positional: [{ dynamic: true, second: 80 }] }), []],
    ['no address', call('k', { positional: [constant(0)] }), []],
    ['a name', call('h', { positional: [dynamic, dynamic], keywords: { out: { dynamic: true, name: 'subprocess.PIPE' } } }), ['c']],
    ['another name', call('h', { positional: [dynamic, dynamic], keywords: { out: { dynamic: true, name: 'sys.stdout' } } }), []],
  ])('%s', (_name, view, expected) => {
    expect(kinds(patterns, view)).toEqual(expected);
  });
});

describe('where a pattern holds', () => {
  const patterns = patternsOf(`
resources:
  work:
    acquire: [{expression: "**.api.post_server", unless-inside: [assertRaises, pytest.raises], in-classes: ["base.*"]}]
  row: {acquire: [{method: run, command: "{kind} create"}], release: [{method: run, command: "{kind} delete", handle: any-arg}]}
`);
  const bases = ['base.TestCase'];

  test('not inside a manager that expects a failure', () => {
    expect(kinds(patterns, call('self.api.post_server', { bases }))).toEqual(['work']);
    expect(kinds(patterns, call('self.api.post_server', { bases, managers: ['self.assertRaises'] }))).toEqual([]);
    expect(kinds(patterns, call('self.api.post_server', { bases, managers: ['pytest.raises'] }))).toEqual([]);
  });

  test('only in classes with the base', () => {
    expect(kinds(patterns, call('self.api.post_server', { bases: ['other.TestCase'] }))).toEqual([]);
  });

  test('command lines, with the words in front captured', () => {
    const run = (text: string) => call('self.run', { positional: [{ dynamic: true, prefix: text }] });
    const [found] = patterns.acquisitions(run('security group  create --name '));
    expect(found.captures).toEqual({ kind: 'security group' });
    expect(patterns.releases(run('security group delete '), found.kind, found.captures)).toHaveLength(1);
    expect(patterns.releases(run('server delete '), found.kind, found.captures)).toEqual([]);
    expect(kinds(patterns, run('server creates'))).toEqual([]);
  });
});

describe('precedence', () => {
  test('the more exact name wins over a generic kind, kinds of one rank stand together', () => {
    const patterns = patternsOf(`
resources:
  generic: {acquire: [{method: "create_{kind}"}]}
  server: {acquire: [{method: create_server}]}
  exact: {acquire: [{expression: "**.admin.create_server"}]}
  name: {acquire: [pkg.make]}
  disk: {acquire: [pkg.make]}
`);
    expect(kinds(patterns, call('x.create_volume'))).toEqual(['generic']);
    expect(kinds(patterns, call('x.create_server'))).toEqual(['server']);
    expect(kinds(patterns, call('self.admin.create_server'))).toEqual(['exact']);
    expect(kinds(patterns, call('pkg.make'))).toEqual(['name', 'disk']);
  });

  test('an alias is found by its canonical name', () => {
    const patterns = patternsOf('resources: {p: {acquire: [subprocess.Popen]}}');
    expect(kinds(patterns, { ...call('P'), importPath: 'subprocess.Popen' })).toEqual(['p']);
  });

  test('names that could acquire are listed', () => {
    const patterns = patternsOf('resources: {p: {acquire: [subprocess.Popen, .connect]}}');
    expect([...patterns.acquireNames].sort()).toEqual(['Popen', 'connect']);
    expect(patterns.hasWildcardAcquire).toBe(false);
    expect(patternsOf('resources: {p: {acquire: [".create_*"]}}').hasWildcardAcquire).toBe(true);
  });
});

describe('speed', () => {
  test('a call that nobody knows costs little', async () => {
    const { shippedPacks } = await import('../src/config/load-packs.ts');
    const patterns = compilePatterns((await shippedPacks()).packs);
    const views = Array.from({ length: 1000 }, (_, i) => call(`x.method_${i}`));
    for (const view of views) patterns.acquisitions(view);
    const started = performance.now();
    for (let round = 0; round < 100; round++) for (const view of views) patterns.acquisitions(view);
    // 100,000 questions: some 10 ms on a quiet machine; a linear walk over the patterns would take seconds.
    expect(performance.now() - started).toBeLessThan(500);
  });
});
