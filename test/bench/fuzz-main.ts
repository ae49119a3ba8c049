/**
 * The long fuzz run: damaged slices of real suites, until the time is over. Arguments: minutes, seed, an empty folder, folders of Python.
 *
 * Writes each case to `case.py` in the folder before it is run, so that one that hangs or kills the process is there to be read; one line a
 * failure on standard output, with the seed that repeats it and the source cut down to what still fails.
 */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultOf, mutated, noise, randomOf, sliceOf } from '../fuzz.ts';

const [minutes = '1', seedText = '1', folder = '.', ...sources] = process.argv.slice(2);
const end = Date.now() + Number(minutes) * 60_000;
/** Larger files are slices of the same kind of code, only slower to cut. */
const MAX_SOURCE_BYTES = 400_000;
/** Each noise case costs a tenth of a damaged one and finds less. */
const NOISE_SHARE = 8;
/** Runs of the reduction of one failure. */
const MAX_REDUCTIONS = 400;

function pythonBelow(path: string): readonly string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const inner = join(path, entry.name);
    return entry.isDirectory()
      ? pythonBelow(inner)
      : entry.isFile() && /test.*\.py$/.test(inner) && statSync(inner).size < MAX_SOURCE_BYTES
        ? [inner]
        : [];
  });
}

/** Takes away runs of lines while the same kind of fault stays. */
async function reduced(text: string, fault: string, seed: number): Promise<string> {
  const kind = fault.slice(0, 30);
  let lines = text.split('\n');
  let left = MAX_REDUCTIONS;
  for (let size = Math.ceil(lines.length / 2); size >= 1 && left > 0; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < lines.length && left > 0; left--) {
      const fewer = [...lines.slice(0, at), ...lines.slice(at + size)];
      if ((await faultOf(fewer.join('\n'), folder, randomOf(seed)))?.slice(0, 30) === kind) lines = fewer;
      else at += size;
    }
  }
  return lines.join('\n');
}

const files = sources.flatMap(pythonBelow).sort();
let failures = 0;
let cases = 0;
for (let seed = Number(seedText); Date.now() < end; seed++, cases++) {
  const random = randomOf(seed);
  const text = random.below(NOISE_SHARE) === 0 ? noise(random) : mutated(sliceOf(readFileSync(random.pick(files), 'utf8'), random), random);
  writeFileSync(join(folder, 'case.py'), text);
  const fault = await faultOf(text, folder, randomOf(seed));
  if (fault !== undefined) {
    failures++;
    const smaller = await reduced(text, fault, seed);
    writeFileSync(join(folder, `failure-${seed}.py`), smaller);
    process.stdout.write(`${JSON.stringify({ seed, fault, lines: smaller.split('\n').length })}\n`);
  }
  if (cases % 50 === 49) process.stdout.write(`${JSON.stringify({ cases: cases + 1, failures })}\n`);
}
process.stdout.write(`${JSON.stringify({ done: true, cases, failures })}\n`);
