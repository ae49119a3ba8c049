/**
 * Does learning find again what a suite's own configuration would say? A small suite of a depot's client, written here: what is given back
 * as a cleanup, in `finally`, in a teardown of a base class, behind a `yield`, through an indirection, a helper, a collection; and calls
 * that look like it and are none.
 *
 * Rediscovery is measured with the very patterns that the suite's configuration has: a proposal counts where they match its examples.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LearnResult, learn } from '../src/app/learn.ts';
import { loadConfiguration } from '../src/config/load.ts';
import { compilePatterns } from '../src/config/patterns.ts';
import { type Fit, fitOf, thingOf } from '../src/learn/names.ts';
import { CallSite } from '../src/program/call-site.ts';

const SUITE: Readonly<Record<string, string>> = {
  'tests/base.py': `
import unittest

class DepotCase(unittest.TestCase):
    def setUp(self):
        self.crates = []
        self.crane = self.depot.hire_crane()

    def tearDown(self):
        for crate in self.crates:
            self.depot.delete_crate(crate["id"])
        self.depot.dismiss_crane(self.crane)

    def make_shelf(self, name):
        shelf = self.depot.create_shelf(name)
        self.addCleanup(ignoring_gone, self.depot.delete_shelf, shelf["id"])
        return shelf
`,
  'tests/test_crates.py': `
from tests.base import DepotCase

class Crates(DepotCase):
    def test_one(self):
        crate = self.depot.create_crate("a")
        self.crates.append(crate)
        self.assertEqual("a", self.depot.get_crate(crate["id"])["name"])

    def test_two(self):
        first, second = self.depot.create_crate("a"), self.depot.create_crate("b")
        self.crates.append(first)
        self.crates.append(second)
        self.assertEqual(2, len(self.depot.list_crates()))

    def test_shelf(self):
        shelf = self.make_shelf("s")
        self.assertTrue(self.depot.get_shelf(shelf["id"]))

    def test_hidden_shelf(self):
        shelf = self.depot.create_shelf("t", hidden=True)
        self.addCleanup(self.depot.delete_shelf, shelf["id"])
`,
  'tests/test_cranes.py': `
import unittest

class Cranes(unittest.TestCase):
    def setUp(self):
        self.big = self.depot.hire_crane()

    def tearDown(self):
        self.depot.dismiss_crane(self.big)

    def test_reach(self):
        self.assertEqual(9, self.big.reach)
`,
  'tests/test_trucks.py': `
import functools
import pytest
from depot import Truck, open_gate, random_name

@pytest.fixture
def truck():
    truck = Truck.order(random_name())
    yield truck
    truck.send_back()

@pytest.fixture
def ramp(depot):
    depot.lock_ramp("north")
    yield depot
    depot.unlock_ramp("north")

def test_gate():
    gate = open_gate(random_name())
    try:
        assert gate.is_open
    finally:
        gate.close()

def test_other_gate():
    gate = open_gate(random_name())
    try:
        assert gate.name
    finally:
        gate.close()

def test_pump(depot, request):
    depot.pump.start()
    request.addfinalizer(depot.pump.stop)
    assert depot.pump.runs

def test_lease(depot, request):
    pallet = depot.pallets.lease()
    request.addfinalizer(functools.partial(depot.pallets.give_back, pallet))
    assert pallet.name

def test_leases(depot, request):
    pallet = depot.pallets.lease()
    request.addfinalizer(lambda: depot.pallets.give_back(pallet))
    for name in (random_name(), random_name()):
        depot.label(pallet, name)
`,
};

/** What somebody who knows the depot would write. */
const CONFIGURATION = `
resources:
  crate: {acquire: [{method: create_crate}], release: [{method: delete_crate, handle: any-arg}], identities: ["['id']"]}
  crane: {acquire: [{method: hire_crane}], release: [{method: dismiss_crane, handle: any-arg}]}
  shelf: {acquire: [{method: create_shelf}], release: [{method: delete_shelf, handle: any-arg}], identities: ["['id']"]}
  truck: {acquire: [depot.Truck.order], release: [.send_back]}
  gate: {acquire: [depot.open_gate], release: [.close]}
  ramp: {acquire: [{method: lock_ramp, handle: "arg[0]"}], release: [{method: unlock_ramp, handle: any-arg}]}
  pump: {acquire: [{expression: "**.pump.start", handle: receiver}], release: [.stop]}
  pallet: {acquire: [{method: lease}], release: [{method: give_back, handle: any-arg}]}
`;
const KINDS = ['crane', 'crate', 'gate', 'pallet', 'pump', 'ramp', 'shelf', 'truck'];
/** They look at things, or make names. */
const DECOYS = ['get_crate', 'list_crates', 'get_shelf', 'random_name', 'label'];

