#!/usr/bin/env node
/**
 * How fast is the analysis, compared with its parser and with the stored run? `npm run bench -- [--save] [--phases] [ROOT [PATHS…]]`.
 *
 * First the analysis inside a process, then the command as users run it (bench-runs.mjs).
 * Without arguments it measures samples/. The two measurements run in processes of their own, so that neither warms the other up. Ratios are
 * of CPU time and comparable between machines; the baseline (test/bench/baseline.json) keeps them under the suite's name, and a run that is
 * more than a fifth slower says so. Never fails on a time: a busy machine is no error. What the analysis could not do is printed in full.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { timeRuns } from './bench-runs.mjs';
import { plainLoops } from './plain-loops.mjs';

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const baselineFile = join(project, 'test', 'bench', 'baseline.json');
/** Slower than the stored ratio by more than this is worth a line: repeated runs differ by about a tenth. */
const TOLERANCE = 1.2;
/** Rules shown one by one. */
const SHOWN_RULES = 12;

const options = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const [root = join(project, 'samples'), ...paths] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const suite = [basename(resolve(root)), ...paths].join(' ');

/** Bundles into dist/, beside the grammar and the validated packs that a user's run reads, and removes the bundle afterwards. */
async function bundled(work) {
  const program = join(project, 'dist', `bench.${process.pid}.tmp.mjs`);
  try {
    await build({
      absWorkingDir: project,
      entryPoints: ['test/bench/main.ts'],
      outfile: program,
      bundle: true,
      plugins: [plainLoops(join(project, 'src'))],
      format: 'esm',
      platform: 'node',
      target: 'node20',
      external: ['piscina', 'tree-sitter', 'tree-sitter-python', 'typescript'],
      logLevel: 'warning',
      banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
    });
    return work(program);
  } finally {
    rmSync(program, { force: true });
  }
}

function measure(program, mode) {
  const { status, stdout } = spawnSync(process.execPath, [program, mode, resolve(root), ...paths], {
    cwd: resolve(root),
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`the measurement ended with ${status}`);
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`.padStart(9);
const baseline = existsSync(baselineFile) ? JSON.parse(readFileSync(baselineFile, 'utf8')) : {};

await bundled((program) => {
  const { floor, check, memory, tests, findings, internal } = measure(program, 'floor-check');
  const ratio = check.cpu / floor.cpu;
  console.log(`${suite}: ${floor.files} files, ${floor.lines} lines, ${tests} tests, ${findings} findings`);
  console.log(`  floor (parse only)  ${seconds(floor.cpu)} cpu  ${seconds(floor.wall)} wall`);
  console.log(
    `  check, cold         ${seconds(check.cpu)} cpu  ${seconds(check.wall)} wall   ${ratio.toFixed(2)} x floor   ${Math.round((check.cpu / floor.lines) * 1000)} us a line`,
  );
  console.log(`  memory              ${Math.round(memory / 2 ** 20)} MiB`);
  for (const [name, ms] of Object.entries(timeRuns(join(project, 'dist', 'cli.js'), resolve(root), paths)))
    console.log(`  ${name.padEnd(20)}${seconds(ms)} wall ${(ms / floor.wall).toFixed(2).padStart(19)} x floor`);
  for (const problem of internal)
    console.log(`  ${problem.kind}: ${problem.path}${problem.line === undefined ? '' : `:${problem.line}`} ${problem.message}`);
  const stored = baseline[suite];
  if (stored !== undefined) {
    const change = ratio / stored.ratio;
    const verdict = change > TOLERANCE ? 'SLOWER' : change < 1 / TOLERANCE ? 'faster' : 'as before';
    console.log(`  stored run          ${stored.ratio.toFixed(2)} x floor, ${stored.memory} MiB: ${verdict} (${change.toFixed(2)})`);
  }
  if (options.includes('--phases')) {
    const { phases, slow, failures } = measure(program, 'phases');
    const whole = Object.entries(phases).reduce((sum, [name, ms]) => (name === 'rules' ? sum : sum + ms), 0);
    const show = ([name, ms]) => console.log(`  ${name.padEnd(32)}${seconds(ms)}  ${((100 * ms) / whole).toFixed(1).padStart(5)} %`);
    const entries = Object.entries(phases).sort(([, a], [, b]) => b - a);
    entries.filter(([name]) => !name.startsWith('rule ')).forEach(show);
    entries
      .filter(([name]) => name.startsWith('rule '))
      .slice(0, SHOWN_RULES)
      .forEach(show);
    for (const file of slow) console.log(`  slow: ${file.path} (${file.lines} lines) ${seconds(file.beyond)} beyond parsing`);
    for (const failure of failures) console.log(`  failed: ${failure.path} ${failure.message}`);
  }
  if (options.includes('--save')) {
    baseline[suite] = { ratio: Number(ratio.toFixed(3)), memory: Math.round(memory / 2 ** 20), files: floor.files, lines: floor.lines };
    writeFileSync(baselineFile, `${JSON.stringify(Object.fromEntries(Object.entries(baseline).sort()), null, 2)}\n`);
    console.log(`  saved in ${baselineFile}`);
  }
});
