/**
 * What did the analysis make of a function, in words that specs can assert? Its sites with the ends of each obligation (`states`), and
 * what a call of it does (`summary`): what it brings, what becomes of a file that it is given or finds on its object, what it registers,
 * whether it asserts or returns.
 *
 * Arguments and attributes are asked with a probe: an obligation of the kind `file` that enters the function there.
 */
import { positionAt } from '../base/lines.ts';
import type { Operand } from '../ir/ir.ts';
import type { ClassUnit } from '../program/classes.ts';
import { forEachInstr } from '../program/module.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import type { Callable } from '../typestate/chains.ts';
import type { Engine } from '../typestate/engine.ts';
import { nameOf, textOf } from '../typestate/naming.ts';
import { FRAME, isLocalOf, membersOf, type Path, rootOf } from '../typestate/path.ts';
import { mayAssert, neverReturns } from '../typestate/reach.ts';
import { initialState, RELEASED } from '../typestate/state.ts';
import { type End, isEnd, type Out, type Tracked } from '../typestate/transfer.ts';
import type { Session } from './session.ts';

const lineOf = (session: Session, scope: Scope, offset: number): number =>
  positionAt(session.host.lines(scope.module.path, scope.module.text), offset).line;

/** Each site of the function and how its obligation goes on. */
export function describeStates(session: Session, scope: Scope): string {
  const out = [scope.fn.qualifiedName];
  for (const site of session.sites.of(scope)) {
    out.push(
      `  ${site.tracked.kind.kind} ${nameOf(site)} line ${lineOf(session, scope, site.instr.start)}${site.chain.length > 1 ? ` through ${site.chain.length - 1} call(s)` : ''}`,
    );
    const run = session.sites.explore(site);
    const rows = new Set<string>();
    for (const e of run.ends) rows.add(`    ${e.end.end} by ${e.end.how} (line ${lineOf(session, e.end.scope, e.end.instr.start)})`);
    for (const e of run.exits) {
      if ((e.state.phase & RELEASED) !== 0) continue; // Followed on only to see wrong uses; its release has a row of its own.
      const exception = e.state.inFlight
        ? ` with ${e.state.inFlight.odds === 'likely' ? 'a likely ' : ''}${e.state.inFlight.type || 'exception'}`
        : '';
      rows.add(`    ${e.kind} exit holds ${e.state.holders.map((h) => placeText(h, scope)).join(', ')}${exception}`);
    }
    out.push(...rows);
    if (run.exhausted) out.push('    budget used up');
  }
  return out.join('\n');
}

/** What a call of the function does for its caller. */
export function describeSummary(session: Session, scope: Scope): string {
  const { engine } = session;
  const out = [`${scope.fn.qualifiedName}(${scope.fn.params.map((p) => p.name).join(', ')})`];
  for (const f of session.sites.fresh(scope)) {
    const places = [...new Set(f.normal.flatMap((s) => s.holders))].map((h) => placeText(h, scope));
    out.push(`  brings ${f.tracked.kind.kind} in ${places.join(', ')}`);
  }
  const probe = probeOf(session, scope);
  if (probe) out.push(...argumentLines(scope, probe, engine), ...attributeLines(session, scope, probe));
  for (const r of engine.registrations.certain(scope)) out.push(`  registers ${textOf(r.scope.module, r.callee)} (${r.lifetime})`);
  const self = callableOf(scope);
  if (mayAssert(self, engine)) out.push('  asserts');
  if (scope.fn.kind === 'function' && neverReturns(self, scope, engine)) out.push('  never returns');
  if (out.length === 1) out.push('  brings and registers nothing');
  return out.join('\n');
}

function callableOf(scope: Scope): Callable {
  const { module, fn, cls, definedIn } = scope;
  const parent = fn.parent === null ? undefined : module.ir.functions[fn.parent];
  if (cls && definedIn && parent?.kind === 'class') {
    return { kind: 'method', ref: { module, index: fn.index, definedIn }, cls, isBound: false };
  }
  if (parent?.kind === 'function') return { kind: 'nested', scope: { ...scope, fn: parent }, index: fn.index };
  return { kind: 'function', module, index: fn.index };
}

/** What the probe follows; undefined where no pack knows the kind. */
function probeOf(session: Session, scope: Scope): Tracked | undefined {
  for (const pack of session.patternsOf(scope.module).packs) {
    const kind = pack.resources.find((r) => r.kind === PROBE);
    const pattern = kind?.acquire[0];
    if (kind && pattern) return { kind, captures: {}, pattern };
  }
  return undefined;
}

/** A kind with the plainest rules: one call releases it, its own name identifies it. */
const PROBE = 'file';

/** What becomes of a file in each parameter, or in a collection given there. Parameters of tests and fixtures are requests, no arguments. */
function argumentLines(scope: Scope, probe: Tracked, engine: Engine): readonly string[] {
  if (!engine.isCallee(scope)) return [];
  const receiver = engine.facts(scope).receiver?.name;
  return scope.fn.params.flatMap((p) => {
    if (p.name === receiver) return [];
    const place = `${scope.fn.index}:${p.name}`;
    const inside = outcome(scope, `${place}[*]`, [`${place}[*]`, FRAME], probe, engine);
    if (p.kind === 'star' || p.kind === 'double-star') return `  each of arguments ${p.name}: ${inside}`;
    const itself = outcome(scope, place, [place, FRAME], probe, engine);
    return itself === UNCHANGED && inside !== UNCHANGED ? `  each of argument ${p.name}: ${inside}` : `  argument ${p.name}: ${itself}`;
  });
}