const folder = mkdtempSync(join(tmpdir(), 'campsite-learn-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let learned: LearnResult;
beforeAll(async () => {
  for (const [path, text] of Object.entries(SUITE)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  writeFileSync(join(folder, 'known.yaml'), CONFIGURATION);
  learned = await learn({ root: folder, cwd: folder, paths: [], limit: 20 });
});

/** The kinds of the suite's configuration that a proposal's examples show acquired and released. */
async function rediscovered(): Promise<readonly string[]> {
  const { packs } = await loadConfiguration({ cwd: folder, root: folder, configPath: 'known.yaml' });
  const patterns = compilePatterns(packs.filter(({ id }) => id === 'project'));
  const { values } = learned.session;
  return learned.proposals.flatMap(({ examples }) =>
    examples.flatMap(({ site: { instr, scope }, released: { use } }) => {
      const acquired = patterns.acquisitions(new CallSite({ callee: instr.callee, args: instr.args, at: instr }, scope, values, patterns));
      const release = new CallSite({ callee: use.callee, args: [], at: use.instr }, use.scope, values, patterns);
      return acquired.filter((m) => patterns.releases(release, m.kind, m.captures).length > 0).map((m) => m.kind.kind);
    }),
  );
}

describe('a suite whose pairs are known', () => {
  test('all of them are found again, and no decoy', async () => {
    expect([...new Set(await rediscovered())].sort()).toEqual(KINDS);
    const names = learned.proposals.map(({ acquire }) => acquire.name.slice(acquire.name.lastIndexOf('.') + 1));
    expect(names.filter((name) => DECOYS.includes(name))).toEqual([]);
    expect(learned.proposals).toHaveLength(KINDS.length);
  });

  test('what the base class and the helper do counts', () => {
    const of = (name: string) => learned.proposals.find(({ acquire }) => acquire.name === name);
    expect(of('create_crate')).toMatchObject({ together: 3, apart: 0, identities: ["['id']"], mode: 'result' });
    expect(of('create_shelf')).toMatchObject({ together: 2, apart: 0 });
    expect(of('lock_ramp')).toMatchObject({ mode: 'argument', position: 'arg[0]' });
    expect(of('start')).toMatchObject({ mode: 'receiver' });
  });

  test('the text loads as a configuration and acquires what it was learned from', async () => {
    writeFileSync(join(folder, 'learned.yaml'), learned.text);
    const { packs, problems } = await loadConfiguration({ cwd: folder, root: folder, configPath: 'learned.yaml' });
    expect(problems.map(({ line, message }) => `${line}: ${message}`)).toEqual([]);
    const patterns = compilePatterns(packs.filter(({ id }) => id === 'project'));
    for (const { examples, kind } of learned.proposals) {
      const { instr, scope } = (examples[0] as (typeof examples)[number]).site;
      const view = new CallSite({ callee: instr.callee, args: instr.args, at: instr }, scope, learned.session.values, patterns);
      expect(patterns.acquisitions(view).map((m) => m.kind.kind)).toContain(kind);
    }
    expect(learned.text).toMatch(/tests\/test_trucks\.py:\d+: gate = open_gate\(random_name\(\)\)\n.*line \d+, in finally: gate\.close\(\)/);
  });

  test('what the configuration knows is not proposed again', async () => {
    const again = await learn({ root: folder, cwd: folder, paths: [], configPath: 'known.yaml', limit: 20 });
    expect(again.proposals.map(({ acquire }) => acquire.name)).toEqual([]);
    expect(again.text).toContain('No pair was seen that no pack knows');
  });

  test('an indirection that nobody knows is proposed once it is seen twice', async () => {
    const file = join(folder, 'tests/test_more.py');
    writeFileSync(file, (SUITE['tests/base.py'] as string).replace('DepotCase', 'OtherCase').replace('make_shelf', 'make_box'));
    try {
      expect((await learn({ root: folder, cwd: folder, paths: [], limit: 20 })).text).toMatch(
        /indirections:\n.* 2 times; .*\n {2}- \{call: ignoring_gone\}/,
      );
    } finally {
      rmSync(file);
    }
    expect(learned.text).not.toContain('indirections');
  });

  test('the same files give the same text', async () => {
    expect((await learn({ root: folder, cwd: folder, paths: ['tests/test_trucks.py', 'tests/base.py', 'tests'], limit: 20 })).text).toBe(
      learned.text,
    );
  });
});

describe('names', () => {
  test.each<[string, string, Fit]>([
    ['create_server', 'delete_server', 'named'],
    ['create_test_servers', '_try_delete_server', 'named'],
    ['add_host_to_group', 'remove_host_from_group', 'named'],
    ['mkdtemp', 'rmtree', 'named'],
    ['createServer', 'deleteServer', 'named'],
    ['start', 'stop', 'opposite'],
    ['lease', 'give_back', 'opposite'],
    ['mount', 'umount', 'opposite'],
    ['connect', 'disconnect', 'opposite'],
    ['Client', 'close', 'release'],
    ['TemporaryDirectory', 'cleanup', 'release'],
    ['create_user', 'delete_group_user', 'other-noun'],
    ['create_backup', 'delete_image', 'other-noun'],
    ['create_server', 'get_server', 'none'],
    ['create_server', 'append', 'none'],
  ])('%s, %s: %s', (acquire, release, fit) => {
    expect(fitOf(acquire, release)).toBe(fit);
  });

  test.each([
    ['create_network', 'network'],
    ['create_security_groups', 'security-group'],
    ['TemporaryDirectory', 'temporary-directory'],
    ['socket', 'socket'],
    ['mkdtemp', 'mkdtemp'],
    ['open', 'open'],
    ['__enter__', 'enter'],
    ['', 'thing'],
  ])('%s makes a %s', (name, thing) => {
    expect(thingOf(name)).toBe(thing);
  });
});
