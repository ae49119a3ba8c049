/**
 * Which doubles do the function itself, what it has called, and the fixtures around it have in place when it comes to an instruction?
 *
 * `monkeypatch.setattr(socket, "socket", Fake)`, `mocker.patch("subprocess.Popen")`, `patcher.start()`, `subprocess.Popen = Fake`: laid before the
 * instruction and not taken away again by then, as far as the order of the lines tells; `self.fake_http()` lays what it leaves in place. What a
 * `with` statement lays is told by that (fakes.ts). Leaves out: branches and loops, helpers of helpers.
 */
import type { Instr } from '../ir/ir.ts';
import { callBehind } from '../program/call-site.ts';
import { callsIn, entersIn, forEachInstr } from '../program/module.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import type { CallInstr } from './calls.ts';
import type { Engine } from './engine.ts';
import { type Stub, stubsOf } from './stubs.ts';

/** Takes all away at once. */
const UNDOES_ALL = /^(undo|stopall|doCleanups)$/;

/** The doubles in place at the instruction, those of fixtures included. */
export function doublesAt(instr: Instr, scope: Scope, engine: Engine): readonly Stub[] {
  const fixtures = engine.options.fixturesAround(scope);
  const laid = lastOf([...ownOf(instr, instr.start, scope, engine), ...laidByHelpers(scope, engine).filter((l) => l.at < instr.start)]);
  return fixtures.length === 0 ? laid : [...laid, ...fixtures.flatMap((f) => leftBy(f, engine))];
}

/** By function; what depends on the concrete class as well is kept by that. */
interface Known {
  readonly left: Map<Scope['fn'], readonly Stub[]>;
  readonly helped: Map<Scope['fn'], Map<Scope['cls'], readonly Laid[]>>;
}

const memo = new WeakMap<Engine, Known>();

function knownOf(engine: Engine): Known {
  let known = memo.get(engine);
  if (!known) memo.set(engine, (known = { left: new Map(), helped: new Map() }));
  return known;
}

/** What a fixture has in place for the test, at its yield, or a helper when it returns. */
function leftBy(scope: Scope, engine: Engine): readonly Stub[] {
  const { left } = knownOf(engine);
  let known = left.get(scope.fn);
  if (known === undefined) {
    let at: Instr | undefined;
    if (scope.fn.isGenerator)
      forEachInstr(scope.fn.body, (i) => {
        if (i.op === 'yield') at ??= i;
      });
    left.set(scope.fn, (known = lastOf(ownOf(at, at?.start ?? scope.fn.end, scope, engine))));
  }
  return known;
}

/** What is assigned to one place twice is what it was given last. */
function lastOf(laid: readonly Laid[]): readonly Stub[] {
  const isLast = ({ stub, at }: Laid): boolean => stub.how !== 'assignment' || !laid.some((l) => l.at > at && l.stub.target === stub.target);
  return laid.filter(isLast).map((l) => l.stub);
}

/** A double, and where in the function it is laid. */
interface Laid {
  readonly stub: Stub;
  readonly at: number;
}

function ownOf(at: Instr | undefined, until: number, scope: Scope, engine: Engine): readonly Laid[] {
  const before = stubsOf(scope, engine).filter((s) => s.instr !== undefined && s.replaces && s.end <= until);
  if (before.length === 0) return [];
  const facts = factsOf(scope.module, scope.fn);
  const around = at === undefined ? [] : facts.enclosing(at);
  const calls = callsIn(scope.fn.body).filter((c) => c.end <= until);
  const opened = entered(scope);
  const isInPlace = ({ instr, start, lifetime }: Stub): boolean => {
    if (instr === undefined || !facts.enclosing(instr).every((m) => around.includes(m))) return false;
    if (instr.op !== 'call') return true;
    if (calls.some((c) => c.start > start && isTakenAway(c, instr, scope))) return false;
    if (around.some((m) => callBehind(m, scope) === instr)) return true;
    if (opened.has(instr)) return false;
    return lifetime !== 'start-stop' || calls.some((c) => isStarted(c, instr, scope, engine));
  };
  return before.filter(isInPlace).map((stub) => ({ stub, at: stub.start }));
}

/** What the functions of the project that it calls leave in place. */
function laidByHelpers(scope: Scope, engine: Engine): readonly Laid[] {
  const { helped } = knownOf(engine);
  let byClass = helped.get(scope.fn);
  if (!byClass) helped.set(scope.fn, (byClass = new Map()));
  let known = byClass.get(scope.cls);
  if (known === undefined) {
    known = callsIn(scope.fn.body).flatMap((call) => {
      const callee = engine.calls.callee(call, scope);
      if (callee?.kind !== 'method' && callee?.kind !== 'function') return [];
      const target = engine.values.scopeOf(callee);
      return target.fn.isGenerator || target.fn.isAsync ? [] : leftBy(target, engine).map((stub) => ({ stub, at: call.start }));
    });
    byClass.set(scope.cls, known);
  }
  return known;
}

/** The calls whose results with statements enter. */
function entered(scope: Scope): ReadonlySet<Instr> {
  return new Set(entersIn(scope.fn.body).flatMap((i) => callBehind(i.manager, scope) ?? []));
}

/** `patcher.stop()`, `monkeypatch.undo()`. */
function isTakenAway({ callee }: CallInstr, patch: CallInstr, scope: Scope): boolean {
  if (callee.op !== 'attr') return false;
  return UNDOES_ALL.test(callee.name) || (callee.name === 'stop' && callBehind(callee.of, scope) === patch);
}

/** `patcher.start()`, `stack.enter_context(patcher)`: what `patch()` makes lays nothing before that. */
function isStarted(call: CallInstr, patch: CallInstr, scope: Scope, engine: Engine): boolean {
  const { callee } = call;
  if (callee.op === 'attr' && callee.name === 'start' && callBehind(callee.of, scope) === patch) return true;
  return call.args.some((a) => callBehind(a.value, scope) === patch) && engine.calls.info(call, scope).registration !== undefined;
}
