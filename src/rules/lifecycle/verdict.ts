/**
 * Which rule reports an obligation that is not discharged, how severe is it, and how is its path told?
 *
 * One obligation, one rule, one finding: the most specific rule, with the strongest path kind. A leak on a normal path outweighs one on
 * a failing path; severity comes from how sure the path is and how far the resource reaches (DESIGN section 7).
 */
import type { ResourceKind } from '../../config/model.ts';
import type { PathKind, Reach, Severity, Step, Witness } from '../../findings/finding.ts';
import type { Instr, Operand } from '../../ir/ir.ts';
import { constantOf } from '../../program/call-site.ts';
import type { ModuleUnit } from '../../program/module.ts';
import { factsOf, type Scope } from '../../program/scope.ts';
import { assertsInside, calleeScope } from '../../typestate/assertions.ts';
import { nameOf, textOf } from '../../typestate/naming.ts';
import { pictureOf } from '../../typestate/picture.ts';
import { isStateKind } from '../../typestate/process-state.ts';
import { type Leak, type Misuse, type ObligationReport, ODDS, type Release } from '../../typestate/report.ts';
import { returnOf } from '../../typestate/witness.ts';
import type { Report, RuleContext } from '../define.ts';
import { testsThrough } from './callers.ts';
import { cureOf } from './cure.ts';

export type LeakRule =
  | 'unawaited-release'
  | 'work-in-flight'
  | 'never-released'
  | 'leak-on-failure'
  | 'leak-on-setup-failure'
  | 'overwritten-while-held'
  | 'late-registration'
  | 'cleanup-chain-broken';

const STRENGTH: readonly PathKind[] = ['normal', 'failure', 'setup-failure', 'teardown-failure'];
const EXAMPLES = 3; // Names of tests that a finding shows; the count says how many there are.
const MAX_WITNESSES = 4; // As many paths as readers of code flows show.

/** The leak that is reported: the strongest path kind, likely ones first. */
export function strongest(report: ObligationReport): Leak | undefined {
  return [...report.leaks].sort(
    (a, b) => STRENGTH.indexOf(a.pathKind) - STRENGTH.indexOf(b.pathKind) || ODDS.indexOf(a.odds) - ODDS.indexOf(b.odds),
  )[0];
}

/** The rule that reports the obligation; undefined where it is discharged. */
export function leakRule(report: ObligationReport): LeakRule | undefined {
  const leak = strongest(report);
  if (!leak) return undefined;
  if (leak.unawaited !== undefined) return 'unawaited-release';
  if (report.site.tracked.kind.asynchronous && reachOf(report) !== 'remote') return 'work-in-flight';
  if (leak.pathKind === 'normal') return leak.how === 'overwritten' ? 'overwritten-while-held' : 'never-released';
  if (leak.pathKind === 'teardown-failure') return 'cleanup-chain-broken';
  const later = leak.skipped;
  if (later?.registered && later.scope.fn === report.site.scope.fn && later.instr.start > report.site.instr.start) return 'late-registration';
  return leak.pathKind === 'setup-failure' ? 'leak-on-setup-failure' : 'leak-on-failure';
}

/** "socket listener", and "file" where the file is called file. */
function subjectOf({ title }: ResourceKind, name: string): string {
  if (name === '' || name === title) return title;
  // `sys.modules["json"]` and `sys.argv` say themselves what they are.
  return name.startsWith(title) || title.endsWith('and its like') ? name : `${title} ${name}`;
}

/** What was changed is not released but put back: said of process state. */
function inItsWords(message: string, kind: ResourceKind): string {
  return isStateKind(kind)
    ? message.replace(/\breleased\b/, 'put back').replace('overwritten while it is still held', 'changed again before it is put back')
    : message;
}

/** How far an unreleased resource is felt. */
export function reachOf(report: ObligationReport): Reach {
  return report.site.match.pattern.reach ?? report.site.tracked.kind.reach;
}

/** The step that raised and was caught on a passing path, where the one on which nothing raises releases; undefined for every other path. */
export function detourOf(report: ObligationReport, leak: Leak): Leak['steps'][number] | undefined {
  if (leak.pathKind !== 'normal' || report.releases.length === 0 || leak.steps.some((s) => s.kind === 'branch')) return undefined;
  return leak.steps.find((s) => s.kind === 'raise' && s.instr.op === 'call');
}

