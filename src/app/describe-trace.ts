/**
 * What is there to say about the acquisitions of one line? The pattern, the status, the releases, what let go, the leaking paths.
 *
 * Text for people; the same facts as in the ledger and in findings, each with the lines of the configuration that are responsible for it.
 */
import { positionAt } from '../base/lines.ts';
import type { Configuration } from '../config/load.ts';
import type { Scope } from '../program/scope.ts';
import { RULES } from '../rules/index.ts';
import { nameOf, textOf } from '../typestate/naming.ts';
import type { Leak, ObligationReport } from '../typestate/report.ts';
import { isEnd } from '../typestate/transfer.ts';
import { ConfigurationLines } from './configuration-lines.ts';
import { describeStates } from './describe.ts';
import { nearMisses } from './near-miss.ts';
import { patternWords, Responsible } from './responsible.ts';
import type { Session } from './session.ts';

export interface Trace {
  /** One text an acquisition on the line. */
  readonly texts: readonly string[];
  /** What was looked at instead, where nothing is acquired there: calls and why no pattern holds for them, other acquisitions. */
  readonly instead: readonly string[];
}

export function describeTrace(session: Session, configuration: Configuration, path: string, line: number): Trace {
  const result = session.analyse(path, []);
  if (!result) return { texts: [], instead: [] };
  const at = (scope: Scope, offset: number): number => positionAt(session.host.lines(scope.module.path, scope.module.text), offset).line;
  const here = result.obligations.filter((o) =>
    [o.anchor, ...o.site.chain].some((l) => l.scope.module.path === path && at(l.scope, l.instr.start) === line),
  );
  const lines = new ConfigurationLines(configuration);
  const responsible = new Responsible(session, lines);
  if (here.length > 0) return { texts: here.map((o) => describe(session, responsible, o, at)), instead: [] };
  const found = findingsAt(session, path, line);
  if (found.length > 0) return { texts: found, instead: [] };
  const others = [...new Set(result.obligations.map((o) => `${at(o.anchor.scope, o.anchor.instr.start)} ${o.site.tracked.kind.kind}`))];
  return {
    texts: [],
    instead: [
      ...nearMisses(session, configuration, lines, result.module, (scope, offset) => at(scope, offset) === line),
      others.length === 0 ? 'no pattern matches anything in this file' : `acquisitions of this file: ${others.join(', ')}`,
    ],
  };
}

/** What rules without an obligation find on the line (a replaced attribute, an assertion that never runs), each with its steps. */
function findingsAt(session: Session, path: string, line: number): readonly string[] {
  const reports = session.analyse(path, RULES)?.reports ?? [];
  const lineOf = ({ module, start }: { readonly module: Scope['module']; readonly start: number }): number =>
    positionAt(session.host.lines(module.path, module.text), start).line;
  return reports
    .filter(({ report }) => report.module.path === path && lineOf(report) === line)
    .map(({ rule, report }) => {
      const steps = (report.witnesses ?? []).flatMap((w) => w.steps.map((s) => `  ${s.kind.padEnd(9)} ${s.message} (${s.path}:${s.line})`));
      return [`${rule.id}: ${report.message}`, ...steps].join('\n');
    });
}

function describe(session: Session, responsible: Responsible, report: ObligationReport, at: (scope: Scope, offset: number) => number): string {
  const { site } = report;
  const { kind } = site.tracked;
  const name = nameOf(site);
  const place = (scope: Scope, offset: number): string => `${scope.module.path}:${at(scope, offset)}`;
  const out = [`${kind.title}${name === '' ? '' : ` ${name}`}: ${report.status}`];
  const because = (lines: readonly string[]): void => {
    for (const line of lines) out.push(`            by ${line}`);
  };
  out.push(`  matched   ${responsible.acquire(site.match)}`);
  for (const link of site.chain.slice(1)) out.push(`  made in   ${link.scope.fn.qualifiedName} (${place(link.scope, link.instr.start)})`);
  for (const r of report.releases) {
    out.push(`  released  ${r.how} in ${r.scope.fn.qualifiedName} (${place(r.scope, r.instr.start)})${r.registered ? ', registered' : ''}`);
    because(responsible.release(r, site.match));
  }
  for (const m of report.status === 'managed' ? managedBy(responsible, report) : []) out.push(`  managed   ${m}`);
  out.push(...letGo(session, responsible, report, place));
  for (const l of report.leaks) out.push(`  leaks     ${l.pathKind}${l.odds === 'unlikely' ? '' : `, ${l.odds}`}: ${stepsText(l, place)}`);
  out.push(`  seen by   ${report.tests.size} tests; releases that count: ${releaseText(site.match) || 'none'}`, '  states');
  const states = describeStates(session, site.scope).split('\n');
  const heading = states.findIndex((s) => s.includes(` line ${at(site.scope, site.instr.start)}`) && s.startsWith(`  ${kind.kind} `));
  for (let i = heading + 1; heading >= 0 && i < states.length && (states[i] as string).startsWith('    '); i++) out.push(`  ${states[i]}`);
  return out.join('\n');
}

function managedBy(responsible: Responsible, { site }: ObligationReport): readonly string[] {
  return [...new Set(site.chain.flatMap(({ scope, instr }) => responsible.managed(site.tracked.kind.kind, scope, instr)))];
}

/** Where and why the analysis let go: with the place, where it is in a function that the obligation went through. */
function letGo(
  session: Session,
  responsible: Responsible,
  report: ObligationReport,
  place: (scope: Scope, offset: number) => string,
): readonly string[] {
  const { site, status } = report;
  if (report.letGo === undefined && status !== 'transferred') return [];
  const ends = session.sites.explore(site).ends.map(({ end }) => end);
  const end = ends.find((e) => isEnd(e) && (report.letGo === undefined ? e.end === 'transferred' : e.how === report.letGo));
  if (!end)
    return report.letGo === undefined ? [] : [`  let go    ${report.letGo === 'budget' ? 'more paths than the analysis follows' : report.letGo}`];
  const why = end.how.startsWith('handed to') ? responsible.kept(end.instr, end.scope) : undefined;
  return [`  let go    ${end.how} (${place(end.scope, end.instr.start)})`, ...(why === undefined ? [] : [`            by ${why}`])];
}

function releaseText(match: ObligationReport['site']['match']): string {
  const all = match.kind.releaseAll.map((set) => set.map((m) => `.${m}`).join(' and '));
  return [...match.kind.release.map(patternWords), ...all, ...(match.kind.contextManager === 'no' ? [] : ['with'])].join(', ');
}

function stepsText(leak: Leak, place: (scope: Scope, offset: number) => string): string {
  const steps = leak.steps.map((s) =>
    s.kind === 'branch' && s.test
      ? `${textOf(s.scope.module, s.test)} is ${s.outcome ? 'true' : 'false'} (${place(s.scope, s.test.start)})`
      : `${s.kind} (${place(s.scope, s.instr.start)})`,
  );
  return [...steps, leak.ending === '' ? `the ${leak.role} leaves with it held` : leak.ending].join(', ');
}
