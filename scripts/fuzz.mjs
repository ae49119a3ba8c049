#!/usr/bin/env node
/**
 * The long fuzz run: `npm run fuzz -- [--minutes=N] [--seed=N] [FOLDERS…]`; FOLDERS hold Python tests, by default samples/ only.
 *
 * The cases run in a process of their own. One that says nothing for a minute is a hang: it is killed, its case is named, and the next process
 * goes on with other seeds. Failures lie, cut down, in the folder that is printed; the exit code is 1 where there were any.
 */
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const project = dirname(dirname(fileURLToPath(import.meta.url)));
/** Fifty cases take a few seconds; a failure's reduction up to a minute. */
const SILENCE_MS = 120_000;
/** Seeds of one process; the next one starts beyond them. */
const SEEDS_A_PROCESS = 1_000_000;

const option = (name, otherwise) => Number(process.argv.find((a) => a.startsWith(`--${name}=`))?.split('=')[1] ?? otherwise);
const given = process.argv
  .slice(2)
  .filter((a) => !a.startsWith('--'))
  .map((path) => resolve(path));
const sources = given.length > 0 ? given : [join(project, 'samples')];
const end = Date.now() + option('minutes', 10) * 60_000;
// Beside the packages that it imports, and not in dist/, which a build empties.
const bundle = mkdtempSync(join(project, 'node_modules', '.fuzz-'));
const folder = mkdtempSync(join(tmpdir(), 'campsite-fuzz-'));
let seed = option('seed', Math.floor(Date.now() / 1000));
let failures = 0;
let cases = 0;

/** Runs one process until it ends or falls silent; false where it died at once. */
function runOnce(minutes) {
  return new Promise((done) => {
    const child = spawn(process.execPath, [join(bundle, 'main.mjs'), String(minutes), String(seed), folder, ...sources], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let hung = false;
    let ended = false;
    let mine = 0;
    let silence;
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(() => {
        hung = true;
        child.kill('SIGKILL');
      }, SILENCE_MS);
    };
    heard();
    createInterface({ input: child.stdout }).on('line', (line) => {
      heard();
      const said = JSON.parse(line);
      if (said.fault !== undefined) {
        failures++;
        console.log(`seed ${said.seed}: ${said.fault}\n  ${join(folder, `failure-${said.seed}.py`)} (${said.lines} lines)`);
      } else mine = said.cases;
      ended ||= said.done === true;
    });
    child.once('close', (code, signal) => {
      clearTimeout(silence);
      cases += mine;
      if (!ended) {
        failures++;
        const kept = join(folder, `${hung ? 'hang' : 'death'}-${seed}.py`);
        if (existsSync(join(folder, 'case.py'))) copyFileSync(join(folder, 'case.py'), kept);
        console.log(`${hung ? 'hang' : `the process died (${code ?? signal})`}: ${kept}`);
      }
      // One that died before it said anything will do so again: the fault is in the run, not in a case.
      done(ended || mine > 0 || hung);
    });
  });
}

try {
  await build({
    absWorkingDir: project,
    entryPoints: ['test/bench/fuzz-main.ts'],
    outfile: join(bundle, 'main.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['piscina', 'tree-sitter', 'tree-sitter-python', 'typescript'],
    logLevel: 'warning',
    sourcemap: 'inline',
    banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
  });
  console.log(`fuzzing from seed ${seed}, cases and failures in ${folder}`);
  while (Date.now() < end) {
    if (!(await runOnce((end - Date.now()) / 60_000))) break;
    seed += SEEDS_A_PROCESS;
  }
} finally {
  rmSync(bundle, { recursive: true, force: true });
}
console.log(`${cases} cases, ${failures} failures`);
process.exitCode = failures > 0 ? 1 : 0;