/** Severity from the path's likelihood and the reach. */
export function severityOf(leak: Leak, reach: Reach, asynchronous = false): Severity {
  // What a failed test had set going ends by itself, or with its loop.
  if (asynchronous && leak.pathKind !== 'normal' && reach !== 'remote') return 'note';
  if (leak.pathKind === 'normal') return reach === 'object' ? 'warning' : 'error';
  if (leak.odds === 'likely') return 'warning';
  if (leak.odds === 'rare') return 'note';
  return reach === 'object' ? 'note' : 'warning';
}

/**
 * A module of base classes sets it for every test that has one of them as a base: the next test is told the same again. Of process state and of
 * patches, where a hook or what a hook calls makes them.
 */
function isForAllTests({ site, role }: ObligationReport, leak: Leak, { engine }: RuleContext): boolean {
  if (leak.pathKind !== 'normal' || site.scope.cls === undefined || (role !== 'setup' && role !== 'class-setup' && role !== 'helper')) return false;
  if (!isStateKind(site.tracked.kind) && !engine.isStoppedTogether(site.tracked)) return false;
  return !site.scope.module.ir.functions.some((fn) => fn.kind === 'function' && /^test/.test(fn.name));
}

/** The finding of an obligation, in the words of its rule. */
export function leakReport(report: ObligationReport, context: RuleContext, words: (subject: string, leak: Leak) => string): Report | undefined {
  const leak = strongest(report);
  if (!leak) return undefined;
  const { kind } = report.site.tracked;
  const reach = reachOf(report);
  const { scope, instr } = report.anchor;
  const name = nameOf(report.site);
  const own = leak.tests.size > 0 ? leak.tests : report.tests;
  const tests = own.size > 0 ? own : testsThrough(scope, context);
  const witnesses = [leak, ...report.leaks.filter((l) => l !== leak)].slice(0, MAX_WITNESSES).map((l) => witnessOf(report, l, context, name));
  const cure = cureOf(report, name, leak.pathKind === 'normal' ? undefined : leak.skipped, context);
  return {
    module: scope.module,
    start: instr.start,
    end: instr.end,
    test: scope.fn.qualifiedName,
    message: inItsWords(words(subjectOf(kind, name), leak), kind),
    // Whoever deletes the name leaves it to the collector.
    severity:
      report.endsByItself ||
      (reach === 'object' && (leak.ending.startsWith('deleted') || detourOf(report, leak))) ||
      isForAllTests(report, leak, context)
        ? 'note'
        : severityOf(leak, reach, kind.asynchronous),
    resource: { kind: kind.kind, reach, name },
    tests: { count: tests.size, examples: [...tests].sort().slice(0, EXAMPLES) },
    pathKind: leak.pathKind,
    witnesses,
    ...(cure === '' ? {} : { fix: { title: cure, safety: 'display-only' as const, edits: [] } }),
  };
}

const lineOf = (context: RuleContext, module: ModuleUnit, offset: number): number => context.position(module, offset).line;

function stepAt(context: RuleContext, kind: Step['kind'], scope: Scope, offset: number, message: string): Step {
  const at = context.position(scope.module, offset);
  return { kind, path: scope.module.path, line: at.line, column: at.column, message };
}

