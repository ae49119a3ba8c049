/**
 * Who analyses the files of a run, one after another?
 *
 * A session holds what it has read, because the next file mostly leads to the same base classes and helpers; held too much, it is thrown away and a
 * new one begun. Loads the rules and all that they stand on.
 */
import { positionAt } from '../base/lines.ts';
import { type SuppressionComment, suppressionComments } from '../findings/comments.ts';
import type { IrFunction } from '../ir/ir.ts';
import type { Rule } from '../rules/define.ts';
import { RULES } from '../rules/index.ts';
import type { PythonParser } from '../syntax/parse.ts';
import { BUDGETS } from '../typestate/budgets.ts';
import { type FileResult, failed, type Job, MAX_SESSION_UNITS } from './file-result.ts';
import { findingOf } from './findings.ts';
import { FileHost, type Seen } from './host.ts';
import { collectGarbage } from './just-in-time.ts';
import { ledgerOf } from './ledger.ts';
import { Session } from './session.ts';

/** An abort of the parser or an access beyond its memory: Emscripten's functions cannot be called again. */
export const isFatal = (error: unknown): boolean => error instanceof Error && error.name === 'RuntimeError';

/** Analyses files one after another and forgets what it holds when that gets too much. */
export class Analyst {
  readonly #job: Job;
  readonly #parser: PythonParser;
  readonly #maxUnits: number;
  readonly #rules: readonly Rule[];
  #host: FileHost;
  #session: Session;
  /** Outlives the sessions. Empty where the job says that nobody wants to know. */
  readonly seen: Seen = { hashes: new Map(), absent: new Set(), present: new Set() };

  constructor(job: Job, parser: PythonParser, maxUnits = MAX_SESSION_UNITS) {
    this.#job = job;
    this.#parser = parser;
    this.#maxUnits = maxUnits;
    this.#rules = RULES.filter((rule) => job.rules.includes(rule.id));
    [this.#host, this.#session] = this.#begin();
  }

  #begin(): [FileHost, Session] {
    const { root, packs, settings, virtual, cached } = this.#job;
    const host = new FileHost(root, this.#parser, cached ? this.seen : undefined);
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
    const { graphs, settings } = this.#job;
    const host = this.#host;
    const session = this.#session;
    const result = session.analyse(path, this.#rules, graphs);
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
