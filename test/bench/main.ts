/**
 * What does a benchmark run print, and how does it compare with the stored one?
 *
 * Arguments: one of floor-check, phases; the root; the paths. Writes one JSON object as its last line; scripts/bench.mjs reads it.
 */
import { compileLess } from '../../src/app/just-in-time.ts';
import { measureCheck, measureFloor, measurePhases } from './measure.ts';

compileLess();
const [mode, root = '.', ...paths] = process.argv.slice(2);
const suite = { root, paths };
if (mode === 'phases') {
  const found = await measurePhases(suite, (path) => {
    if (process.env.BENCH_VERBOSE !== undefined) process.stderr.write(`${path}\n`);
  });
  process.stdout.write(`${JSON.stringify({ phases: Object.fromEntries(found.phases), slow: found.slow, failures: found.failures })}\n`);
} else {
  const check = await measureCheck(suite);
  const memory = process.resourceUsage().maxRSS * 1024;
  const floor = await measureFloor(suite);
  const internal = check.result.problems.filter((problem) => problem.kind === 'internal' || problem.kind === 'budget');
  process.stdout.write(
    `${JSON.stringify({ floor, check: check.cost, memory, tests: check.result.invocation.tests, findings: check.result.findings.length, internal })}\n`,
  );
}
