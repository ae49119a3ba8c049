/**
 * What is a rule? One value that holds everything about it: texts, CWE ids, severity, examples that run as tests, and the check.
 *
 * A rule reads answers (obligations, test groups, resolved names) and reports; it never parses, never solves, never asks another rule.
 * `sites` counts how often its precondition occurred, so that "clean" is said only where somebody looked.
 */
import type { Finding, PathKind, PillarName, Precision, RuleInfo, Severity, Witness } from '../findings/finding.ts';
import type { ModuleUnit } from '../program/module.ts';
import type { Fixture, TestGroup } from '../suite/discover.ts';
import type { Engine } from '../typestate/engine.ts';
import type { ObligationReport } from '../typestate/report.ts';

/** What a rule may look at, for one module. */
export interface RuleContext {
  readonly module: ModuleUnit;
  readonly groups: readonly TestGroup[];
  readonly fixtures: readonly Fixture[];
  readonly obligations: readonly ObligationReport[];
  /** Resolved names, values, call patterns and graphs. */
  readonly engine: Engine;
  /** Witnesses carry the graph they lead through. */
  readonly graphs: boolean;
  /** 1-based line and column of an offset of a module. */
  readonly position: (module: ModuleUnit, offset: number) => { readonly line: number; readonly column: number };
}

/** What a rule reports: offsets of a module instead of lines, everything else as in the run result. */
export interface Report {
  readonly module: ModuleUnit;
  readonly start: number;
  readonly end: number;
  /** Qualified name of the function it stands in. */
  readonly test: string;
  readonly message: string;
  readonly severity?: Severity;
  readonly cwe?: readonly string[];
  readonly resource?: Finding['resource'];
  readonly tests?: { readonly count: number; readonly examples: readonly string[] };
  readonly pathKind?: PathKind;
  readonly witnesses?: readonly Witness[];
  readonly fix?: Finding['fix'];
}

export interface Rule {
  /** In words; the file's name. */
  readonly id: string;
  readonly title: string;
  readonly pillar: PillarName;
  readonly cwe: readonly string[];
  readonly severity: Severity;
  /** As measured by hand on real suites. */
  readonly precision: Precision;
  /** False: only when selected. */
  readonly default: boolean;
  /** Version in which it came. */
  readonly since: string;
  readonly docs: {
    readonly why: string;
    readonly fix: string;
    /** Python that must be reported, with `# expect: <id>` comments; a module each. */
    readonly bad: readonly string[];
    /** Python that looks alike and must stay silent. */
    readonly good: readonly string[];
    /** What it is known to miss. */
    readonly misses?: string;
  };
  /** Reports through `report`; returns how many sites it looked at. */
  readonly check: (context: RuleContext, report: (r: Report) => void) => number;
}

/** Keeps a rule's literal types in check; the identity otherwise. */
export function defineRule(rule: Rule): Rule {
  return rule;
}

/** Python source in a rule's examples: common indentation and the first line break are taken away. */
export function py(strings: TemplateStringsArray, ...holes: readonly string[]): string {
  const text = String.raw(strings, ...holes).replace(/^\n/, '');
  const indents = text
    .split('\n')
    .filter((l) => l.trim() !== '')
    .map((l) => /^ */.exec(l)?.[0].length ?? 0);
  const cut = Math.min(...indents);
  return `${text
    .split('\n')
    .map((l) => l.slice(cut))
    .join('\n')
    .trimEnd()}\n`;
}

/** The rule's entry in the run result. */
export function ruleInfo(rule: Rule): RuleInfo {
  return {
    id: rule.id,
    title: rule.title,
    pillar: rule.pillar,
    cwe: rule.cwe,
    severity: rule.severity,
    precision: rule.precision,
    help: `${rule.docs.why}\n\n**Fix.** ${rule.docs.fix}`,
  };
}
