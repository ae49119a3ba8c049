/**
 * What would cure a leak, in one line that fits where the code stands?
 *
 * The configuration says how a unittest method registers the release (`self.addCleanup({name}.close)`). A class method has `addClassCleanup`
 * instead, and a plain function, or a method of a class that is no such case, has neither: there it is `with`, where the resource is its
 * own manager, or `try` and `finally`. What has no name can only be entered; where that is not possible either, nothing is said.
 * A cure of process state may speak of the change itself: `{first}` and `{last}` are its arguments, `{call}` is all of it.
 * Leaves out: whether the edit can be made by a machine; it is shown, not applied.
 */
import type { ResourceKind } from '../../config/model.ts';
import type { Instr, IrFunction, Operand, Target } from '../../ir/ir.ts';
import { forEachInside, operandsOf } from '../../ir/operands.ts';
import { callsIn, forEachInstr } from '../../program/module.ts';
import { factsOf, type Scope } from '../../program/scope.ts';
import { heldFrom, partOf, textOf } from '../../typestate/naming.ts';
import { isStateKind } from '../../typestate/process-state.ts';
import type { ObligationReport, Release } from '../../typestate/report.ts';
import { BEGAN } from '../../typestate/state.ts';
import type { RuleContext } from '../define.ts';
import { doesAsACase, hasCleanupsOf } from '../scopes.ts';

const REGISTERED = /^self\.add(?:Async)?Cleanup\(([^,()]+)(?:, (.+))?\)$/;
/** A longer call is not repeated in the cure: it would not fit on its line. */
const MAX_CALL = 60;
/** Ways to start one thing; more are the verbs of a client that connects by itself, and may be closed before. */
const MAX_STARTS = 2;
/** Ends a cure that asks for what is there before it is changed. */
const BEFORE = / before the change$/;
/** A cure that is no statement to add but another way to write the line. */
const INSTEAD = /^(use|on|with) /;
/** Methods whose result is a way into the thing, not something that it knows. */
const OPENS = /open|file|reader|writer|stream|cursor|makefile|session|channel|get_?entry/i;

