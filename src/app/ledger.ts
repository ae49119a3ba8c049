/**
 * Which acquisitions do the tests make, who answers for each, and how does it end?
 *
 * The run result's ledger, made from obligation reports: one entry an acquisition, whether or not it leaks. Entries of one place that
 * come from several classes are joined by findings/ledger.ts.
 */
import type { Acquisition } from '../findings/finding.ts';
import type { ModuleUnit } from '../program/module.ts';
import type { ObligationReport, Release } from '../typestate/report.ts';

type Position = (module: ModuleUnit, offset: number) => { readonly line: number; readonly column: number };

export function ledgerOf(reports: readonly ObligationReport[], position: Position): Acquisition[] {
  return reports.map((r) => {
    const { scope, instr } = r.anchor;
    const at = position(scope.module, instr.start);
    const name = scope.fn.qualifiedName;
    const leaks = [...new Set(r.leaks.map((l) => l.pathKind))].sort();
    return {
      kind: r.site.tracked.kind.kind,
      reach: r.site.match.pattern.reach ?? r.site.tracked.kind.reach,
      path: scope.module.path,
      line: at.line,
      column: at.column,
      ...(r.role === 'fixture' ? { fixture: name } : r.role.endsWith('setup') ? { setup: name } : { test: name }),
      owner: ownerOf(r, position),
      releases: r.releases.map((x) => ({ path: x.scope.module.path, line: position(x.scope.module, x.instr.start).line, how: x.how })),
      status: r.status,
      leaks,
    };
  });
}

function ownerOf(report: ObligationReport, position: Position): string {
  if (report.status === 'escaped' || report.status === 'transferred') return report.letGo ?? '';
  const [first] = report.releases;
  if (!first || report.status === 'leaks') return '';
  return ownerText(first, position);
}

function ownerText(release: Release, position: Position): string {
  if (release.how === 'with' || release.registered) return release.how;
  const where = `${release.scope.module.path.slice(release.scope.module.path.lastIndexOf('/') + 1)}:${position(release.scope.module, release.instr.start).line}`;
  return `${release.scope.fn.name} (${where})`;
}
