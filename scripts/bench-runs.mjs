/**
 * How long does the command take as its users run it: cold on one and on two threads, again on the unchanged tree, again with one file changed?
 *
 * The suite is copied into a temporary folder, because one of its files is changed. Each run is a process of its own; the time is that on the wall,
 * start of the process included, the best of a few runs.
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Times that each kind of run is made; the best one is taken. */
const RUNS = 3;

/** Milliseconds of the best run of `campsite check` with these arguments; throws where it fails. `before` runs before each. */
function best(cli, cwd, args, before = () => undefined) {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < RUNS; i++) {
    before(i);
    const start = performance.now();
    const { status, stderr } = spawnSync(process.execPath, [cli, 'check', ...args, '--exit-zero', '--output-format', 'concise'], {
      cwd,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    if (status !== 0) throw new Error(`campsite check ended with ${status}: ${stderr}`);
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

/** A test file that nobody imports: the last one by name. */
function lonely(folder) {
  const files = readdirSync(folder, { recursive: true }).filter((name) => /(^|\/)test_\w+\.py$/.test(name) && statSync(join(folder, name)).isFile());
  return join(folder, files.sort().at(-1) ?? '');
}

/** Milliseconds by kind of run. `paths` are relative to `root`; all of it when there are none. */
export function timeRuns(cli, root, paths) {
  const folder = mkdtempSync(join(tmpdir(), 'campsite-bench-'));
  try {
    const wanted = paths.length > 0 ? paths : ['.'];
    for (const path of wanted) cpSync(join(root, path), join(folder, path), { recursive: true });
    const cache = ['--cache-dir', join(folder, '.cache')];
    const cold = (threads) => best(cli, folder, [...wanted, '--no-cache', '-j', String(threads)]);
    const one = cold(1);
    const two = cold(2);
    best(cli, folder, [...wanted, ...cache]);
    const unchanged = best(cli, folder, [...wanted, ...cache]);
    const file = lonely(folder);
    const changed = best(cli, folder, [...wanted, ...cache], (i) => appendFileSync(file, `\n# ${i}\n`));
    return { 'cold, 1 thread': one, 'cold, 2 threads': two, unchanged, 'one file changed': changed };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
