/**
 * The long fuzz run: damaged slices of real suites, until the time is over. Arguments: minutes, seed, an empty folder, folders of Python.
 *
 * Writes each case to `case.py` in the folder before it is run, so that one that hangs or kills the process is there to be read; one line a
 * failure on standard output, with the seed that repeats it and the source cut down to what still fails.
 */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultOf, faultOfBytes, mutated, noise, type Random, randomOf, sliceOf, withOthers } from '../fuzz.ts';
import { bytes, generated, withExpression } from '../fuzz-forms.ts';

const [minutes = '1', seedText = '1', folder = '.', ...sources] = process.argv.slice(2);
const end = Date.now() + Number(minutes) * 60_000;
/** Larger files are slices of the same kind of code, only slower to cut. */
const MAX_SOURCE_BYTES = 400_000;
/** Runs of the reduction of one failure, and for how long: a slow case takes its time in each. */
const MAX_REDUCTIONS = 400;
const MAX_REDUCTION_MS = 40_000;

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
  const until = Date.now() + MAX_REDUCTION_MS;
  for (let size = Math.ceil(lines.length / 2); size >= 1 && left > 0; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < lines.length && left > 0 && Date.now() < until; left--) {
      const fewer = [...lines.slice(0, at), ...lines.slice(at + size)];
      if ((await faultOf(fewer.join('\n'), folder, randomOf(seed)))?.slice(0, 30) === kind) lines = fewer;
      else at += size;
    }
  }
  return lines.join('\n');
}

const files = sources.flatMap(pythonBelow).sort();
const slice = (random: Random): string => sliceOf(readFileSync(random.pick(files), 'utf8'), random);

/** The forms of cases, by how many of twelve are of them; noise costs a tenth of a damaged slice and finds less. */
const FORMS: readonly (readonly [name: string, share: number, make: (random: Random) => string | Buffer])[] = [
  ['damaged slice', 4, (random) => mutated(slice(random), random)],
  ['slice as it is', 2, slice],
  ['slice with a strange expression', 1, (random) => withExpression(slice(random), random)],
  ['damaged files that import each other', 1, (random) => withOthers(slice(random), mutated(slice(random), random), mutated(slice(random), random))],
  ['generated', 1, generated],
  ['generated and damaged', 1, (random) => mutated(generated(random), random)],
  ['noise', 1, noise],
  ['bytes', 1, (random) => bytes(mutated(slice(random), random), random)],
];
const SHARES = FORMS.flatMap((form) => Array.from({ length: form[1] }, () => form));

let failures = 0;
let cases = 0;
for (let seed = Number(seedText); Date.now() < end; seed++, cases++) {
  const random = randomOf(seed);
  const [form, , make] = random.pick(SHARES);
  const made = make(random);
  writeFileSync(join(folder, 'case.py'), made);
  const fault = Buffer.isBuffer(made) ? await faultOfBytes(made, folder) : await faultOf(made, folder, randomOf(seed));
  if (fault !== undefined) {
    failures++;
    const smaller = Buffer.isBuffer(made) ? made : await reduced(made, fault, seed);
    writeFileSync(join(folder, `failure-${seed}.py`), smaller);
    process.stdout.write(`${JSON.stringify({ seed, fault: `${form}: ${fault}`, lines: smaller.toString().split('\n').length })}\n`);
  }
  if (cases % 10 === 9) process.stdout.write(`${JSON.stringify({ cases: cases + 1, failures })}\n`);
}
process.stdout.write(`${JSON.stringify({ done: true, cases, failures })}\n`);
