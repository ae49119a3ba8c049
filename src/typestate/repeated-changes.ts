/**
 * Which leaks of process state say again what another one says?
 *
 * A function that changes the same part several times (`sys.modules['json']` in turn to this and that) has one thing to put back: the first
 * change speaks for the later ones, unless one of these is left on a likelier path.
 */
import type { PathKind } from '../findings/finding.ts';
import { isStateKind } from './process-state.ts';
import type { ObligationReport } from './report.ts';

const PATHS: readonly PathKind[] = ['normal', 'failure', 'setup-failure', 'teardown-failure'];

/** The reports, with the later changes of a part that the function has changed before, and left no worse, taken care of. */
export function withoutRepeats(reports: readonly ObligationReport[]): readonly ObligationReport[] {
  const worst = (r: ObligationReport): number => Math.min(...r.leaks.map((l) => PATHS.indexOf(l.pathKind)));
  const first = new Map<string, ObligationReport>();
  const key = (r: ObligationReport): string =>
    `${r.site.scope.module.path} ${r.site.scope.fn.index} ${r.site.tracked.kind.kind} ${r.site.after[0]?.holders[0] ?? ''}`;
  const states = reports.filter((r) => r.status === 'leaks' && isStateKind(r.site.tracked.kind));
  for (const r of [...states].sort((a, b) => a.site.instr.start - b.site.instr.start)) if (!first.has(key(r))) first.set(key(r), r);
  const isRepeated = (r: ObligationReport): boolean => {
    const before = r.status === 'leaks' && isStateKind(r.site.tracked.kind) ? first.get(key(r)) : undefined;
    return before !== undefined && before !== r && before.site.instr !== r.site.instr && worst(before) <= worst(r);
  };
  return reports.map((r) => (isRepeated(r) ? { ...r, status: 'managed', leaks: [] } : r));
}