/** What becomes of a file that a place of the object holds, or keeps in a collection; nothing for places that stay as they are. */
function attributeLines(session: Session, scope: Scope, probe: Tracked): readonly string[] {
  const { engine } = session;
  if (!scope.cls || engine.facts(scope).receiver === undefined) return [];
  return [...placesOf(session, scope.cls)].sort().flatMap((place) => {
    const held = outcome(scope, place, [place], probe, engine);
    if (held !== UNCHANGED) return `  ${placeText(place, scope)}: ${held}`;
    const inside = outcome(scope, `${place}[*]`, [`${place}[*]`], probe, engine);
    return inside === UNCHANGED ? [] : `  each of ${placeText(place, scope)}: ${inside}`;
  });
}

/** Attributes that the methods of a class mention, and deeper places at which they leave what they acquire. Methods are no places. */
function placesOf({ engine, sites }: Session, cls: ClassUnit): ReadonlySet<Path> {
  const out = new Set<Path>();
  for (const c of cls.mro) {
    for (const index of c.members.values()) {
      const fn = c.module.ir.functions[index];
      if (fn?.kind !== 'function') continue;
      const at: Scope = { module: c.module, fn, cls, definedIn: c };
      const receiver = engine.facts(at).receiver?.name;
      const visit = (o: unknown): void => {
        if (o === null || typeof o !== 'object') return;
        if (Array.isArray(o)) {
          for (const item of o) visit(item);
          return;
        }
        const operand = o as Operand;
        if (operand.op === 'attr' && operand.of.op === 'name' && operand.of.name === receiver) {
          const isMethod = engine.isKnownMethod(operand.name, at) || engine.values.classes.method(cls, operand.name) !== undefined;
          if (!isMethod) out.add(`@.${operand.name}`);
        }
        for (const value of Object.values(operand)) visit(value);
      };
      forEachInstr(fn.body, visit);
      for (const f of sites.fresh(at)) {
        for (const h of f.normal.flatMap((s) => s.holders)) if (h.startsWith('@.') && !h.endsWith('[*]') && membersOf(h).length > 1) out.add(h);
      }
    }
  }
  return out;
}

const UNCHANGED = 'unchanged';

/** The ways in which a resource that enters at `place` comes out, in words. */
function outcome(scope: Scope, place: Path, holders: readonly Path[], probe: Tracked, engine: Engine): string {
  const effect = engine.effectOf(scope, probe, initialState(holders, true));
  const words = (outs: readonly Out[]): readonly string[] => [...new Set(outs.flatMap((o) => wordsOf(o, place, scope)))];
  const normal = words(effect.normal);
  const raised = words(effect.raised).filter((w) => !normal.includes(w));
  if (normal.length === 0 && raised.every((w) => w === UNCHANGED) && raised.length > 0) return UNCHANGED; // It never returns.
  const parts = [...(normal.length > 0 ? [normal.join(' | ')] : []), ...(raised.length > 0 ? [`if it raises: ${raised.join(' | ')}`] : [])];
  return parts.length > 0 ? parts.join('; ') : 'no way out';
}

function wordsOf(out: Out, place: Path, scope: Scope): readonly string[] {
  if (isEnd(out)) return [END_WORDS[out.end](out.how)];
  if ((out.phase & RELEASED) !== 0) return ['released'];
  const others = out.holders.filter((h) => h !== FRAME && h !== place);
  if (others.length === 0) return [UNCHANGED];
  return others.map((h) => (rootOf(h) === 'R' ? `returned${h === 'R' ? '' : ` in ${placeText(h, scope)}`}` : `kept in ${placeText(h, scope)}`));
}

const END_WORDS: Readonly<Record<End['end'], (how: string) => string>> = {
  released: () => 'released',
  registered: () => 'registered',
  transferred: (how) => `handed on (${how})`,
  escaped: (how) => `escapes (${how})`,
  lost: (how) => `dropped (${how})`,
  intended: (how) => `let go on purpose (${how})`,
  'released-again': () => 'released again',
  'used-after': (how) => `used after its release (${how})`,
};

/** A place as the source calls it: `f`, `self.sock`, `result[0]`, `global POOL`; `%4` for a value that has no name. */
function placeText(path: Path, scope: Scope): string {
  const root = rootOf(path);
  const members = path.slice(root.length);
  if (root === FRAME) return 'the caller';
  if (root === 'R') return `result${members}`;
  if (root === '@' || root === '@c') return `self${members}`;
  if (root.startsWith('g:literal:')) return root.slice('g:literal:'.length);
  if (root.startsWith('g:')) return `global ${root.slice(root.lastIndexOf(':') + 1)}${members}`;
  const [, temp] = /^\d+%(\d+)$/.exec(root) ?? [];
  const name = temp === undefined ? root.slice(root.indexOf(':') + 1) : (nameOfTemp(Number(temp), scope) ?? `%${temp}`);
  return isLocalOf(path, scope.fn.index) ? name + members : `outer ${name}${members}`;
}

/** A name that is assigned from the temporary and from nothing else. */
function nameOfTemp(id: number, scope: Scope): string | undefined {
  for (const [name, defs] of factsOf(scope.module, scope.fn).names) {
    const [def] = defs;
    if (defs.length === 1 && def?.kind === 'value' && def.value.op === 'temp' && def.value.id === id) return name;
  }
  return undefined;
}
