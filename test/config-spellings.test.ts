/**
 * Is one configuration the same in every spelling, sections and settings alike, and does the schema that editors use describe every key?
 *
 * The configuration is that of a sample, with settings besides; its other spellings are made from it, not written by hand.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { stringify as stringifyToml } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { configurationSchema } from '../src/config/json-schema.ts';
import { loadConfiguration } from '../src/config/load.ts';
import { filesBelow, projectRoot } from './files.ts';

const SECTIONS = readFileSync(join(projectRoot, 'samples', '18-a-client-nobody-knows', 'campsite.yaml'), 'utf8');
const SETTINGS = {
  paths: ['tests', 'more/tests'],
  exclude: 'tests/data/**',
  snippets: 'patterns',
  runner: 'pytest',
  'extend-select': ['path-from-input'],
  ignore: 'float-equality',
  severity: { 'never-released': 'error' },
  'per-path': { 'tests/legacy/**': { ignore: ['flow'] } },
  baseline: '.campsite-baseline',
  'required-version': '>=0.1',
  'require-reason': true,
  'disable-packs': ['aws'],
  'disable-kinds': 'thread',
};
const WHOLE = { ...SETTINGS, ...(parse(SECTIONS) as object) };
const PYPROJECT = stringifyToml({ project: { name: 'x' }, tool: { campsite: WHOLE } });

/** The same settings in INI, which has no structure for sections: they lie in a file that is extended. */
const SETUP_CFG = `[metadata]
name = x

[tool:campsite]
extends = ./resources.yaml
paths =
    tests
    more/tests
exclude = tests/data/**
snippets = patterns
runner = pytest
extend-select = path-from-input
ignore = float-equality
baseline = .campsite-baseline
required-version = >=0.1
require-reason = true
disable-packs = aws
disable-kinds = thread

[tool:campsite.severity]
never-released = error

[tool:campsite.per-path.tests/legacy/**]
ignore = flow
`;

async function resolved(files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'campsite-spelling-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const { settings, packs, problems } = await loadConfiguration({ cwd: folder, root: folder, version: '0.1.0' });
    expect(problems.map(({ line, key, message }) => `${line} ${key}: ${message}`)).toEqual([]);
    // Where a pack was read is not what it says.
    const named = packs.map((pack) => (pack.source.startsWith('config/') ? pack : { ...pack, id: 'own', source: '' }));
    return { settings, packs: JSON.parse(JSON.stringify(named).replaceAll('"pack":"resources.yaml"', '"pack":"project"')) as unknown };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('one configuration, settings and sections, in every spelling', () => {
  const yaml = `${SECTIONS}\n${Object.entries(SETTINGS)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
    .join('\n')}\n`;

  test.each<[string, Readonly<Record<string, string>>]>([
    ['campsite.json', { 'campsite.json': JSON.stringify(WHOLE, null, 2) }],
    ['campsite.toml', { 'campsite.toml': stringifyToml(WHOLE) }],
    ['pyproject.toml', { 'pyproject.toml': PYPROJECT }],
    ['setup.cfg', { 'setup.cfg': SETUP_CFG, 'resources.yaml': SECTIONS }],
    ['.campsiterc', { '.campsiterc': yaml }],
  ])('%s says what campsite.yaml says', async (_name, files) => {
    const expected = await resolved({ 'campsite.yaml': yaml });
    expect(expected.settings).toMatchObject({ runner: 'pytest', snippets: ['patterns'], disableKinds: ['thread'], ignore: ['float-equality'] });
    expect(await resolved(files)).toEqual(expected);
  });
});

describe('the schema for editors', () => {
  const schema = JSON.parse(configurationSchema()) as Schema;

  interface Schema {
    readonly $ref?: string;
    readonly description?: string;
    readonly properties?: Readonly<Record<string, Schema>>;
    readonly additionalProperties?: Schema | boolean;
    readonly items?: Schema;
    readonly prefixItems?: readonly Schema[];
    readonly anyOf?: readonly Schema[];
    readonly oneOf?: readonly Schema[];
    readonly allOf?: readonly Schema[];
    readonly $defs?: Readonly<Record<string, Schema>>;
  }

  /** Large parts that occur several times lie under $defs, with their description. */
  const described = (at: Schema): string | undefined =>
    at.description ?? (at.$ref === undefined ? undefined : schema.$defs?.[at.$ref.slice('#/$defs/'.length)]?.description);

  /** Keys without a description, as paths. */
  function undescribed(at: Schema, path: string, seen: Set<Schema>): readonly string[] {
    if (seen.has(at)) return [];
    seen.add(at);
    const own = Object.entries(at.properties ?? {}).flatMap(([key, value]) => [
      ...((described(value)?.length ?? 0) < 5 ? [`${path}.${key}`] : []),
      ...undescribed(value, `${path}.${key}`, seen),
    ]);
    const parts = [
      at.items,
      ...(at.prefixItems ?? []),
      ...(at.anyOf ?? []),
      ...(at.oneOf ?? []),
      ...(at.allOf ?? []),
      ...Object.values(at.$defs ?? {}),
    ];
    const rest = typeof at.additionalProperties === 'object' ? [at.additionalProperties] : [];
    return [...own, ...[...parts, ...rest].flatMap((part) => (part === undefined ? [] : undescribed(part, path, seen)))];
  }

  test('every key has a description', () => {
    expect(undescribed(schema, '', new Set())).toEqual([]);
    expect(undescribed({ properties: { a: { anyOf: [{ properties: { b: {} } }] } } }, '', new Set())).toEqual(['.a', '.a.b']);
  });

  test("accepts every configuration of the samples, and those of the documentation's blocks", () => {
    const validate = new Ajv2020({ strict: false, allErrors: true }).compile(schema);
    const files = filesBelow(join(projectRoot, 'samples'), /\.yaml$/).map((path) => [path, readFileSync(path, 'utf8')] as const);
    const documentation = readFileSync(join(projectRoot, 'docs', 'configuration.md'), 'utf8');
    const blocks = [...documentation.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match, i) => [`block ${i + 1}`, match[1] as string] as const);
    expect(files.length).toBeGreaterThan(16);
    for (const [name, text] of [...files, ...blocks]) {
      validate(parse(text));
      expect([name, validate.errors ?? []]).toEqual([name, []]);
    }
  });
});
