/**
 * What is there to say about the acquisitions of one line? The pattern, the status, the releases, what let go, the leaking paths.
 *
 * Text for people; the same facts as in the ledger and in findings, with the configuration that is responsible for them.
 */
import { positionAt } from '../base/lines.ts';
import type { AcquireMatch } from '../config/call-view.ts';
import type { Scope } from '../program/scope.ts';
import { nameOf, textOf } from '../typestate/naming.ts';
import type { Leak, ObligationReport } from '../typestate/report.ts';
import { describeStates } from './describe.ts';
import type { Session } from './session.ts';

/** One text an acquisition on the line; without a line, `LINE kind` of every acquisition of the file. */
export function describeTrace(session: Session, path: string, line: number | undefined): readonly string[] {
  const result = session.analyse(path, []);
  if (!result) return [];
  const at = (scope: Scope, offset: number): number => positionAt(session.host.lines(scope.module.path, scope.module.text), offset).line;
  if (line === undefined)
    return [...new Set(result.obligations.map((o) => `${at(o.anchor.scope, o.anchor.instr.start)} ${o.site.tracked.kind.kind}`))];
  const here = result.obligations.filter((o) =>
    [o.anchor, ...o.site.chain].some((l) => l.scope.module.path === path && at(l.scope, l.instr.start) === line),
  );
  return here.map((o) => describe(session, o, at));
}

function describe(session: Session, report: ObligationReport, at: (scope: Scope, offset: number) => number): string {
  const { site } = report;
  const { kind } = site.tracked;
  const name = nameOf(site);
  const place = (scope: Scope, offset: number): string => `${scope.module.path}:${at(scope, offset)}`;
  const out = [`${kind.title}${name === '' ? '' : ` ${name}`}: ${report.status}`];
  out.push(`  matched   ${patternText(site.match)} of kind ${kind.kind} (pack ${kind.pack})`);
  for (const link of site.chain.slice(1)) out.push(`  made in   ${link.scope.fn.qualifiedName} (${place(link.scope, link.instr.start)})`);
  for (const r of report.releases)
    out.push(`  released  ${r.how} in ${r.scope.fn.qualifiedName} (${place(r.scope, r.instr.start)})${r.registered ? ', registered' : ''}`);
  if (report.letGo !== undefined) out.push(`  let go    ${report.letGo}`);
  for (const l of report.leaks) out.push(`  leaks     ${l.pathKind}${l.odds === 'unlikely' ? '' : `, ${l.odds}`}: ${stepsText(l, place)}`);
  out.push(`  seen by   ${report.tests.size} tests; releases that count: ${releaseText(site.match) || 'none'}`, '  states');
  const states = describeStates(session, site.scope).split('\n');
  const heading = states.findIndex((s) => s.includes(` line ${at(site.scope, site.instr.start)}`) && s.startsWith(`  ${kind.kind} `));
  for (let i = heading + 1; heading >= 0 && i < states.length && (states[i] as string).startsWith('    '); i++) out.push(`  ${states[i]}`);
  return out.join('\n');
}

function patternText(match: AcquireMatch): string {
  const { call, method, expression, command } = match.pattern;
  const text = call ?? expression ?? (method === undefined ? undefined : `.${method}`);
  return `${text ?? 'a change of process state'}${command === undefined ? '' : ` "${command}"`}`;
}

function releaseText(match: AcquireMatch): string {
  const calls = match.kind.release.map((r) => r.call ?? r.expression ?? `.${r.method ?? ''}`);
  const all = match.kind.releaseAll.map((set) => set.map((m) => `.${m}`).join(' and '));
  return [...calls, ...all, ...(match.kind.contextManager === 'no' ? [] : ['with'])].join(', ');
}

function stepsText(leak: Leak, place: (scope: Scope, offset: number) => string): string {
  const steps = leak.steps.map((s) =>
    s.kind === 'branch' && s.test
      ? `${textOf(s.scope.module, s.test)} is ${s.outcome ? 'true' : 'false'} (${place(s.scope, s.test.start)})`
      : `${s.kind} (${place(s.scope, s.instr.start)})`,
  );
  return [...steps, leak.ending === '' ? `the ${leak.role} leaves with it held` : leak.ending].join(', ');
}
