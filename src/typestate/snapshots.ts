/**
 * What in a function is a snapshot of something that changes by itself, and which calls change or await it?
 *
 * Read from the configuration: `snapshots` (with volatile keys), `waits` (those that return a fresh look are snapshots too) and `actions`.
 * Two mentions are of one subject where they lead to the same place once ids and names are taken off: `server`, `server['id']`,
 * `server_id = server['id']`. Leaves out: subjects held in containers.
 */
import type { Matched, Patterns } from '../config/call-view.ts';
import { compileGlob, testGlob } from '../config/globs.ts';
import type { ActionPattern, HandlePath, WaitPattern } from '../config/model.ts';
import type { Instr, Operand } from '../ir/ir.ts';
import { callBehind } from '../program/call-site.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import { mayBeOneOf } from './call-names.ts';
import { operandAt } from './call-transfer.ts';
import type { CallInstr } from './calls.ts';
import type { Engine } from './engine.ts';

const IDENTITY = /^(id|uuid|name|server)$/;
const MAX_DEPTH = 5; // `server['server']['id']` through a name: deeper expressions do not name subjects.

/** The place that an operand speaks of, ids and names taken off. */
export function subjectOf(operand: Operand, scope: Scope, engine: Engine, depth = 0): string | undefined {
  if (depth > MAX_DEPTH) return undefined;
  if (operand.op === 'index' && operand.key.op === 'const' && IDENTITY.test(String(operand.key.value)))
    return subjectOf(operand.of, scope, engine, depth + 1);
  if (operand.op === 'attr' && IDENTITY.test(operand.name)) return subjectOf(operand.of, scope, engine, depth + 1);
  if (operand.op === 'name' && operand.scope === 'local') {
    const defs = factsOf(scope.module, scope.fn).names.get(operand.name);
    const def = defs?.length === 1 ? defs[0] : undefined;
    if (def?.kind === 'value' && (def.value.op === 'index' || def.value.op === 'attr')) return subjectOf(def.value, scope, engine, depth + 1);
  }
  return engine.path(operand, scope);
}

/** The operand at a pattern's position in a call. */
function at(handle: HandlePath | null, call: CallInstr): Operand | undefined {
  return handle === null ? undefined : operandAt(handle, call.args, call.callee.op === 'attr' ? call.callee.of : undefined);
}

export interface Snapshot {
  readonly instr: Extract<Instr, { op: 'assign' }>;
  readonly name: Operand;
  /** Places that stand for what it is a snapshot of. */
  readonly subjects: ReadonlySet<string>;
  readonly isVolatile: (key: string) => boolean;
}

/** Cheap questions about the callee's written name; `false` is certain. */
export const mayBeSnapshot = mayBeOneOf((pack) => [...pack.snapshots, ...pack.waits]);
export const mayBeChange = mayBeOneOf((pack) => [...pack.actions, ...pack.waits]);

/** The snapshot that an assignment binds, if it does. */
export function snapshotOf(instr: Instr, scope: Scope, engine: Engine): Snapshot | undefined {
  if (instr.op !== 'assign' || instr.target.op !== 'name' || instr.value.op !== 'temp') return undefined;
  const call = callBehind(instr.value, scope);
  const patterns = engine.patternsFor(scope);
  if (!call || !mayBeSnapshot(call.callee, scope.module, patterns)) return undefined;
  const { view } = engine.calls.info(call, scope);
  const found = patterns.snapshots(view);
  const fresh = patterns.waits(view).filter((w) => w.pattern.returnsFresh);
  if (found.length === 0 && fresh.length === 0) return undefined;
  const subjects = new Set<string>();
  const own = engine.path(instr.target, scope);
  if (own !== undefined) subjects.add(own);
  for (const m of [...found, ...fresh]) {
    const operand = at(m.pattern.subject, call);
    const subject = operand && subjectOf(operand, scope, engine);
    if (subject !== undefined) subjects.add(subject);
  }
  const volatile = (found.length > 0 ? found.map((m) => m.pattern) : patterns.packs.flatMap((p) => p.snapshots))
    .flatMap((p) => p.volatile)
    .map((g) => compileGlob(g, ''));
  return { instr, name: instr.target, subjects, isVolatile: (key) => volatile.some((g) => testGlob(g, key)) };
}

export interface Change {
  readonly kind: 'action' | 'wait';
  readonly subjects: readonly string[];
  readonly actions: readonly Matched<ActionPattern>[];
  readonly waits: readonly Matched<WaitPattern>[];
}

/** What a call does or awaits, and of what. */
export function changeOf(call: CallInstr, scope: Scope, engine: Engine): Change | undefined {
  const patterns = engine.patternsFor(scope);
  if (!mayBeChange(call.callee, scope.module, patterns)) return undefined;
  const { view } = engine.calls.info(call, scope);
  const actions = patterns.actions(view);
  const waits = patterns.waits(view).filter((w) => !w.pattern.sleep);
  if (actions.length === 0 && waits.length === 0) return undefined;
  const subjects = [...actions, ...waits].flatMap((m) => {
    const operand = at(m.pattern.subject, call);
    return (operand && subjectOf(operand, scope, engine)) ?? [];
  });
  return { kind: actions.length > 0 ? 'action' : 'wait', subjects, actions, waits };
}

/** True where the packs know snapshots or actions at all. */
export function knowsState(patterns: Patterns): boolean {
  return patterns.packs.some((p) => p.snapshots.length > 0 || p.actions.length > 0);
}
