/**
 * Which acquisitions were seen together with which releases, and how often was the acquisition seen alone?
 *
 * Two walks over all modules: the first collects what is released and the calls that made it, the second counts every call of those
 * names. Calls that a pack that is on knows already are left out, and so are those that must fail (inside `assertRaises`).
 */
import { compareText } from '../base/text.ts';
import type { Operand } from '../ir/ir.ts';
import { CallSite, callBehind, expressionOf } from '../program/call-site.ts';
import { forEachInstr, type ModuleUnit } from '../program/module.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import { type CallInstr, lexicalScope, type Origin, Origins } from './origins.ts';
import type { Placed } from './places.ts';
import { type Findings, lastName, type Reading, type Use, Uses } from './uses.ts';

/** What is held after the acquisition: its result, what it was called on, or an argument. */
export type Mode = 'result' | 'receiver' | 'argument';

/** How a call is named: by its import path, or by its method on whatever receiver. */
export interface CallName {
  readonly by: 'call' | 'method' | 'with';
  readonly name: string;
}

export interface Released {
  readonly release: CallName;
  readonly use: Use;
  /** From what the acquisition returned to what was released. */
  readonly members: string;
}

export interface AcquireSite {
  readonly scope: Scope;
  readonly instr: CallInstr;
  readonly releases: readonly Released[];
}

export interface Acquired {
  readonly acquire: CallName;
  readonly mode: Mode;
  /** Sites at which a release was seen. */
  readonly sites: readonly AcquireSite[];
  /** All calls of the name, these included. */
  readonly calls: number;
  /** Last segments of the receivers, with how often each was seen. */
  readonly receivers: ReadonlyMap<string, number>;
  /** Where the thing is passed: `arg[0]`, `kw.name`. */
  readonly positions: ReadonlyMap<string, number>;
  /** Methods of the result that began the obligation: `thread.start()`. */
  readonly startedBy: ReadonlyMap<string, number>;
}

/** A call that the packs do not know, with its first place. */
export interface Named {
  readonly name: CallName;
  readonly scope: Scope;
  readonly start: number;
  readonly count: number;
}

export interface Learned {
  readonly acquired: readonly Acquired[];
  /** Calls that register callables, and callables that call another one, unknown to the packs that are on. */
  readonly registrations: readonly Named[];
  readonly indirections: readonly Named[];
}

interface Draft {
  readonly acquire: CallName;
  readonly mode: Mode;
  readonly sites: Map<string, { scope: Scope; instr: CallInstr; releases: Released[] }>;
  readonly positions: Map<string, number>;
  readonly startedBy: Map<string, number>;
}

/** Reads all modules. Time is linear in their size. */
export function collectPairs(modules: readonly ModuleUnit[], reading: Reading): Learned {
  const origins = new Origins(reading.values);
  origins.knowClasses(modules);
  const uses = new Uses(reading, origins);
  const drafts = new Map<string, Draft>();
  const registrations = new Map<string, Named>();
  const indirections = new Map<string, Named>();
  const draftOf = (acquire: CallName, mode: Mode): Draft => {
    const key = `${mode} ${acquire.by} ${acquire.name}`;
    let draft = drafts.get(key);
    if (!draft) drafts.set(key, (draft = { acquire, mode, sites: new Map(), positions: new Map(), startedBy: new Map() }));
    return draft;
  };
  const note = (draft: Draft, scope: Scope, instr: CallInstr, released: Released): void => {
    const key = `${scope.module.path}:${instr.start}`;
    const site = draft.sites.get(key);
    if (!site) draft.sites.set(key, { scope, instr, releases: [released] });
    else if (!site.releases.some((r) => r.use.instr === released.use.instr && r.release.name === released.release.name)) site.releases.push(released);
  };
  const count = (into: Map<string, Named>, callee: Operand, scope: Scope, start: number): void => {
    // The analysis follows the project's own functions by itself.
    if (origins.helperOf(callee, scope) !== undefined && reading.values.of(callee, scope) !== undefined) return;
    const name = nameOfCall(callee, scope, reading);
    const before = into.get(keyOf(name));
    into.set(keyOf(name), before ? { ...before, count: before.count + 1 } : { name, scope, start, count: 1 });
  };
  const findings: Findings = {
    made(origin: Origin, use: Use) {
      const release = releaseName(use, reading);
      if (origin.instr !== use.instr)
        note(draftOf(nameOfCall(origin.instr.callee, origin.scope, reading), 'result'), origin.scope, origin.instr, {
          release,
          use,
          members: origin.members,
        });
    },
    beside(placed: Placed, use: Use) {
      const { callee } = placed.instr;
      const release = releaseName(use, reading);
      const made = placed.at < 0 && callee.op === 'attr' ? origins.of(callee.of, placed.scope).filter((o) => o.members === '') : [];
      if (made.length > 0) {
        // The constructor is the acquisition; this call begins it.
        for (const o of made) add(draftOf(nameOfCall(o.instr.callee, o.scope, reading), 'result').startedBy, lastName(callee));
        return;
      }
      const draft = draftOf(nameOfCall(callee, placed.scope, reading), placed.at < 0 ? 'receiver' : 'argument');
      add(draft.positions, placed.keyword === null ? `arg[${placed.at}]` : `kw.${placed.keyword}`);
      note(draft, placed.scope, placed.instr, { release, use, members: '' });
    },
    registers: (callee, scope, instr) => count(registrations, callee, scope, instr.start),
    passesOn: (callee, scope, instr) => count(indirections, callee, scope, instr.start),
  };
  for (const module of modules) uses.ofModule(module, findings);
  return {
    acquired: finish([...drafts.values()], modules, reading, origins),
    registrations: often(registrations),
    indirections: often(indirections),
  };
}