function witnessOf(report: ObligationReport, leak: Leak, context: RuleContext, name: string): Witness {
  const { kind } = report.site.tracked;
  const reach = reachOf(report);
  const steps: Step[] = [];
  const chain = report.site.chain;
  chain.forEach((link, i) => {
    const innermost = i === chain.length - 1;
    const message = innermost ? `acquired here: ${kind.title}, ${reach}` : `acquired through ${calleeText(link.instr, link.scope)}`;
    steps.push(stepAt(context, 'acquire', link.scope, link.instr.start, message));
  });
  for (const s of leak.steps) {
    if (s.kind === 'raise') steps.push(stepAt(context, 'raise', s.scope, s.instr.start, raiseText(s.instr)));
    else if (s.kind === 'branch' && s.test)
      steps.push(stepAt(context, 'branch', s.scope, s.test.start, `${textOf(s.scope.module, s.test)} is ${s.outcome ? 'true' : 'false'}`));
  }
  if (leak.skipped && leak.pathKind !== 'normal')
    steps.push(stepAt(context, 'release', leak.skipped.scope, leak.skipped.instr.start, `skipped: ${releaseText(leak.skipped)}`));
  const end = leak.endsAt?.scope ?? lastScope(report, leak);
  const leaves = leak.endsAt?.instr ?? (leak.pathKind === 'normal' ? returnOf(leak.end, context.engine.cfg(end), end.fn.body) : undefined);
  steps.push(stepAt(context, 'exit', end, leaves?.start ?? exitOffset(end), exitText(report, leak, name, context)));
  const graph = context.graphs
    ? pictureOf(
        report.site,
        leak.end,
        report.releases.map((r) => r.instr),
        context.engine.cfg(report.site.scope),
        (offset) => lineOf(context, report.site.scope.module, offset),
      )
    : undefined;
  return { pathKind: leak.pathKind, steps, ...(graph ? { graph } : {}) };
}

/** The function that the path leaves last: of a teardown that breaks off that hook, else the one that acquired. */
function lastScope(report: ObligationReport, leak: Leak): Scope {
  const raise = leak.pathKind === 'teardown-failure' ? leak.steps.findLast((s) => s.kind === 'raise') : undefined;
  return raise && raise.scope.cls?.body === report.site.scope.cls?.body ? raise.scope : report.site.scope;
}

/** The end of the function's code, trailing white space aside. */
function exitOffset(scope: Scope): number {
  return Math.max(scope.fn.start, scope.fn.end - 1);
}

function calleeText(instr: Instr, scope: Scope): string {
  return instr.op === 'call' ? `${textOf(scope.module, instr.callee)}()` : 'a call';
}

function raiseText(instr: Instr): string {
  if (instr.op === 'assert') return 'raises when the assertion fails';
  if (instr.op === 'raise') return 'raises';
  return 'may raise';
}

function releaseText(release: Release): string {
  return release.how === 'with' ? 'the end of the with statement' : release.how;
}

function exitText(report: ObligationReport, leak: Leak, name: string, context: RuleContext): string {
  const { title } = report.site.tracked.kind;
  const what = name !== '' ? name : title.startsWith('the ') ? title : `the ${title}`;
  const where = lastScope(report, leak).fn.name;
  if (leak.ending !== '') return `${where} has ${what} ${leak.ending}`;
  const teardown = report.releases.find((r) => r.role === 'teardown' || r.role === 'class-teardown');
  if (leak.pathKind === 'setup-failure' && teardown)
    return `${where} leaves with ${what} held; ${teardown.scope.fn.name} (line ${lineOf(context, teardown.scope.module, teardown.instr.start)}) does not run after a failed setup`;
  return `${where} leaves with ${what} held`;
}

/** The finding of a misuse: it stands on the acquisition, its witness ends at the misuse. */
export function misuseReport(
  report: ObligationReport,
  misuse: Misuse,
  context: RuleContext,
  words: (subject: string) => string,
  last: string,
): Report {
  const { kind } = report.site.tracked;
  const name = nameOf(report.site);
  const { scope, instr } = report.anchor;
  const steps: Step[] = [stepAt(context, 'acquire', report.site.scope, report.site.instr.start, `acquired here: ${kind.title}, ${reachOf(report)}`)];
  if (misuse.first) steps.push(stepAt(context, 'release', misuse.first.scope, misuse.first.instr.start, `released here: ${misuse.first.how}`));
  for (const s of misuse.steps) if (s.kind === 'raise') steps.push(stepAt(context, 'raise', s.scope, s.instr.start, raiseText(s.instr)));
  steps.push(stepAt(context, 'use', misuse.scope, misuse.instr.start, last));
  return {
    module: scope.module,
    start: instr.start,
    end: instr.end,
    test: scope.fn.qualifiedName,
    message: inItsWords(words(subjectOf(kind, name)), kind),
    resource: { kind: kind.kind, reach: reachOf(report), name },
    tests: { count: report.tests.size, examples: [...report.tests].sort().slice(0, EXAMPLES) },
    witnesses: [{ pathKind: 'normal', steps }],
  };
}

