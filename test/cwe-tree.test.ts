/**
 * Is the tree of weaknesses that of CWE, and are their names? Against the catalog that Microsoft's SARIF tool carries, a development
 * dependency, read as bytes. It has one parent an entry. That each rule's ids lie below its pillar is asked of our tree, which the first
 * tests compare with the catalog.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { cweName } from '../src/findings/cwe.ts';
import { cweChain, cweTree, isKindOf } from '../src/findings/cwe-tree.ts';
import { PILLARS, pillarNamed } from '../src/findings/pillars.ts';
import { RULES } from '../src/rules/index.ts';
import { projectRoot } from './files.ts';

interface Entry {
  readonly title: string;
  readonly parent: string | undefined;
  readonly isDeprecated: boolean;
}

const catalog = new Map<string, Entry>();

/** The catalog is a SARIF file inside the tool's only file; its taxa stand in a row. */
beforeAll(() => {
  const bytes = readFileSync(join(projectRoot, 'node_modules', '@microsoft', 'sarif-multitool-linux', 'Sarif.Multitool'));
  const from = bytes.indexOf('Complete snapshot of the MITRE CWE catalog');
  const text = bytes.subarray(from, bytes.indexOf('\0', from)).toString('utf8');
  for (const [, id, properties] of text.matchAll(
    /"helpUri": "https:\/\/cwe\.mitre\.org\/data\/definitions\/(\d+)\.html",\s*"properties": (\{[^{}]*\})/g,
  )) {
    const p = JSON.parse(properties) as Record<string, string | undefined>;
    catalog.set(`CWE-${id}`, { title: p['cwe/title'] ?? '', parent: p['cwe/parent'], isDeprecated: p['cwe/status'] === 'Deprecated' });
  }
});

test('the catalog was found', () => {
  expect(catalog.size).toBeGreaterThan(900);
  expect(catalog.get('CWE-664')?.title).toBe('Improper Control of a Resource Through its Lifetime');
});

test('the tree is that of the catalog', () => {
  const wrong = [...catalog].flatMap(([id, { parent, isDeprecated }]) => {
    const own = cweChain(id)[1];
    const expected = isDeprecated ? undefined : parent;
    return own === expected ? [] : [`${id}: ${own} instead of ${expected}`];
  });
  expect(wrong).toEqual([]);
  const below = PILLARS.flatMap((p) => cweTree(p.cwe));
  expect(below.length).toBe([...catalog.values()].filter((e) => !e.isDeprecated).length);
  expect(new Set(below).size).toBe(below.length);
});

test('the names that we know are those of the catalog', () => {
  const plain = (text: string): string => text.replace(/['"`]/g, '').replace(/\s+/g, ' ').toLowerCase();
  const wrong = [...catalog].flatMap(([id, { title }]) =>
    cweName(id) === id || plain(cweName(id)) === plain(title) ? [] : [`${id}: ${cweName(id)} instead of ${title}`],
  );
  expect(wrong).toEqual([]);
});

describe('each rule names kinds of its pillar', () => {
  test.each(RULES.map((rule) => [rule.id, rule] as const))('%s', (_id, rule) => {
    expect(rule.cwe.filter((id) => !isKindOf(id, pillarNamed(rule.pillar).cwe) || !catalog.has(id))).toEqual([]);
  });
});
