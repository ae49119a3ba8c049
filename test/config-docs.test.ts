/**
 * Does docs/configuration.md tell the truth? Every YAML block in it is a project's file that loads without a complaint, and every
 * setting and section that the schema knows is named in it.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadConfiguration } from '../src/config/load.ts';
import { projectFile } from '../src/config/schema-project.ts';

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
  const keys = Object.keys(projectFile.shape).filter((key) => !['$schema', 'fixtures', 'stubs', 'iterators', 'units'].includes(key));
  expect(keys.filter((key) => !new RegExp(`(^|[\`\\s])${key}[\`:]`, 'm').test(text))).toEqual([]);
});
