/**
 * * What did the analysis make of a function, in words that specs can assert?
 *
 * Its sites with the ends of each obligation (`states`), and what a call of it does (`summary`): what it brings, what it
 * registers, whether it returns.
 */
import { positionAt } from '../base/lines.ts';
import { expressionOf } from '../program/call-site.ts';
import type { Scope } from '../program/scope.ts';
import { nameOf } from '../typestate/naming.ts';
import { neverReturns } from '../typestate/reach.ts';
import { RELEASED } from '../typestate/state.ts';
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
    for (const e of run.exits)
      rows.add(
        `    ${e.kind} exit holds ${e.state.holders.join(', ')}${(e.state.phase & RELEASED) !== 0 ? ' (released)' : ''}${e.state.inFlight ? ` with ${e.state.inFlight.likely ? 'a likely ' : ''}${e.state.inFlight.type || 'exception'}` : ''}`,
      );
    out.push(...rows);
    if (run.exhausted) out.push('    budget used up');
  }
  return out.join('\n');
}

/** What a call of the function does for its caller. */
export function describeSummary(session: Session, scope: Scope): string {
  const out = [`${scope.fn.qualifiedName}(${scope.fn.params.map((p) => p.name).join(', ')})`];
  for (const f of session.sites.fresh(scope)) {
    const places = [...new Set(f.normal.flatMap((s) => s.holders))].map((h) =>
      h === 'R' ? 'result' : h.startsWith('R') ? `result${h.slice(1)}` : h.replace(/^@c?/, 'self'),
    );
    out.push(`  brings ${f.tracked.kind.kind} in ${places.join(', ')}`);
  }
  for (const r of session.engine.registrations.certain(scope)) out.push(`  registers ${expressionOf(r.callee)} (${r.lifetime})`);
  if (scope.fn.kind === 'function' && neverReturns({ kind: 'function', module: scope.module, index: scope.fn.index }, scope, session.engine))
    out.push('  never returns');
  if (out.length === 1) out.push('  brings and registers nothing');
  return out.join('\n');
}
