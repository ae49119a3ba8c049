/**
 * How long does an analysis take, compared with its own floor, and where does the time go?
 *
 * The floor is the parser alone: the same texts on the same back end, in the same process and thread. Phases are measured by wrapping what the
 * pipeline is made of, in a run of its own, each second counted in the innermost phase only; what is computed on first use counts where it is
 * first used: names and classes of the program are resolved when obligations and rules ask for them. CPU time is what is compared: wall time
 * on a busy machine says how busy it is. It includes the collector's threads.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyze, plan } from '../../src/app/analyze.ts';
import { FileHost } from '../../src/app/host.ts';
import { decode } from '../../src/app/read.ts';
import { Session } from '../../src/app/session.ts';
import type { Problem, RunResult } from '../../src/findings/finding.ts';
import { renderReport } from '../../src/report/index.ts';
import { RULES } from '../../src/rules/index.ts';
import { createParser, type PythonParser } from '../../src/syntax/parse.ts';
import type { ParsedFile } from '../../src/syntax/tree.ts';

/** Milliseconds. */
export interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

export interface Suite {
  readonly root: string;
  readonly paths: readonly string[];
}

/** A file that costs more than its parsing allows. */
export interface SlowFile {
  readonly path: string;
  readonly lines: number;
  /** Wall milliseconds beyond reading and parsing. */
  readonly beyond: number;
}

export interface Phases {
  /** Wall milliseconds by phase; rules also one by one under `rule <id>`. */
  readonly phases: ReadonlyMap<string, number>;
  readonly slow: readonly SlowFile[];
  readonly failures: readonly Problem[];
}

/** No file may take longer than this beyond its parsing, wall milliseconds. */
export const MAX_BEYOND_PARSING_MS = 2_000;
/** The first parse of a process compiles the WebAssembly; the second tells what parsing costs. */
const FLOOR_RUNS = 2;

/** Runs `work` and says what it cost. */
export async function cost<T>(work: () => T | Promise<T>): Promise<{ readonly value: T; readonly cost: Cost }> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const value = await work();
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { value, cost: { wall, cpu: (user + system) / 1000 } };
}

/** Parses each file and throws the trees away; the cheapest of a few runs. */
export async function measureFloor(suite: Suite): Promise<Cost & { readonly files: number; readonly lines: number }> {
  const { files, root } = await plan({ root: suite.root, paths: suite.paths });
  const parser = await createParser();
  const texts = files.files.map((path) => decode(readFileSync(join(root, path)), path).text);
  let best: Cost = { wall: Infinity, cpu: Infinity };
  for (let i = 0; i < FLOOR_RUNS; i++) {
    const { cost: one } = await cost(() => texts.forEach((text) => parser.parseOnly(text)));
    if (one.cpu < best.cpu) best = one;
  }
  return { ...best, files: texts.length, lines: texts.reduce((sum, text) => sum + text.split('\n').length, 0) };
}

/** One whole run as the command line makes it, all default rules, on this thread, report included. */
export async function measureCheck(suite: Suite): Promise<{ readonly cost: Cost; readonly result: RunResult }> {
  const { value, cost: whole } = await cost(async () => {
    const result = await analyze({ root: suite.root, paths: suite.paths });
    renderReport('json', result);
    return result;
  });
  return { cost: whole, result: value };
}

/** Adds up wall time by phase; a phase inside another stops the outer one's clock. */
class Clock {
  readonly phases = new Map<string, number>();
  readonly #running: string[] = [];
  #since = performance.now();

  #settle(): void {
    const now = performance.now();
    const current = this.#running[this.#running.length - 1];
    if (current !== undefined) this.phases.set(current, (this.phases.get(current) ?? 0) + now - this.#since);
    this.#since = now;
  }

  in<T>(phase: string, work: () => T): T {
    this.#settle();
    this.#running.push(phase);
    try {
      return work();
    } finally {
      this.#settle();
      this.#running.pop();
    }
  }
}

class TimedHost extends FileHost {
  readonly #clock: Clock;

  constructor(root: string, parser: PythonParser, clock: Clock) {
    super(root, parser);
    this.#clock = clock;
  }

  override parse(path: string): ParsedFile | undefined {
    return this.#clock.in('read and parse', () => super.parse(path));
  }
}

/** Where the time goes, file by file; `onFile` gets each path before its analysis, so that a hang has a name. */
export async function measurePhases(suite: Suite, onFile: (path: string) => void = () => undefined): Promise<Phases> {
  const clock = new Clock();
  const { configuration, root, files, rules } = await plan({ root: suite.root, paths: suite.paths });
  const host = new TimedHost(root, await createParser(), clock);
  const session = new Session(host, configuration.packs);
  const load = session.program.module.bind(session.program);
  session.program.module = (path) => clock.in('lower and modules', () => load(path));
  const running = new Set(rules.map((rule) => rule.id));
  const timed = RULES.filter((rule) => running.has(rule.id)).map((rule) => ({
    ...rule,
    check: (...args: Parameters<typeof rule.check>) => clock.in(`rule ${rule.id}`, () => rule.check(...args)),
  }));
  const slow: SlowFile[] = [];
  const failures: Problem[] = [];
  for (const path of files.files) {
    onFile(path);
    const before = host.times.read + host.times.parse;
    const start = performance.now();
    try {
      clock.in('obligations', () => session.analyse(path, timed));
    } catch (error) {
      failures.push({ path, kind: 'internal', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
    const beyond = performance.now() - start - (host.times.read + host.times.parse - before);
    if (beyond > MAX_BEYOND_PARSING_MS) slow.push({ path, lines: session.program.module(path)?.text.split('\n').length ?? 0, beyond });
  }
  const phases = new Map(clock.phases);
  phases.delete('read and parse');
  phases.set('read', host.times.read).set('parse', host.times.parse);
  const result = await analyze({ root: suite.root, paths: suite.paths });
  phases.set('report', (await cost(() => renderReport('json', result))).cost.wall);
  phases.set(
    'rules',
    [...phases].reduce((sum, [name, ms]) => (name.startsWith('rule ') ? sum + ms : sum), 0),
  );
  return { phases, slow, failures };
}
