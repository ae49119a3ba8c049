/**
 * Which are the ten pillars, in which order are they shown, and what does a pillar's verdict say?
 *
 * The pillars are the ten children of CWE's Research View (CWE-1000). A verdict of "clean" is only given where some rule found something to
 * check; otherwise the pillar is "not-applicable", and "not-checked" where no rule of it ran.
 */
import { compareText } from '../base/text.ts';
import type { Finding, PillarName, PillarVerdict } from './finding.ts';

export interface Pillar {
  readonly name: PillarName;
  readonly cwe: string;
  /** CWE's own name of it. */
  readonly title: string;
}

export const PILLARS: readonly Pillar[] = [
  { name: 'lifecycle', cwe: 'CWE-664', title: 'Improper Control of a Resource Through its Lifetime' },
  { name: 'exceptions', cwe: 'CWE-703', title: 'Improper Check or Handling of Exceptional Conditions' },
  { name: 'flow', cwe: 'CWE-691', title: 'Insufficient Control Flow Management' },
  { name: 'calculation', cwe: 'CWE-682', title: 'Incorrect Calculation' },
  { name: 'comparison', cwe: 'CWE-697', title: 'Incorrect Comparison' },
  { name: 'neutralization', cwe: 'CWE-707', title: 'Improper Neutralization' },
  { name: 'access', cwe: 'CWE-284', title: 'Improper Access Control' },
  { name: 'interaction', cwe: 'CWE-435', title: 'Improper Interaction Between Multiple Correctly-Behaving Entities' },
  { name: 'protection', cwe: 'CWE-693', title: 'Protection Mechanism Failure' },
  { name: 'standards', cwe: 'CWE-710', title: 'Improper Adherence to Coding Standards' },
];

const BY_NAME: ReadonlyMap<string, Pillar> = new Map(PILLARS.map((pillar) => [pillar.name, pillar]));

/** The pillar of that name. */
export function pillarNamed(name: PillarName): Pillar {
  const pillar = BY_NAME.get(name);
  if (pillar === undefined) throw new Error(`no pillar is called ${JSON.stringify(name)}`);
  return pillar;
}

/** Neither suppressed in the code or the configuration nor known from a baseline: somebody should look at it. */
export function isActive(finding: Finding): boolean {
  return finding.suppressed === undefined && finding.baseline !== 'known';
}

/** Active, and more than a note: it turns the exit code. */
export function turnsExitCode(finding: Finding): boolean {
  return isActive(finding) && finding.severity !== 'note';
}

/** What the run can say of a pillar; `checked` comes from the rules that ran, the findings from the result. */
export function pillarVerdict(
  name: PillarName,
  checked: { readonly rulesRun: readonly string[]; readonly sitesChecked: number },
  findings: readonly Finding[],
): PillarVerdict {
  const count = findings.filter((finding) => finding.pillar === name && isActive(finding)).length;
  const verdict = count > 0 ? 'findings' : checked.rulesRun.length === 0 ? 'not-checked' : checked.sitesChecked > 0 ? 'clean' : 'not-applicable';
  return {
    cwe: pillarNamed(name).cwe,
    name,
    verdict,
    findings: count,
    rulesRun: [...checked.rulesRun].sort(compareText),
    sitesChecked: checked.sitesChecked,
  };
}
