/**
 * Do the frameworks behave as the analysis believes? Each claim's program is run under the real framework and its events compared.
 *
 * A claim whose framework is not installed is not run, and says so. Nothing of the analysis is tested here: this is the ground it stands on.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { CLAIMS, type Claim, type Runner } from './framework-claims.ts';
import { python } from './python.ts';

const SAY =
  "import os\ndef say(event):\n    with open(os.environ['EVENTS'], 'a') as file:\n        file.write(event + '\\n')\nopen(os.environ['EVENTS'], 'a').close()\n";

const RUNNERS: Readonly<Record<Runner, { readonly modules: readonly string[]; readonly options: readonly string[] }>> = {
  unittest: { modules: ['unittest'], options: ['-m', 'unittest', '-q', 'test_claim'] },
  pytest: { modules: ['pytest'], options: ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', '-p', 'no:subtests', 'test_claim.py'] },
  testtools: { modules: ['testtools'], options: ['-m', 'testtools.run', 'test_claim'] },
  trial: {
    modules: ['twisted.trial'],
    options: ['-c', 'import os, sys; sys.path.insert(0, os.getcwd()); from twisted.scripts.trial import run; run()', 'test_claim'],
  },
};

const folder = mkdtempSync(join(tmpdir(), 'campsite-claims-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Events that the claim's program writes, in order. The exit code is not looked at: most programs fail on purpose. */
async function eventsOf(claim: Claim, interpreter: string): Promise<readonly string[]> {
  const cwd = mkdtempSync(join(folder, 'claim-'));
  const events = join(cwd, 'events.txt');
  writeFileSync(join(cwd, 'test_claim.py'), SAY + claim.program);
  const env = { ...process.env, EVENTS: events, PYTHONDONTWRITEBYTECODE: '1', PYTHONWARNINGS: 'ignore' };
  const said = await new Promise<string>((resolve) => {
    execFile(interpreter, RUNNERS[claim.runner].options, { cwd, env }, (_error, stdout, stderr) => resolve(`${stdout}${stderr}`));
  });
  if (!existsSync(events)) throw new Error(`the program was not loaded: ${said}`);
  return readFileSync(events, 'utf8').split('\n').slice(0, -1);
}

describe('frameworks', () => {
  test.concurrent.for(CLAIMS)('$runner: $sentence', async (claim, { skip, expect: check }) => {
    const modules = [...RUNNERS[claim.runner].modules, ...(claim.needs ?? [])];
    const interpreter = python(modules) ?? skip(`${modules.join(', ')} not installed here`);
    check(await eventsOf(claim, interpreter)).toEqual(claim.events);
  });

  test('no claim is made twice', () => {
    const sentences = CLAIMS.map(({ runner, sentence }) => `${runner}: ${sentence}`);
    expect(new Set(sentences).size).toBe(sentences.length);
  });
});
