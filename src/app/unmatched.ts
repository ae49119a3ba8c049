/**
 * Which patterns of the project's own configuration matched nothing in a run?
 *
 * A helper that was renamed leaves its pattern behind, and the tests go unwatched without a word. Asked apart from the analysis, which only asks what a
 * finding can depend on: every call of the files of the run, and of those that names led to, is held against the patterns that have matched none
 * yet. A callable that is only handed over (`addCleanup(api.drop, id)`) counts whatever its arguments, and so do patterns for certain classes and
 * outside of certain managers: what is said here should be a pattern to mend, so in doubt nothing is said.
 */
import { relative, sep } from 'node:path';
import picomatch from 'picomatch';
import { compareText } from '../base/text.ts';
import { compileGlob, lastSegments, testGlob } from '../config/globs.ts';
import type { Configuration } from '../config/load.ts';
import type { CallPattern } from '../config/model.ts';
import { indexPatterns } from '../config/pattern-index.ts';
import { printKey } from '../config/problems.ts';
import { type OwnPack, patternsOf } from '../config/references.ts';
import type { Problem, RunResult } from '../findings/finding.ts';
import { orderRun } from '../findings/order.ts';
import type { Argument, Instr, Operand } from '../ir/ir.ts';
import { CallSite } from '../program/call-site.ts';
import { namesOfBases } from '../program/classes.ts';
import { forEachInstr, type ModuleUnit } from '../program/module.ts';
import type { Scope } from '../program/scope.ts';
import { createParser } from '../syntax/parse.ts';
import type { Plan } from './analyze.ts';
import { MAX_SESSION_UNITS } from './file-result.ts';
import { FileHost } from './host.ts';
import type { Run } from './new-from.ts';
import { readSource } from './read.ts';
import { Session } from './session.ts';

/** A pattern, or what goes by bases, that nothing has met yet. */
interface Waiting {
  readonly problem: Problem;
  readonly pattern?: CallPattern;
  readonly bases?: readonly string[];
}

