/**
 * Are the shipped packs sound? They validate, against the JSON Schema too; every name in them means something; the printed schema is fresh.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { configurationSchema } from '../src/config/json-schema.ts';
import { packFolder, shippedPacks, snapshotOf } from '../src/config/load-packs.ts';
import type { Pack } from '../src/config/model.ts';
import { patternsOf } from '../src/config/references.ts';

const FOLDER = packFolder();
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));
let packs: readonly Pack[] = [];

beforeAll(async () => {
  const shipped = await shippedPacks();
  expect(shipped.problems).toEqual([]);
  packs = shipped.packs;
});

test('config/schema.json is what the schema prints', () => {
  const file = join(FOLDER, 'schema.json');
  if (process.env.UPDATE) writeFileSync(file, configurationSchema());
  expect(readFileSync(file, 'utf8'), 'write it anew: UPDATE=1 npx vitest run test/config-packs').toBe(configurationSchema());
});

describe('the JSON Schema', () => {
  const validate = new Ajv2020({ strict: false, allErrors: true }).compile(JSON.parse(configurationSchema()) as object);

  test.each(FILES)('accepts %s', (name) => {
    validate(parse(readFileSync(join(FOLDER, name), 'utf8')));
    expect(validate.errors ?? []).toEqual([]);
  });

  test('accepts the shorthands and refuses what the loader refuses', () => {
    expect(
      validate({ paths: 'tests', resources: { lamp: { acquire: 'light.on', release: ['.off', { method: 'burn' }], 'context-manager': true } } }),
    ).toBe(true);
    expect(validate({ runer: 'pytest' })).toBe(false);
    expect(validate({ resources: { lamp: { release_all: [] } } })).toBe(false);
    expect(validate({ runner: 'nose' })).toBe(false);
  });
});

describe('the packs', () => {
  test('describe no kind, state or fixture twice', () => {
    const kinds = packs.flatMap((pack) => [...pack.resources, ...pack.state].map(({ kind }) => kind));
    expect(kinds.filter((kind, index) => kinds.indexOf(kind) !== index)).toEqual([]);
    const fixtures = packs.flatMap((pack) => pack.fixtures.map(({ name }) => name));
    expect(fixtures.filter((name, index) => fixtures.indexOf(name) !== index)).toEqual([]);
  });

  test('name only kinds and types that exist', () => {
    const kinds = new Set(packs.flatMap((pack) => [...pack.resources, ...pack.state].map(({ kind }) => kind)));
    const types = new Set(packs.flatMap((pack) => pack.types.map(({ name }) => name)));
    const missing: string[] = [];
    for (const pack of packs) {
      for (const { path, pattern } of patternsOf(pack))
        if (pattern.on !== undefined && !types.has(pattern.on)) missing.push(`${pack.id}: ${path.join('.')}: type ${pattern.on}`);
      const names = [
        ...pack.managed.flatMap((scope) => [...scope.kinds, ...scope.except]),
        ...pack.resources.flatMap((resource) => resource.ownedBy),
        ...pack.sweepers.flatMap((sweeper) => sweeper.kinds),
        ...pack.order.flat(),
      ];
      for (const name of names) if (name !== '*' && !kinds.has(name)) missing.push(`${pack.id}: kind ${name}`);
      for (const type of pack.fixtures.flatMap((fixture) => fixture.types))
        if (!types.has(type)) missing.push(`${pack.id}: type ${type} of a fixture`);
    }
    expect(missing).toEqual([]);
  });

  test('every kind can be acquired and given back', () => {
    const faulty = packs.flatMap((pack) =>
      pack.resources
        .filter((kind) => kind.acquire.length === 0 || (kind.release.length === 0 && kind.releaseAll.length === 0 && kind.settledBy.length === 0))
        .map(({ kind }) => `${pack.id}: ${kind}`),
    );
    expect(faulty).toEqual([]);
  });

  test('a call is meant where a call is written: no lower-case list of methods without its dot', () => {
    // `{wait,communicate}` would be builtins of that name; methods begin with a dot, expressions with self or stars.
    const odd = packs.flatMap((pack) =>
      patternsOf(pack)
        .filter(({ path, pattern }) => path[0] === 'resources' && path[2] === 'release' && pattern.call !== undefined && !/[.]/.test(pattern.call))
        .filter(({ pattern }) => !/^\{?open|^\{?(list|tuple|set|sorted)/.test(pattern.call ?? ''))
        .map(({ path }) => `${pack.id}: ${path.join('.')}`),
    );
    expect(odd).toEqual([]);
  });

  test('packs other than the core say when they apply', () => {
    const core = ['python', 'unittest', 'pytest', 'mock', 'boundaries'];
    expect(
      packs.filter(({ id, appliesTo }) => !core.includes(id) && appliesTo.imports.length + appliesTo.bases.length === 0).map(({ id }) => id),
    ).toEqual([]);
  });

  test('the snapshot for the package holds the same packs', async () => {
    const snapshot = JSON.parse(await snapshotOf(FOLDER)) as { readonly packs: readonly Pack[]; readonly sizes: Readonly<Record<string, number>> };
    expect(snapshot.packs).toEqual(JSON.parse(JSON.stringify(packs)));
    expect(Object.keys(snapshot.sizes)).toEqual([...FILES].sort());
  });
});
