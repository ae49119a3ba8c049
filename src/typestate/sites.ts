/**
 * Where does a function come to hold resources: by acquiring them itself, or by calling what acquires for it?
 *
 * A site is a call instruction with what is held after it. Sites of project callees (`fresh`) are those acquisitions that leave the
 * callee still held: in its result, on its receiver, in a global. Computed callees first, on demand; a recursive callee brings nothing
 * of its own.
 */

import { type Cfg, EdgeKind } from '../cfg/cfg.ts';
import type { AcquireMatch } from '../config/call-view.ts';
import type { HandlePath } from '../config/model.ts';
import { holds } from '../config/pattern-index.ts';
import type { Instr, IrFunction, Operand } from '../ir/ir.ts';
import { classAttribute, constantOf, spread } from '../program/call-site.ts';
import { callsIn, instrsIn } from '../program/module.ts';
import type { Scope } from '../program/scope.ts';
import { blocksOf } from './blocks-of.ts';
import { constantsOf } from './branch.ts';
import { operandAt } from './call-transfer.ts';
import { calleeScope, type Entry, enterCallee, translate } from './callee.ts';
import type { CallInstr } from './calls.ts';
import type { Callable } from './chains.ts';
import type { Engine } from './engine.ts';
import { explore, MAX_STATES, type Start } from './explore.ts';
import { flagsAt } from './flags.ts';
import { type FreshSite, handedOn, isProductCode, outlive } from './fresh.ts';
import { makesNothing } from './in-memory.ts';
import { withoutMadeAgain } from './made-again.ts';
import { isOwnObject } from './own-objects.ts';
import { parentGiven, parentOf, runnerOf } from './parents.ts';
import { below, literalPlace, OWNED, type Path, pathOf, RUNS } from './path.ts';
import { PerClass } from './per-class.ts';
import { isStateKind, matchOf, stateEvents } from './process-state.ts';
import { membersText } from './relation.ts';
import { releasedByItself } from './self-releasing.ts';
import { type InFlight, initialState, STARTED, type State, withHolders } from './state.ts';
import { staysInside } from './stays-inside.ts';
import { markedCaptures } from './sweeping.ts';
import type { Tracked } from './transfer.ts';

/** Where the resource was really made, for sites that come through helpers. */
export interface Origin {
  readonly scope: Scope;
  readonly instr: Instr;
}

export interface Site {
  readonly scope: Scope;
  readonly instr: Instr;
  readonly tracked: Tracked;
  readonly match: AcquireMatch;
  /** States right after the call, on its normal edge. */
  readonly after: readonly State[];
  /** States on its raised edge: the helper raised when it already held the resource in a place that outlives it. */
  readonly afterRaise: readonly State[];
  /** States that may be followed from it: the fewer, the more sites the function has. */
  readonly budget: number;
  /** From this call inwards; the last one is the acquisition itself. Just the call for direct sites. */
  readonly chain: readonly Origin[];
  /** What is changed is an object of the test's own: it takes the change along, and nobody else feels it. */
  readonly isOwnMatter: boolean;
  /** Which of the handles of the acquisition, for calls that make several. */
  readonly handle: number;
}

/** A site before all sites of its function are known. */
type Draft = Omit<Site, 'budget'>;

/**
 * States followed for all sites of one function together; each gets its part, so that what is found from one does not depend on the others' order.
 * Takes about a second. The largest tests of the measured suites have fifty sites and need a few hundred states each.
 */
const MAX_FUNCTION_STATES = 300_000;
const MAX_FRESH_DEPTH = 16; // Helpers of helpers; deeper chains bring nothing.
/**
 * What was cut is computed anew by everyone who asks; where many helpers call each other that has no end. After this many (seven real
 * suites stay below 100) what was found is kept as it is.
 */
const MAX_FRESH_WORK = 1_000;
const MAX_FRESH = 24; // Resources that one call of a helper brings; more are a framework's, not a helper's.

