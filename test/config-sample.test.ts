/**
 * Do the snippets beside the samples' configurations hold, and do they notice when a pattern is broken?
 *
 * The sample is a client that no pack knows; what its tests find is asked in samples.test.ts, here the command that its users run.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runSnippets } from '../src/app/snippets.ts';
import { projectRoot } from './files.ts';

const SAMPLE = join(projectRoot, 'samples', '18-a-client-nobody-knows');
const folder = mkdtempSync(join(tmpdir(), 'campsite-sample-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the snippets hold, and leave out no kind', async () => {
  const result = await runSnippets({ cwd: SAMPLE, paths: [] });
  expect(result.disagreements).toEqual([]);
  expect(result).toMatchObject({ files: ['campsite-snippets/queues.py'], expectations: 6, silent: [], unseen: [] });
});

test.each<[string, string, string]>([
  ['a renamed acquisition', 'method: declare_queue', 'method: create_queue'],
  ['a renamed release', 'method: drop_queue', 'method: delete_queue'],
  ['a handle at another place', 'method: drop_queue, handle: "arg[0]|kw.name"', 'method: drop_queue, handle: "arg[1]"'],
  ['a type that no receiver has', 'constructors: [postbox.Pool]', 'constructors: [postbox.Pond]'],
  ['a type that is not asked for', '{on: pool, method: lease}', '{method: lease}'],
  ['a sweeper that forgets the prefix', ', prefix: self.prefix', ''],
  ['a sweeper that is gone', 'expression: self.sweep', 'expression: self.clean'],
])('%s is noticed', async (_name, before, after) => {
  cpSync(SAMPLE, folder, { recursive: true });
  const text = readFileSync(join(SAMPLE, 'campsite.yaml'), 'utf8');
  expect(text).toContain(before);
  writeFileSync(join(folder, 'campsite.yaml'), text.replace(before, after));
  expect((await runSnippets({ cwd: folder, paths: [] })).disagreements).not.toEqual([]);
});