/** Once is chance. */
function often(found: ReadonlyMap<string, Named>): readonly Named[] {
  return [...found.values()].filter((n) => n.count > 1).sort((a, b) => b.count - a.count || compareText(a.name.name, b.name.name));
}

function finish(drafts: readonly Draft[], modules: readonly ModuleUnit[], reading: Reading, origins: Origins): readonly Acquired[] {
  const wanted = drafts.filter((d) => d.acquire.name !== '' && [...d.sites.values()].some((s) => s.releases.some((r) => r.release.by !== 'with')));
  const released = new Set(wanted.flatMap((d) => [...d.sites.keys()]));
  const calls = countCalls(new Set(wanted.map((d) => keyOf(d.acquire))), modules, reading, (instr, scope) =>
    isCovered(instr, scope, origins, released),
  );
  return wanted.flatMap((d): Acquired[] => {
    const sites = [...d.sites.values()].filter((s) => isOwn(s.instr, s.scope, reading) && !isCovered(s.instr, s.scope, origins, released));
    const total = calls.get(keyOf(d.acquire));
    if (sites.length === 0 || !total) return [];
    return [
      {
        acquire: d.acquire,
        mode: d.mode,
        sites,
        calls: Math.max(total.count, sites.length),
        receivers: total.receivers,
        positions: d.positions,
        startedBy: d.startedBy,
      },
    ];
  });
}

/** The project's own helper returns what another call made, and that call's release was seen too: the analysis follows the helper by itself. */
function isCovered(instr: CallInstr, scope: Scope, origins: Origins, released: ReadonlySet<string>): boolean {
  const helper = origins.helperOf(instr.callee, scope);
  if (!helper) return false;
  let inner = false;
  forEachInstr(helper.fn.body, (i) => {
    if (inner || i.op !== 'return' || !i.value) return;
    inner = origins.of(i.value, helper).some((o) => released.has(`${o.scope.module.path}:${o.instr.start}`));
  });
  return inner;
}

interface Total {
  count: number;
  readonly receivers: Map<string, number>;
}

function countCalls(
  wanted: ReadonlySet<string>,
  modules: readonly ModuleUnit[],
  reading: Reading,
  isHelper: (instr: CallInstr, scope: Scope) => boolean,
): ReadonlyMap<string, Total> {
  const names = new Set([...wanted].map((key) => key.slice(Math.max(key.lastIndexOf('.'), key.indexOf(' ')) + 1)));
  const totals = new Map<string, Total>();
  for (const module of modules) {
    for (const fn of module.ir.functions) {
      let scope: Scope | undefined;
      forEachInstr(fn.body, (instr) => {
        if (instr.op !== 'call') return;
        const last = lastName(instr.callee);
        // A name that is imported under another one has no telling last segment.
        if (!names.has(last) && !(instr.callee.op === 'name' && module.imports.has(last))) return;
        scope ??= lexicalScope(module, fn.index, reading.values.classes);
        const key = keyOf(nameOfCall(instr.callee, scope, reading));
        if (!wanted.has(key) || !isOwn(instr, scope, reading) || isHelper(instr, scope)) return;
        const total = totals.get(key) ?? { count: 0, receivers: new Map() };
        total.count++;
        add(total.receivers, receiverOf(instr.callee));
        totals.set(key, total);
      });
    }
  }
  return totals;
}

/** No pack that is on knows the call as an acquisition, and it is not expected to fail. */
function isOwn(instr: CallInstr, scope: Scope, reading: Reading): boolean {
  const patterns = reading.patternsOf(scope.module);
  const view = new CallSite({ callee: instr.callee, args: instr.args, at: instr }, scope, reading.values, patterns);
  if (patterns.acquisitions(view).length > 0 || patterns.stateOfCall(view).length > 0 || patterns.manager(view).length > 0) return false;
  return !factsOf(scope.module, scope.fn)
    .enclosing(instr)
    .some((manager) => {
      const call = callBehind(manager, scope);
      return (
        call !== undefined &&
        patterns
          .manager(new CallSite({ callee: call.callee, args: call.args, at: call }, scope, reading.values, patterns))
          .some((m) => m.pattern.effect === 'must-raise')
      );
    });
}

const keyOf = (name: CallName): string => `${name.by} ${name.name}`;

/** By import path where the callee is imported, defined in the project or built in; else by its last segment. */
export function nameOfCall(callee: Operand, scope: Scope, reading: Reading): CallName {
  const canonical = reading.values.canonical(callee, scope);
  if (canonical !== undefined) return { by: 'call', name: canonical };
  return { by: 'method', name: lastName(callee) };
}

function releaseName(use: Use, reading: Reading): CallName {
  if (use.handle === 'with') return { by: 'with', name: 'with' };
  if (use.handle === 'receiver') return { by: 'method', name: lastName(use.callee) };
  return nameOfCall(use.callee, use.scope, reading);
}

function receiverOf(callee: Operand): string {
  return callee.op === 'attr' ? lastName(callee.of) || expressionOf(callee.of) : '';
}

function add(map: Map<string, number>, key: string): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}