/** "after line 42, self.addCleanup(server.stop)"; '' where the configuration knows none. `name` is what the code calls the resource, or ''. */
export function cureOf(report: ObligationReport, name: string, skipped: Release | undefined, context: RuleContext): string {
  const { site } = report;
  const { kind } = site.tracked;
  const { scope, instr } = report.anchor;
  const isNameless = name === '' && kind.cure.includes('{name}');
  const written = asWritten(report, skipped, context);
  const cure = written ?? aboutTheChange(kind.cure, report).replaceAll('{name}', name);
  if (cure === '') return '';
  const held = heldFrom(report.site);
  const done = startOf(report) ?? (report.site.scope.module === scope.module && held ? held : instr);
  const line = context.position(scope.module, done.end).line;
  const first = context.position(scope.module, instr.start).line;
  const call = textOf(scope.module, instr);
  const receiver = factsOf(scope.module, scope.fn).receiver;
  const isHanded = report.handedOn || givesOnFrom(name, scope);
  const isFresh = name !== '' && !name.includes('.') && !isHanded && report.leaks.every((l) => l.odds === 'rare');
  if (isFresh && canBeEntered(report, kind)) return `on line ${first}, with ${shortCall(instr, scope, call)} as ${name}:`;
  const hasCleanups = scope.cls !== undefined && (hasCleanupsOf(scope.cls, context) || (receiver?.isClass === false && doesAsACase(scope.cls)));
  const entering = enteringWord(report, kind, call);
  if (isNameless) return entering !== '' && !isHandedOn(report) ? `on line ${first}, ${entering} ${call}:` : '';
  // Each of several is to be released: `sockets.close` is no method of theirs.
  if (site.match.pattern.handles.some((h) => h.members.some((m) => m.op === 'each'))) return '';
  // Joining a thread that no test has started is an error.
  const where = report.startsLater ? 'where it is started' : placeOf(written ?? kind.cure, line, first);
  const statement = cure.replace(BEFORE, '');
  if (receiver?.isClass && hasCleanups) return `${where}, ${statement.replaceAll('self.addCleanup(', `${receiver.name}.addClassCleanup(`)}`;
  const registered = statement.split('; ').map((part) => REGISTERED.exec(part));
  if ((receiver && hasCleanups) || registered.includes(null)) return `${where}, ${statement}`;
  if (!name.includes('.') && entering !== '' && !isHanded) return `on line ${first}, ${entering} ${call}${name === '' ? '' : ` as ${name}`}:`;
  const [only] = registered;
  if (written === undefined && (kind.cure.includes('{call}') || BEFORE.test(cure)))
    return `${where}, ${keptBefore(only?.[1] ?? '', only?.[2] ?? '')}`;
  // Cleanups run last in, first out.
  const calls = registered
    .reverse()
    .map((part) => `${part?.[0].includes('Async') || isAwaited(part?.[1] ?? '', kind, scope) ? 'await ' : ''}${part?.[1]}(${part?.[2] ?? ''})`);
  // Whoever gets it releases it; until then it is this function's.
  return isHanded ? `${where}, try: … except BaseException: ${calls.join('; ')}; raise` : `${where}, try: … finally: ${calls.join('; ')}`;
}

/**
 * `self.addCleanup(signal.signal, signal.SIGHUP, old)`, where that is how the test itself, or its teardown, puts process state back further on.
 * Undefined where what it writes there is not known yet, or does more than to put it back.
 */
function asWritten({ site, anchor }: ObligationReport, skipped: Release | undefined, context: RuleContext): string | undefined {
  const { kind } = site.tracked;
  const call = skipped?.instr;
  if (!isStateKind(kind) || !skipped || call?.op !== 'call' || skipped.registered || !REGISTERED.test(kind.cure)) return undefined;
  const { module, fn, cls } = anchor.scope;
  const isHere = skipped.scope.fn === fn;
  if (skipped.scope.module !== module || (!isHere && (!cls || !skipped.role.endsWith('teardown')))) return undefined;
  const facts = factsOf(module, fn);
  if (factsOf(module, skipped.scope.fn).tempUses(call.result) > 0) return undefined;
  const line = context.position(module, anchor.instr.end).line;
  const isBefore = (o: { readonly start: number }): boolean => context.position(module, o.start).line <= line;
  const isKnown = (o: Operand): boolean => {
    if (!isHere && cls && o.op === 'attr' && o.of.op === 'name' && o.of.name === facts.receiver?.name)
      return context.engine.values.assignedTo(cls, o.name).some((a) => a.scope.fn === fn && isBefore(a.value));
    if (o.op === 'attr') return isKnown(o.of);
    if (o.op === 'index') return isKnown(o.of) && o.key.op === 'const';
    if (o.op !== 'name') return o.op === 'const';
    const given = isHere ? facts.names.get(o.name) : undefined;
    return given === undefined ? isHere || o.scope === 'global' : given.some((d) => d.instr === null || isBefore(d.instr));
  };
  if (![call.callee, ...call.args.map((a) => a.value)].every(isKnown)) return undefined;
  const text = [
    textOf(module, call.callee),
    ...call.args.map((a) => (a.kind === 'keyword' ? `${a.name}=${textOf(module, a.value)}` : textOf(module, a.value))),
  ].join(', ');
  return text.length > MAX_CALL || call.args.some((a) => a.kind !== 'positional' && a.kind !== 'keyword') ? undefined : `self.addCleanup(${text})`;
}

/** `return archive.open(name)`: what is given on still needs the thing that it was made from. */
function givesOnFrom(name: string, { module, fn }: Scope): boolean {
  const facts = factsOf(module, fn);
  const isIt = (o: Operand): boolean => o.op === 'name' && o.name === name;
  let found = false;
  forEachInstr(fn.body, (i) => {
    if (i.op !== 'return' || i.value?.op !== 'temp') return;
    const made = facts.temps[i.value.id]?.instr;
    found ||= made?.op === 'call' && made.callee.op === 'attr' && isIt(made.callee.of) && OPENS.test(made.callee.name);
  });
  return found;
}

/** The call with which it begins, where that is another one in the same function: a thread that was not started cannot be joined. */
function startOf({ site, anchor, leaks }: ObligationReport): Instr | undefined {
  const at = leaks[0]?.end.state.facts.get(BEGAN);
  const { startedBy } = site.match.pattern;
  if (at === undefined || site.scope !== anchor.scope || startedBy.length === 0 || startedBy.length > MAX_STARTS) return undefined;
  return callsIn(anchor.scope.fn.body).find((i) => i.start === at);
}

/** "before line 12", "on line 12", "after line 12": where the cure is written. */
function placeOf(cure: string, line: number, first: number): string {
  if (BEFORE.test(cure)) return `before line ${first}`;
  return INSTEAD.test(cure) || cure.includes('{call}') ? `on line ${first}` : `after line ${line}`;
}

/** `old = os.umask(0); try: … finally: os.umask(old)`: where nothing can be registered, what was there is kept under a name. */
function keptBefore(put: string, args: string): string {
  const last = /^((?:[^()]*, )?)([^,()]+\(.*\))$/.exec(args);
  return last ? `old = ${last[2]}; try: … finally: ${put}(${last[1]}old)` : `try: … finally: ${put}(${args})`;
}

/** The cure with the arguments and the call of the change itself in it; `…` where a helper makes it, or where they are too long. */
function aboutTheChange(cure: string, { site }: ObligationReport): string {
  if (!cure.includes('{')) return cure;
  const { instr, scope } = site;
  const args = instr.op === 'call' && site.chain.length === 1 ? instr.args.filter((a) => a.kind === 'positional') : [];
  const text = (operand: { readonly start: number; readonly end: number } | undefined): string => {
    const words = operand ? textOf(scope.module, operand) : '';
    return words === '' || words.length >= MAX_CALL || words.includes('\n') ? '…' : words;
  };
  const whole = args.length > 0 ? text(instr) : '…';
  return cure
    .replaceAll('{first}', text(args[0]?.value))
    .replaceAll('{last}', text(args.at(-1)?.value))
    .replaceAll('{call}', whole);
}

/** The result goes to another call, which may keep it (`wrap(socket.socket())`), or into a display (`[connect(a), connect(b)]`). */
function isHandedOn({ site: { instr, scope } }: ObligationReport): boolean {
  return instr.op === 'call' && handedOnIn(scope.fn).has(instr.result);
}

const handedOn = new WeakMap<IrFunction, ReadonlySet<number>>();

/** The temporaries of a function that go to a call or into a display; a function may have hundreds of findings. */
function handedOnIn(fn: IrFunction): ReadonlySet<number> {
  let known = handedOn.get(fn);
  if (known) return known;
  const found = new Set<number>();
  const add = (operand: Operand | Target): void => void (operand.op === 'temp' && found.add(operand.id));
  const look = (operand: Operand | Target): void => {
    const isDisplay = operand.op === 'list' || operand.op === 'tuple' || operand.op === 'set' || operand.op === 'dict';
    forEachInside(operand, (inner) => {
      if (isDisplay) add(inner);
      look(inner);
    });
  };
  forEachInstr(fn.body, (i) => {
    if (i.op === 'call') for (const { value } of i.args) add(value);
    operandsOf(i).forEach(look);
  });
  handedOn.set(fn, (known = found));
  return known;
}

/**
 * How the call can be entered where it stands: 'with', 'async with', 'async with await'; '' where it cannot, because it does not return what is
 * its own manager, or a tuple of which that is a part.
 */
function enteringWord({ site }: ObligationReport, { contextManager }: ResourceKind, call: string): string {
  if (contextManager === 'no' || site.chain.length > 1 || partOf(site) !== undefined || call.length > MAX_CALL || call.includes('\n')) return '';
  const { isAsync } = site.scope.fn;
  if (isAwaitedAtOnce(site)) return contextManager === 'async' ? 'async with await' : '';
  if (contextManager === 'async') return isAsync ? 'async with' : '';
  return contextManager === 'both' && isAsync ? 'async with' : 'with';
}

/** Where only a full disk or an interrupt leads to the leak, a cleanup is more than the code is worth: the block is what people write. */
function canBeEntered({ site }: ObligationReport, { contextManager }: ResourceKind): boolean {
  return (contextManager === 'sync' || contextManager === 'both') && site.chain.length === 1 && partOf(site) === undefined && !isAwaitedAtOnce(site);
}

/** `tempfile.NamedTemporaryFile(…)` of a call that does not fit on its line. */
function shortCall(instr: Instr, scope: Scope, call: string): string {
  const isLong = call.length > MAX_CALL || call.includes('\n');
  return isLong && instr.op === 'call' ? `${textOf(scope.module, instr.callee)}(…)` : call;
}

function isAwaitedAtOnce({ instr, scope }: ObligationReport['site']): boolean {
  let found = false;
  forEachInstr(scope.fn.body, (i) => {
    found ||= i.op === 'await' && instr.op === 'call' && i.value.op === 'temp' && i.value.id === instr.result;
  });
  return found;
}

/** Releasing it by that method is a coroutine's work. */
function isAwaited(put: string, kind: ResourceKind, { fn }: Scope): boolean {
  const method = put.slice(put.lastIndexOf('.') + 1);
  return fn.isAsync && kind.release.some((r) => r.awaited && r.method !== undefined && r.method.split(/\W+/).includes(method));
}
