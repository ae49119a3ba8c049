/**
 * Does docs/configuration.md tell the truth? Every YAML block in it is a project's file that loads without a complaint, and every
 * setting and section that the schema knows is named in it.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadConfiguration } from '../src/config/load.ts';
import { projectFile } from '../src/config/schema-project.ts';
import { projectRoot } from './files.ts';

const text = readFileSync(fileURLToPath(new URL('../docs/configuration.md', import.meta.url)), 'utf8');
const blocks = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1]);

test.each(blocks.map((block, index) => [index + 1, block] as const))('block %i loads', async (_index, block) => {
  const folder = mkdtempSync(join(tmpdir(), 'campsite-docs-'));
  try {
    writeFileSync(join(folder, 'campsite.yaml'), block);
    const { problems } = await loadConfiguration({ cwd: folder, root: folder });
    expect(problems.map(({ line, key, message }) => `${line} ${key}: ${message}`)).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('every key is spoken of', () => {
  const keys = Object.keys(projectFile.shape).filter((key) => key !== '$schema');
  expect(keys.filter((key) => !new RegExp(`(^|[\`\\s])${key}[\`:]`, 'm').test(text))).toEqual([]);
});

/** The items of the pattern language, each with a section here, a suite, and a configuration of its own that the sample's file extends. */
const ITEMS = 16;

test.each(Array.from({ length: ITEMS }, (_, i) => i + 1))('item %i of the pattern language has a section, a suite and its configuration', (item) => {
  const section = new RegExp(`^### ${item}\\. .*\\n([\\s\\S]*?)(?=^##)`, 'm').exec(text)?.[1] ?? '';
  const [, suite = ''] = /Sample: \[\w+\.py\]\(\.\.\/(samples\/[\w/-]+\.py)\)/.exec(section) ?? [];
  const number = String(item).padStart(2, '0');
  expect(suite).toMatch(new RegExp(`/test_${number}_\\w+\\.py$`));
  expect(existsSync(join(projectRoot, suite))).toBe(true);
  const folder = join(projectRoot, dirname(suite));
  const extended = readFileSync(join(folder, 'campsite.yaml'), 'utf8');
  const own = readdirSync(folder).filter((name) => name.startsWith(`${number}-`));
  expect(own).toHaveLength(1);
  expect(extended).toContain(`  - ./${own[0]}\n`);
  expect(section).toContain('```yaml');
});

test('every link leads somewhere', () => {
  const links = [...text.matchAll(/\]\(([^)#]+)(?:#[\w-]+)?\)/g)].map((match) => match[1] as string).filter((link) => !link.includes('://'));
  expect(links.length).toBeGreaterThan(ITEMS);
  expect(links.filter((link) => !existsSync(join(projectRoot, 'docs', link)))).toEqual([]);
});
