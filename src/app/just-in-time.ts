/**
 * How eagerly should V8 compile, and when should it collect?
 *
 * The analysis is wide and flat: thousands of functions, none of which takes more than a hundredth of the time, and most of what it makes lives
 * until its session ends. V8's defaults optimise each function after a few thousand calls, inline generously, begin with a heap of a few
 * megabytes and mark it again and again while it grows: half of the CPU time went into compiling and collecting. With 364,000 lines of tests on
 * two threads, CPU time: 20.4 s with the defaults, 15.7 s with the budget alone; on another machine 10.7 s with the budget alone, 9.2 s with all.
 * Threads started later inherit the settings; the sizes of the heap hold for them only, because that of the main thread exists already.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes of bytecode that a function executes before V8 thinks of optimising it; the default of V8 11.3 is 132 KiB. */
const INTERRUPT_BUDGET = 1_200_000;
/** From this version on (Node 22) V8 counts calls instead, and complains of a budget. */
const COUNTS_CALLS = 12;
/**
 * Calls after which it thinks of optimising a function; the default is 3,000. With 364,000 lines on two threads, CPU time: Node 24 9.7 s with the default,
 * 8.0 s with 30,000, 7.5 s with this; Node 22 9.3 s, 7.8 s and the same.
 */
const INVOCATIONS = 100_000;
/** Bytes of bytecode that V8 takes into a function it optimises; the default is 920, and most of what it brings in runs a few times. */
const INLINED_BYTECODE = 100;
/** Megabytes of long-lived objects before a thread marks for the first time: about what it holds at the end of 400,000 lines. */
const OLD_SPACE_MB = 400;
/** Megabytes that new objects may fill from the start; otherwise they are copied at 1, 2, 4, 8 and 16 as well. */
const NEW_SPACE_MB = 32;
/** V8 versions known to have the flags (Node 20, 22, 24 and 25 were tried); an unknown flag prints a complaint. */
const KNOWN_MAJORS = [10, 14] as const;

const MAJOR = Number.parseInt(process.versions.v8 ?? '', 10);
const IS_KNOWN = MAJOR >= KNOWN_MAJORS[0] && MAJOR <= KNOWN_MAJORS[1];

/** Sets the process's flags; to be called before anything else runs. */
export function compileLess(): void {
  if (!IS_KNOWN) return;
  if (MAJOR < COUNTS_CALLS) setFlagsFromString(`--interrupt-budget=${INTERRUPT_BUDGET}`);
  else setFlagsFromString(`--invocation-count-for-turbofan=${INVOCATIONS}`);
  setFlagsFromString(`--max-inlined-bytecode-size-cumulative=${INLINED_BYTECODE}`);
  setFlagsFromString(`--initial-old-space-size=${OLD_SPACE_MB}`);
  setFlagsFromString(`--min-semi-space-size=${NEW_SPACE_MB}`);
}

/**
 * Has every thread collect its new objects by itself; for as many threads as there are processors. Helpers would only take the processor from another
 * thread and wait for each other: with 364,000 lines on two threads and two processors, 3 % of the time.
 */
export function collectAlone(): void {
  if (IS_KNOWN) setFlagsFromString('--no-parallel-scavenge');
}

/**
 * Gives back what a session held, now: the collector would come when as much again has been made. Nearly everything is dead then, so that it takes
 * little. Does nothing where V8 has no such function.
 */
export function collectGarbage(): void {
  try {
    setFlagsFromString('--expose-gc');
    (runInNewContext('gc') as () => void)();
  } catch {
    // Memory comes back later then.
  }
}