/** Names of calls that are assertions, whoever wrote them. */
const SOUNDS_ASSERTING = /assert|check|verify|expect|ensure|fail|^must|should/i;

/** The step that raises, in words for a message: "the assertion on line 44 fails", "an assertion in the call on line 44 fails". */
export function raiseWords(leak: Leak, context: RuleContext, { anchor, site }: ObligationReport): string {
  if (!leak.raise) return 'something raises';
  const { raise, raiseScope, odds } = leak;
  const { module } = raiseScope;
  // A hook of a base class stands in another file, whose lines nobody looks for here.
  const line = `${lineOf(context, module, raise.start)}${module === anchor.scope.module ? '' : ` of ${module.path.slice(module.path.lastIndexOf('/') + 1)}`}`;
  if (raise.op === 'assert') return `the assertion on line ${line} fails`;
  if (odds === 'rare') return rareWords(raise, raiseScope, line, isBuffered(site));
  if (odds === 'likely' && raise.op === 'exit') return `the assertion on line ${line} fails`; // `with assertRaises(Error):`
  if (odds !== 'likely' || raise.op !== 'call') return `line ${line} raises`;
  const info = context.engine.calls.info(raise, raiseScope);
  const { models, callee, view } = info;
  // What can fail after it has made something waits for that.
  if (
    context.engine
      .patternsFor(raiseScope)
      .acquisitions(view)
      .some((m) => m.pattern.mayFailAfter !== null)
  )
    return `the wait on line ${line} fails`;
  // A subtest counts as failed whatever was raised in it.
  if (!/^(likely|always)$/.test(context.engine.calls.raising(raise, raiseScope).likelihood)) return `line ${line} raises`;
  if (models.some((m) => m.pattern.effect === 'waits')) return `the wait on line ${line} fails`;
  const isOwnName = callee === undefined || SOUNDS_ASSERTING.test(view.method);
  const called = calleeScope(info, context.engine);
  if (called && !SOUNDS_ASSERTING.test(view.method) && !assertsInside(called, context.engine)) return `a wait in the call on line ${line} fails`;
  return isOwnName ? `the assertion on line ${line} fails` : `an assertion in the call on line ${line} fails`;
}

/** What is written first waits in a buffer of this size, and the disk is not asked (io.DEFAULT_BUFFER_SIZE). */
const BUFFERED = 8192;

/** What it takes for a step that hardly ever raises: an interrupt stops any, a full disk what leaves the buffer, a broken machine anything else. */
function rareWords(raise: Instr, scope: Scope, line: string, buffered: boolean): string {
  const callee = raise.op === 'call' && raise.callee.op === 'attr' ? raise.callee.name : '';
  if (raise.op !== 'call' || !/^(write|writelines|flush|truncate|dump)$/.test(callee)) return `line ${line} raises, which takes a failing machine`;
  const written = callee === 'write' && raise.args[0] ? writtenText(raise.args[0].value, scope) : undefined;
  if (callee === 'truncate' || (buffered && typeof written === 'string' && written.length < BUFFERED))
    return `an interrupt (Ctrl-C, a time limit) stops line ${line}`;
  return `line ${line} raises, which takes an interrupt, or a full disk${buffered && callee !== 'flush' ? ' when the buffer is full' : ''}`;
}

/** Not `open(path, "wb", buffering=0)`. */
function isBuffered({ chain }: ObligationReport['site']): boolean {
  const made = chain[chain.length - 1]?.instr;
  return made?.op !== 'call' || !made.args.some(({ name, value }) => name === 'buffering' && value.op === 'const' && value.value === 0);
}

/** A literal, or a name of the module's that has nothing but one. */
function writtenText(operand: Operand, scope: Scope): unknown {
  const fn = scope.module.ir.functions[0];
  const [def, ...others] = operand.op === 'name' && operand.scope === 'global' && fn ? (factsOf(scope.module, fn).names.get(operand.name) ?? []) : [];
  return constantOf(def?.kind === 'value' && others.length === 0 ? def.value : operand, scope);
}