const NONE: readonly never[] = [];

export class Sites {
  readonly #engine: Engine;
  readonly #memo = new PerClass<readonly Site[], IrFunction>();
  readonly #givens = new WeakMap<FreshSite, Map<string, FreshSite>>();
  readonly #fresh = new PerClass<readonly FreshSite[], IrFunction>();
  readonly #running: number[] = [];
  /** The lowest index of #running that a recursion was cut at: what depends on it is not kept. */
  #cut = Number.POSITIVE_INFINITY;
  /** Calls of `fresh` that were computed since the outermost one began. */
  #work = 0;
  /** A kind that a managed scope of the class takes care of. */
  readonly #isManaged: (kind: string, scope: Scope) => boolean;
  /** Under a manager that expects the leak or takes care of the kind. */
  readonly #isIntended: (site: Site) => boolean;

  constructor(engine: Engine, isManaged: (kind: string, scope: Scope) => boolean, isIntended: (site: Site) => boolean) {
    this.#engine = engine;
    this.#isManaged = isManaged;
    this.#isIntended = isIntended;
  }

  /** All sites of the function, in source order; seen from a more general class where that makes no difference (alike.ts). */
  of(asked: Scope): readonly Site[] {
    const scope = this.#engine.alike.of(asked);
    const known = this.#memo.get(scope.fn, scope.cls);
    if (known) return known;
    const out: Draft[] = [];
    const { calls } = this.#engine;
    const { chains } = calls;
    const patterns = this.#engine.patternsFor(scope);
    for (const e of stateEvents(scope, this.#engine)) {
      if (e.role !== 'changes') continue;
      const match = matchOf(e.state);
      const tracked: Tracked = { kind: match.kind, captures: {}, pattern: match.pattern };
      out.push({
        scope,
        instr: e.instr,
        tracked,
        match,
        after: [initialState([e.place], true)],
        afterRaise: [],
        chain: [{ scope, instr: e.instr }],
        isOwnMatter: false,
        handle: out.filter((s) => s.instr === e.instr).length, // Several parts of the state in one assignment.
      });
    }
    for (const instr of callsIn(scope.fn.body)) {
      const called = instr.callee;
      const chain = chains.of(called, scope);
      if (chain?.isIdle || (called.op !== 'attr' && called.op !== 'name') || called.name === '') continue;
      const callee = chain ? chain.callable(called, scope, this.#engine.values) : calls.localCallee(instr, scope);
      const target = callee && calleeScope(callee, this.#engine);
      const isBody = target !== undefined && !target.fn.isGenerator && !this.#bringsNothing(target);
      const mayAcquire = calls.mayBe('mayAcquire', called, chain, scope);
      if (!mayAcquire && !isBody) {
        if (chain) chain.isIdle = true;
        continue;
      }
      if (
        mayAcquire &&
        (patterns.hasWildcardAcquire ||
          patterns.acquireNames.has(called.name) ||
          called.op === 'name' ||
          classAttribute(called, scope, this.#engine.values) !== undefined)
      ) {
        const info = calls.info(instr, scope);
        const direct = patterns.acquisitions(info.view);
        for (const match of direct) this.#direct(out, match, instr, scope);
        if (direct.length > 0) continue;
      }
      if (callee && isBody) this.#derived(out, instr, callee, target, scope);
    }
    return this.#found(out, scope);
  }

  /** The sites in source order, each with its part of the budget. */
  #found(out: Draft[], scope: Scope): readonly Site[] {
    let sites: readonly Site[] = NONE;
    if (out.length > 0) {
      out.sort((a, b) => a.instr.start - b.instr.start);
      const made = withoutMadeAgain(out, scope, this.#engine);
      const budget = Math.min(MAX_STATES, Math.floor(MAX_FUNCTION_STATES / made.length));
      sites = made.map((site): Site => ({ ...site, budget }));
    }
    if (this.#cut === Number.POSITIVE_INFINITY || this.#work > MAX_FRESH_WORK) this.#memo.set(scope.fn, scope.cls, sites);
    return sites;
  }

  #direct(out: Draft[], match: AcquireMatch, instr: CallInstr, scope: Scope): void {
    if (makesNothing(match, instr, scope, this.#engine)) return;
    const captures = markedCaptures(match.captures, match.kind.kind, instr.args, scope, this.#engine.patternsFor(scope));
    const tracked: Tracked = { kind: match.kind, captures, pattern: match.pattern };
    const handles = match.pattern.handles.length > 0 ? match.pattern.handles : [{ position: { at: 'return' as const }, members: [] }];
    // `with listener.accept() as connection:` is entered, so it is no pair of which a part is meant.
    if (handles.every((h) => h.members[0]?.op === 'key') && isEntered(instr, scope)) return;
    const args = spread(instr.args, scope);
    const changed = match.pattern.changes && operandAt(match.pattern.changes, args, undefined);
    const isOwnMatter = changed !== undefined && isOwnObject(changed, scope, this.#engine);
    const parent = parentOf(match, instr, scope, this.#engine);
    if (parent === 'elsewhere') return;
    const runner = runnerOf(match, instr, scope, this.#engine);
    const place = (h: HandlePath): Path | undefined => {
      if (h.position.at === 'return') return `${scope.fn.index}%${instr.result}${membersText(h.members)}`;
      const operand = operandAt(h, args, instr.callee.op === 'attr' ? instr.callee.of : undefined);
      return operand && placeOf(operand, scope, this.#engine);
    };
    handles.forEach((h, handle) => {
      const path = place(h);
      if (path === undefined) return;
      const named = match.pattern.aliases.flatMap((a) => place(a) ?? []);
      const state = initialState(
        [path, ...named, ...(parent === undefined ? [] : [parent + OWNED]), ...(runner === undefined ? [] : [runner + RUNS])],
        match.pattern.startedBy.length === 0 && !match.pattern.awaited,
      );
      const view = this.#engine.calls.info(instr, scope).view;
      // `create(wait=True)` may raise when the thing exists already: only its name is known then.
      const fails = match.pattern.mayFailAfter?.every((c) => holds(c, view)) === true;
      out.push({
        scope,
        instr,
        tracked,
        match,
        after: [state],
        afterRaise: fails ? [{ ...state, inFlight: { type: '', odds: 'likely', at: { scope, instr } } }] : [],
        chain: [{ scope, instr }],
        isOwnMatter,
        handle,
      });
    });
  }

  /** Adds what the call of a project's function brings. */
  #derived(out: Draft[], instr: CallInstr, callee: Callable, target: Scope, scope: Scope): void {
    if (isMeant(instr, scope, this.#engine) || this.fresh(target).length === 0) return;
    const entry = enterCallee(callee, instr.args, instr.callee.op === 'attr' ? instr.callee.of : undefined, instr.result, scope, this.#engine);
    if (!entry || entry.scope.fn.isGenerator) return;
    const constants = handedOn(entry, instr, scope);
    for (const found of this.fresh(entry.scope)) {
      const f = found.isSplit && constants.size > 0 ? this.#given(found, constants) : found;
      if (f.normal.length === 0) continue;
      if (callee.kind === 'class' && releasedByItself(callee.cls, f.normal, f.tracked, this.#engine)) continue;
      const parent = f.chain.length === 1 ? parentGiven(f.chain[0] as Origin, f.match, instr, scope, this.#engine) : undefined;
      if (parent === 'elsewhere') continue;
      const isAsync = entry.scope.fn.isAsync && f.tracked.pattern.startedBy.length === 0;
      const carry = (states: readonly State[]): readonly State[] =>
        states.flatMap((s) => {
          const holders = s.holders.flatMap((h) => translate(h, entry as Entry, instr.result, scope) ?? []);
          // Calling a coroutine function runs nothing: what it returns is held when it has been awaited or run.
          const result = `${scope.fn.index}%${instr.result}`;
          const phase = isAsync && holders.every((h) => below(result, h) !== undefined) ? s.phase & ~STARTED : s.phase;
          const all = parent === undefined ? holders : [...holders, parent + OWNED];
          return holders.length === 0 ? [] : [{ ...withHolders(s, all), phase, pending: 0, facts: constantsOf(s.facts) }];
        });
      const after = carry(f.normal);
      if (after.length === 0) continue;
      const origin = f.chain[f.chain.length - 1] as Origin;
      // What the product changes for itself is not the test's to put back.
      if (isStateKind(f.tracked.kind) && isProductCode(origin.scope, scope, this.#engine)) continue;
      if (this.#isManaged(f.tracked.kind.kind, origin.scope) || this.#isManaged(f.tracked.kind.kind, scope)) continue;
      out.push({
        scope,
        instr,
        tracked: f.tracked,
        match: f.match,
        after,
        // What is left when the product's own code fails is the product's.
        afterRaise: isProductCode(origin.scope, scope, this.#engine) ? [] : carry(f.raised),
        chain: [{ scope, instr }, ...f.chain],
        isOwnMatter: false,
        handle: f.handle,
      });
    }
  }

  /** It is known already that a call of the function brings nothing. */
  #bringsNothing(target: Scope): boolean {
    const { fn, cls } = this.#engine.alike.of(target);
    return this.#fresh.get(fn, cls)?.length === 0;
  }

  /** What a call of the function brings its caller. */
  fresh(asked: Scope): readonly FreshSite[] {
    const scope = this.#engine.alike.of(asked);
    const known = this.#fresh.get(scope.fn, scope.cls);
    if (known) return known;
    const key = this.#engine.scopeKey(scope);
    const at = this.#running.indexOf(key);
    if (at < 0 && this.#running.length >= MAX_FRESH_DEPTH) this.#engine.cutOff(scope, 'calls');
    if (at >= 0 || this.#running.length >= MAX_FRESH_DEPTH) {
      this.#cut = Math.min(this.#cut, Math.max(at, 0));
      return [];
    }
    if (this.#running.length === 0) this.#work = 0;
    this.#work++;
    this.#running.push(key);
    const depth = this.#running.length - 1;
    const out: FreshSite[] = [];
    for (const site of this.of(scope)) {
      if (out.length >= MAX_FRESH) {
        this.#engine.cutOff(scope, 'resources');
        break;
      }
      if (site.isOwnMatter || staysInside(site, this.#engine) || this.#isIntended(site)) continue; // A manager around it in the callee takes care of it.
      const run = this.explore(site);
      const normal = outlive(run, 'normal', scope, this.#engine);
      const isSplit = run.ends.some(({ end }) => end.end === 'registered' || end.end === 'released');
      if (normal.length > 0) out.push({ ...site, site, isSplit, normal, raised: outlive(run, 'raised', scope, this.#engine) });
    }
    this.#running.pop();
    if (this.#cut >= depth) {
      this.#cut = Number.POSITIVE_INFINITY;
      this.#fresh.set(scope.fn, scope.cls, out);
    } else if (this.#work > MAX_FRESH_WORK) {
      this.#engine.cutOff(scope, 'calls');
      this.#fresh.set(scope.fn, scope.cls, out);
    }
    return out;
  }

  /** The same where the call says which way the function goes. */
  #given(fresh: FreshSite, constants: Entry['constants']): FreshSite {
    const key = JSON.stringify([...constants]);
    let known = this.#givens.get(fresh);
    if (!known) this.#givens.set(fresh, (known = new Map()));
    let found = known.get(key);
    if (!found) {
      const { site } = fresh;
      const starts = this.starts(site).map((s) => ({ ...s, state: { ...s.state, facts: new Map([...constants, ...s.state.facts]) } }));
      const run = explore(starts, site.tracked, site.scope, this.#engine, site.instr, site.budget);
      known.set(
        key,
        (found = { ...fresh, normal: outlive(run, 'normal', site.scope, this.#engine), raised: outlive(run, 'raised', site.scope, this.#engine) }),
      );
    }
    return found;
  }

  /** Follows a site's obligation to the exits of its own function. */
  explore(site: Site): ReturnType<typeof explore> {
    return explore(this.starts(site), site.tracked, site.scope, this.#engine, site.instr, site.budget);
  }

  /** A change by assignment begins in the middle of its block. */
  #inside(site: Site, block: number, cfg: Cfg): Start {
    const flags = flagsAt(site.scope, block, this.#engine);
    let index = cfg.firstInstr[block] as number;
    while (cfg.instrs[index] !== site.instr) index++;
    return {
      block,
      index: index + 1,
      state: { ...(site.after[0] as State), facts: flags.facts, pending: flags.pending },
      edge: EdgeKind.next,
      via: site.instr,
    };
  }

  /** What raised in the helper that made it, looked at closely, does not. */
  #raisesNothing(flight: InFlight | null): boolean {
    if (!this.#engine.looksClosely || flight?.odds !== 'unlikely' || !flight.at) return false;
    return this.#engine.calls.closely(flight.at.instr, flight.at.scope).likelihood !== 'unlikely';
  }

  /** The edges on which the obligation begins, in every copy of the call's block. */
  starts(site: Site): readonly Start[] {
    const cfg = this.#engine.cfg(site.scope);
    const out: Start[] = [];
    for (const block of blocksOf(cfg, site.instr)) {
      if (site.instr.op !== 'call') {
        out.push(this.#inside(site, block, cfg));
        continue;
      }
      const flags = flagsAt(site.scope, block, this.#engine);
      for (let e = cfg.firstEdge[block] as number; e < (cfg.firstEdge[block + 1] as number); e++) {
        const kind = cfg.edgeKind[e] as EdgeKind;
        const raised = kind === EdgeKind.raise;
        for (const s of raised ? site.afterRaise : site.after) {
          if (raised && this.#raisesNothing(s.inFlight)) continue;
          const state: State = {
            ...s,
            facts: s.facts.size === 0 ? flags.facts : new Map([...s.facts, ...flags.facts]),
            pending: flags.pending,
            inFlight: raised ? (s.inFlight ?? { type: '', odds: 'unlikely', at: { scope: site.scope, instr: site.instr } }) : null,
          };
          out.push({ block: cfg.edgeTarget[e] as number, state, edge: kind, via: site.instr });
        }
      }
    }
    return out;
  }
}

/** The configuration says what the call does: its body is not asked. */
function isMeant(instr: CallInstr, scope: Scope, { calls }: Engine): boolean {
  if (!calls.mayModel(instr, scope) && !calls.mayRegister(instr, scope) && !calls.mayHandOn(instr, scope)) return false;
  const { models, registration, indirection } = calls.info(instr, scope);
  return models.length > 0 || registration !== undefined || indirection !== undefined;
}

/** The place of an operand; a literal string is a place of its own, so that two mentions of one name agree. */
function placeOf(operand: Operand, scope: Scope, engine: Engine): Path | undefined {
  const constant = constantOf(operand, scope);
  return typeof constant === 'string' && constant !== ''
    ? literalPlace(constant)
    : operand.op === 'const'
      ? undefined
      : pathOf(operand, scope, engine.values);
}

/** The result itself is what a with statement enters. */
function isEntered({ result }: CallInstr, scope: Scope): boolean {
  return instrsIn(scope.fn.body).some((i) => i.op === 'enter' && i.manager.op === 'temp' && i.manager.id === result);
}
