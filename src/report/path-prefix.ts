/**
 * How do paths read from the top of a repository whose project lies in a folder of it?
 *
 * Consumers of reports (code scanning, merge request widgets, annotations) want paths from the repository's root; campsite's are relative to the
 * project's. Fingerprints stay as they are: the same finding is the same with and without a prefix.
 */
import type { Acquisition, Finding, Problem, RunResult, Witness } from '../findings/finding.ts';

/** `services/api` of `./services/api/`: POSIX, without dots and slashes at its ends; '' for none. */
export function normalPrefix(prefix: string): string {
  return prefix
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}

/** The result with `prefix` (see `normalPrefix`) before every path of an analysed file. */
export function withPathPrefix(result: RunResult, prefix: string): RunResult {
  if (prefix === '') return result;
  const at = (path: string): string => (path === '' ? '' : `${prefix}/${path}`);
  const witness = (w: Witness): Witness => ({
    ...w,
    steps: w.steps.map((step) => ({ ...step, path: at(step.path) })),
    ...(w.graph ? { graph: { ...w.graph, path: at(w.graph.path) } } : {}),
  });
  const finding = (f: Finding): Finding => ({
    ...f,
    path: at(f.path),
    witnesses: f.witnesses.map(witness),
    ...(f.fix ? { fix: { ...f.fix, edits: f.fix.edits.map((edit) => ({ ...edit, path: at(edit.path) })) } } : {}),
  });
  const acquisition = (a: Acquisition): Acquisition => ({
    ...a,
    path: at(a.path),
    releases: a.releases.map((release) => ({ ...release, path: at(release.path) })),
  });
  const problem = (p: Problem): Problem => ({ ...p, path: at(p.path) });
  return {
    ...result,
    findings: result.findings.map(finding),
    ledger: result.ledger.map(acquisition),
    problems: result.problems.map(problem),
  };
}