/** Sections whose patterns stand for names as well as calls, or that python calls without a name being written. */
const NOT_ASKED = /\.saved-by\[|^fixtures/;
const SPOKEN_BY_PYTHON = /^\{?__\w+__/;

/** The result with a problem for everything in the configuration that matched nothing. A shard is silent: another one may have met it. */
export async function withUnmatched(result: RunResult, { settled, options, results }: Run): Promise<RunResult> {
  if (options.shard) return result;
  const files = [...new Set(results.flatMap(({ path, reads }) => [path, ...reads]))].sort(compareText);
  const globs = options.paths.length === 0 && !options.virtual ? unmatchedGlobs(settled) : [];
  const problems = [...result.problems, ...(await unmatchedPatterns(settled.configuration, files, options.virtual)), ...globs];
  return problems.length === result.problems.length ? result : orderRun({ ...result, problems });
}

/** One problem for each pattern that matched nothing; `files` (relative to the root) are those of the run and those that names led to. */
export async function unmatchedPatterns(
  configuration: Configuration,
  files: readonly string[],
  virtual: ReadonlyMap<string, string> = new Map(),
): Promise<readonly Problem[]> {
  let waiting = configuration.own.flatMap((own) => waitingOf(configuration, own));
  if (waiting.length === 0) return [];
  const parser = await createParser();
  const begin = (): readonly [FileHost, Session] => {
    const host = new FileHost(configuration.root, parser);
    for (const [path, text] of virtual) host.virtual.set(path, text);
    return [host, new Session(host, configuration.packs, configuration.settings.runner)];
  };
  let [host, session] = begin();
  for (const path of files) {
    if (waiting.length === 0) break;
    const text = virtual.get(path) ?? readSource(`${configuration.root}/${path}`, path).text ?? '';
    const asked = waiting.filter((one) => mayOccur(one, text));
    if (asked.length === 0) continue;
    if (host.units > MAX_SESSION_UNITS) [host, session] = begin();
    const module = session.program.module(path);
    const met = module ? metIn(session, module, asked) : new Set<Waiting>();
    waiting = waiting.filter((one) => !met.has(one));
  }
  return waiting.map(({ problem }) => problem);
}

/** One problem for each `per-path` and `exclude` glob that no file of a run over the whole project has to do with. */
export function unmatchedGlobs({ configuration, files }: Plan): readonly Problem[] {
  const excluded = files.skipped.filter(({ why }) => why === 'excluded').map(({ path }) => path);
  const seen = new Set<string>();
  return configuration.statements.flatMap(({ key, path: glob, file, line }): readonly Problem[] => {
    if ((key[0] !== 'per-path' && key[0] !== 'exclude') || glob === undefined) return [];
    const name = key[0] === 'per-path' ? key.slice(0, 2) : key;
    const isNew = !seen.has(`${file} ${printKey(name)}`) && seen.add(`${file} ${printKey(name)}`) !== undefined;
    const matches = picomatch(key[0] === 'exclude' ? [glob, `${glob}/**`] : glob, { dot: true });
    if (!isNew || (key[0] === 'exclude' ? excluded : files.files).some((path) => matches(path))) return [];
    const path = relative(configuration.root, file).split(sep).join('/');
    return [{ path, line, kind: 'configuration', message: `${printKey(name)} matches nothing in this run: no file is ${glob}` }];
  });
}

function waitingOf(configuration: Configuration, { pack, file, document }: OwnPack): readonly Waiting[] {
  const path = relative(configuration.root, file).split(sep).join('/');
  const problem = (key: readonly PropertyKey[], words: string): Problem => ({
    path,
    line: document.placeOf(key).line,
    kind: 'configuration',
    message: `${printKey(key)} matches nothing in this run: ${words}`,
  });
  const patterns = patternsOf(pack).filter(
    ({ path: key, pattern }) => !NOT_ASKED.test(printKey(key)) && !SPOKEN_BY_PYTHON.test(pattern.method ?? ''),
  );
  return [
    ...patterns.map(({ path: key, pattern }) => ({ problem: problem(key, `no call is ${wordsOf(pattern)}`), pattern: relaxed(pattern) })),
    ...pack.managed.flatMap((scope, index) =>
      scope.bases.length > 0 && scope.decorators.length + scope.managers.length + scope.fixtures.length === 0
        ? [{ problem: problem(['managed', index], `no class has the base ${scope.bases.join(' or ')}`), bases: scope.bases }]
        : [],
    ),
    ...pack.frameworks.flatMap(({ framework, bases }) =>
      bases.length > 0 ? [{ problem: problem(['frameworks', framework], `no class has the base ${bases.join(' or ')}`), bases }] : [],
    ),
  ];
}

function wordsOf({ call, method, expression, on, command }: CallPattern): string {
  const name = call ?? expression ?? `.${method}`;
  return `${name}${command === undefined ? '' : ` "${command}"`}${on === undefined ? '' : ` on ${on}`}`;
}

/** Without what depends on the class or the managers that a call stands in: a mixin is looked at in no class that uses it. */
const relaxed = (pattern: CallPattern): CallPattern => ({ ...pattern, unlessInside: [], inClasses: [] });

/** Can the file hold a call that the pattern matches? The last name of a call is written somewhere, if only in an import. */
function mayOccur({ pattern }: Waiting, text: string): boolean {
  const source = pattern?.call ?? pattern?.expression ?? pattern?.method;
  if (source === undefined) return true;
  const { exact, open } = lastSegments(compileGlob(source));
  return open || exact.some((name) => text.includes(name));
}

function metIn(session: Session, module: ModuleUnit, asked: readonly Waiting[]): ReadonlySet<Waiting> {
  const met = new Set<Waiting>();
  const byPattern = new Map<CallPattern, Waiting>();
  const byName = new Map<CallPattern, Waiting>();
  for (const one of asked) {
    if (one.pattern === undefined) continue;
    byPattern.set(one.pattern, one);
    byName.set({ ...one.pattern, when: [] }, one);
  }
  const [calls, names] = [indexPatterns([...byPattern.keys()]), indexPatterns([...byName.keys()])];
  const patterns = session.patternsOf(module);
  const look = (scope: Scope, callee: Operand, args: readonly Argument[], at: Instr | undefined): void => {
    if (callee.op !== 'name' && callee.op !== 'attr') return;
    const view = new CallSite({ callee, args, at }, scope, session.values, patterns);
    for (const { pattern } of calls.find(view)) met.add(byPattern.get(pattern) as Waiting);
    for (const [index, { value }] of args.entries()) {
      if (value.op !== 'name' && value.op !== 'attr') continue;
      const handed = new CallSite({ callee: value, args: args.slice(index + 1), at }, scope, session.values, patterns);
      for (const { pattern } of names.find(handed)) met.add(byName.get(pattern) as Waiting);
    }
  };
  for (const fn of module.ir.functions) {
    const scope = scopeOf(session, module, fn);
    for (const d of fn.decorators) look(scope, d.op === 'described-call' ? d.callee : d, d.op === 'described-call' ? d.args : [], undefined);
    forEachInstr(fn.body, (instr) => {
      if (instr.op === 'call') look(scope, instr.callee, instr.args, instr);
    });
    if (fn.kind !== 'class') continue;
    const cls = session.values.classes.get(module, fn.index);
    const bases = cls ? namesOfBases(cls) : [];
    for (const one of asked) if (one.bases?.some((glob) => bases.some((base) => testGlob(compileGlob(glob), base)))) met.add(one);
  }
  return met;
}

/** The function's scope in the class that it is written in. */
function scopeOf(session: Session, module: ModuleUnit, fn: Scope['fn']): Scope {
  let parent = fn.parent === null ? undefined : module.ir.functions[fn.parent];
  while (parent && parent.kind !== 'class' && parent.parent !== null) parent = module.ir.functions[parent.parent];
  const cls = parent?.kind === 'class' ? session.values.classes.get(module, parent.index) : undefined;
  return { module, fn, cls, definedIn: cls };
}
