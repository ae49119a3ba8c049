/**
 * What does the analysis of one file contribute to a run?
 *
 * A file result is plain data: it crosses threads, lies in the cache, and is joined with the others by assemble.ts. It depends on the file,
 * on the files that names led to from it, on the configuration and on nothing else; not on which files were analysed before.
 */
import { positionAt } from '../base/lines.ts';
import type { Pack } from '../config/model.ts';
import type { Settings } from '../config/settings.ts';
import { type SuppressionComment, suppressionComments } from '../findings/comments.ts';
import type { Acquisition, Problem } from '../findings/finding.ts';
import type { UnmarkedFinding } from '../findings/fingerprint.ts';
import type { IrFunction } from '../ir/ir.ts';
import type { Rule } from '../rules/define.ts';
import type { PythonParser } from '../syntax/parse.ts';
import { BUDGETS } from '../typestate/budgets.ts';
import { findingOf } from './findings.ts';
import { FileHost, type Seen } from './host.ts';
import { collectGarbage } from './just-in-time.ts';
import { ledgerOf } from './ledger.ts';
import { Session } from './session.ts';

/** Everything besides the files that decides what their results are. */
export interface Job {
  /** Absolute. */
  readonly root: string;
  readonly packs: readonly Pack[];
  readonly settings: Settings;
  readonly rules: readonly Rule[];
  /** Witnesses carry the graph they lead through. */
  readonly graphs: boolean;
  /** Sources given instead of a file's content, by path. */
  readonly virtual?: ReadonlyMap<string, string>;
}

export interface FileResult {
  /** Relative to the root, POSIX. */
  readonly path: string;
  readonly lines: number;
  readonly tests: number;
  /** In any file: a base class's setup is judged with the tests of each file that go through it. Neither suppressed nor marked yet. */
  readonly findings: readonly UnmarkedFinding[];
  readonly ledger: readonly Acquisition[];
  /** How many sites each rule looked at, by rule id. */
  readonly sites: Readonly<Record<string, number>>;
  /** Of this file and of those read for it. */
  readonly problems: readonly Problem[];
  /** Comments that may suppress, by path: of this file, and of files that its findings stand in. */
  readonly comments: Readonly<Record<string, readonly SuppressionComment[]>>;
  /** Files that the result depends on besides itself, sorted. */
  readonly reads: readonly string[];
}

/**
 * UTF-16 units of source that one session may hold before it is thrown away and a new one begun: about 40 bytes of memory a unit, so 400 MB.
 * What a new session reads again are base classes, conftest files and the product's modules that these lead to: with 6 million a suite of 15.7
 * million read a third more than it has.
 */
export const MAX_SESSION_UNITS = 10_000_000;

/** An abort of the parser or an access beyond its memory: Emscripten's functions cannot be called again. */
export const isFatal = (error: unknown): boolean => error instanceof Error && error.name === 'RuntimeError';

/** Analyses files one after another and forgets what it holds when that gets too much. */
export class Analyst {
  readonly #job: Job;
  readonly #parser: PythonParser;
  readonly #maxUnits: number;
  #host: FileHost;
  #session: Session;
  /** Outlives the sessions. */
  readonly seen: Seen = { hashes: new Map(), absent: new Set(), present: new Set() };

  constructor(job: Job, parser: PythonParser, maxUnits = MAX_SESSION_UNITS) {
    this.#job = job;
    this.#parser = parser;
    this.#maxUnits = maxUnits;
    [this.#host, this.#session] = this.#begin();
  }

  #begin(): [FileHost, Session] {
    const { root, packs, settings, virtual } = this.#job;
    const host = new FileHost(root, this.#parser, this.seen);
    for (const [path, text] of virtual ?? []) host.virtual.set(path, text);
    return [host, new Session(host, packs, settings.runner)];
  }

  /**
   * The result of one file. What goes wrong is a problem of the result; only what leaves the parser's WebAssembly module in pieces (`isFatal`)
   * is thrown on, where `mayDie` says that somebody begins anew: every later file would fail too.
   */
  analyse(path: string, mayDie = false): FileResult {
    if (this.#host.units > this.#maxUnits) {
      [this.#host, this.#session] = this.#begin();
      collectGarbage();
    }
    try {
      return this.#analyse(path);
    } catch (error) {
      if (mayDie && isFatal(error)) throw error;
      if (process.env.CAMPSITE_DEBUG !== undefined) console.error(error);
      return failed(path, `the analysis failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #analyse(path: string): FileResult {
    const { rules, graphs, settings } = this.#job;
    const host = this.#host;
    const session = this.#session;
    const result = session.analyse(path, rules, graphs);
    const reads = session.program.closure(path);
    const within = [path, ...reads];
    const problems = within.flatMap((p) => host.problemsOf(p));
    if (!result && problems.length === 0) problems.push({ path, kind: 'unreadable', message: 'is gone, or a link that leads out of the root' });
    if (!result) return { ...failed(path, ''), problems, reads };
    const at = (module: { path: string; text: string }, offset: number) => positionAt(host.lines(module.path, module.text), offset);
    const findings = result.reports.flatMap(({ rule, report }) => findingOf(rule, report, host, settings) ?? []);
    const known = new Set(within);
    for (const p of within) {
      const module = session.program.module(p);
      if (!module) continue;
      for (const index of module.ir.tooDeep ?? [])
        session.engine.cutOff({ module, fn: module.ir.functions[index] as IrFunction, cls: undefined, definedIn: undefined }, 'depth');
    }
    for (const { scope, budgets } of session.engine.cutOffs.values()) {
      const { module, fn } = scope;
      if (!known.has(module.path)) continue;
      for (const budget of budgets)
        problems.push({ path: module.path, line: at(module, fn.nameStart).line, kind: 'budget', message: `${fn.qualifiedName} ${BUDGETS[budget]}` });
    }
    const comments: Record<string, readonly SuppressionComment[]> = {};
    for (const p of new Set([path, ...findings.map((f) => f.path)])) {
      const module = session.program.module(p);
      const found = module ? suppressionComments(module.text, host.comments.get(p) ?? []) : [];
      if (found.length > 0) comments[p] = found;
    }
    return {
      path,
      lines: host.lines(path, result.module.text).starts.length,
      tests: result.groups.reduce((n, g) => n + g.tests.length, 0),
      findings,
      ledger: ledgerOf(result.obligations, at),
      sites: result.sites,
      problems,
      comments,
      reads,
    };
  }
}

/** The result of a file that could not be analysed; without a message the problems are somebody else's to name. */
export function failed(path: string, message: string): FileResult {
  const problems: Problem[] = message === '' ? [] : [{ path, kind: 'internal', message }];
  return { path, lines: 0, tests: 0, findings: [], ledger: [], sites: {}, problems, comments: {}, reads: [] };
}
