/**
 * How eagerly should V8 compile?
 *
 * The analysis is wide and flat: thousands of functions, none of which takes more than a hundredth of the time. V8's defaults optimise each after
 * a few thousand calls, and a quarter of the CPU time went into that (364,000 lines of tests, two threads: 20.4 s of CPU with the default,
 * 15.7 s with this). Threads started later inherit the setting.
 */
import { setFlagsFromString } from 'node:v8';

/** Bytes of bytecode that a function executes before V8 thinks of optimising it; the default of V8 11.3 is 132 KiB. */
const INTERRUPT_BUDGET = 600_000;
/** V8 versions known to have the flag; an unknown flag prints a complaint. */
const KNOWN_MAJORS = [10, 14] as const;

/** Sets the process's flag; to be called before anything else runs. */
export function compileLess(): void {
  const major = Number.parseInt(process.versions.v8 ?? '', 10);
  if (major >= KNOWN_MAJORS[0] && major <= KNOWN_MAJORS[1]) setFlagsFromString(`--interrupt-budget=${INTERRUPT_BUDGET}`);
}
