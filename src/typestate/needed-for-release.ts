/**
 * Does a step only find out what the registration of the release must be told: `image_id = body.get('id')`, `if has_header(answer):`?
 *
 * Nobody can register the cleanup before it, so that it stands between the acquisition and the registration is no fault. Whoever waits for
 * the thing, or asks a service about it, does more than that, though what is answered may be registered.
 * Misses: a cleanup that could have done with what was known before (samples/06-registration).
 */
import type { Instr, Operand, Target } from '../ir/ir.ts';
import { testsAround } from '../ir/nesting.ts';
import { forEachInside, operandsOf } from '../ir/operands.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import type { Engine } from './engine.ts';
import { pathOf } from './path.ts';
import { relationOf } from './relation.ts';
import type { Release } from './report.ts';
import type { Site } from './sites.ts';

const DOES_MORE = /wait|poll|until|ready|assert|check|verify/i;

/** The step stands between the site and one of the registrations, and that needs what it finds out. */
export function isNeededForRelease(raise: Instr, at: Scope, site: Site, releases: readonly Release[], engine: Engine): boolean {
  if (raise.op !== 'call' || at.fn !== site.scope.fn || raise.start <= site.instr.start) return false;
  const later = releases.filter((r) => r.registered && r.scope.fn === at.fn && r.instr.end > raise.end);
  return later.length > 0 && onlyFindsOut(raise, site, at, engine) && later.some((r) => neededFor(r.instr, at).has(raise));
}

/** It reads a part of the thing, or asks a function that has nothing but its arguments to go by. */
function onlyFindsOut(call: Extract<Instr, { op: 'call' }>, site: Site, scope: Scope, engine: Engine): boolean {
  const info = engine.calls.info(call, scope);
  if (DOES_MORE.test(info.view.method) || info.models.some((m) => m.pattern.effect === 'waits' || m.pattern.effect === 'asserts')) return false;
  // The project's own functions may make something, or do more than they say.
  if (info.callee || engine.patternsFor(scope).acquisitions(info.view).length > 0) return false;
  const { callee } = call;
  if (callee.op !== 'attr') return true;
  const of = pathOf(callee.of, scope, engine.values);
  const isOfThing = of !== undefined && site.after.some((state) => relationOf(of, state, site.tracked.kind) !== undefined);
  return isOfThing || engine.values.canonical(callee, scope) !== undefined;
}

/** The instructions that an instruction's operands come from, and those that decide which of them run. */
function neededFor(instr: Instr, scope: Scope): ReadonlySet<Instr> {
  const facts = factsOf(scope.module, scope.fn);
  const out = new Set<Instr>();
  const reads = (o: Operand | Target): void => {
    if (o.op === 'temp') add(facts.temps[o.id]?.instr);
    else if (o.op === 'name' && o.scope === 'local') for (const d of facts.names.get(o.name) ?? []) add(d.instr);
    forEachInside(o, reads);
  };
  const add = (i: Instr | null | undefined): void => {
    if (!i || out.has(i)) return;
    out.add(i);
    operandsOf(i).forEach(reads);
    testsAround(i, scope.fn.body).forEach(reads);
  };
  operandsOf(instr).forEach(reads);
  return out;
}
