/**
 * How does SARIF describe the rules, and CWE as the taxonomy they belong to?
 *
 * Every rule that a finding names is described, also one that the result does not list: GitHub refuses a log otherwise. No `security-severity`: what a
 * test leaves behind is no vulnerability of the product.
 */
import type { ReportingDescriptor, ReportingDescriptorReference, ToolComponent } from 'sarif';
import { visible } from '../base/escape.ts';
import { compareText } from '../base/text.ts';
import { cweName, cweUri } from '../findings/cwe.ts';
import type { RuleInfo, RunResult, Severity } from '../findings/finding.ts';
import { pillarNamed } from '../findings/pillars.ts';
import { cweIds } from './finding-words.ts';
import { plainMarkdown } from './plain-markdown.ts';

/** GitHub's limit for descriptions and plain help. */
const DESCRIPTION_LENGTH = 1024;

/** GitHub keeps ten tags of a rule. */
const TAGS = 10;

export const TAXONOMY = 'CWE';

const PROBLEM_SEVERITY: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', note: 'recommendation' };

export interface SarifRules {
  readonly rules: readonly RuleInfo[];
  readonly indexOf: (rule: string) => number;
  readonly taxa: readonly string[];
}

/** The rules to describe, by id, and the CWE ids they and the findings name, by number. */
export function collectRules(result: RunResult): SarifRules {
  const byId = new Map(result.rules.map((rule) => [rule.id, rule]));
  for (const { rule, pillar, cwe, severity } of result.findings) {
    if (!byId.has(rule)) byId.set(rule, { id: rule, title: rule, pillar, cwe, severity, precision: 'medium', help: rule });
  }
  const rules = [...byId.values()].sort((a, b) => compareText(a.id, b.id));
  const index = new Map(rules.map((rule, at) => [rule.id, at]));
  const number = (id: string): number => Number(id.slice('CWE-'.length));
  const taxa = [...new Set([...rules, ...result.findings].flatMap(cweIds))].sort((a, b) => number(a) - number(b) || compareText(a, b));
  return { rules, indexOf: (rule) => index.get(rule) ?? -1, taxa };
}

/** A reference to one CWE in the run's taxonomy. */
export function taxon(id: string, { taxa }: SarifRules): ReportingDescriptorReference {
  return { id: id.slice('CWE-'.length), index: taxa.indexOf(id), toolComponent: { name: TAXONOMY, index: 0 } };
}

function sentence(text: string): string {
  const shown = visible(text);
  return /[.!?]$/.test(shown) ? shown : `${shown}.`;
}

function limited(text: string): string {
  return text.length <= DESCRIPTION_LENGTH ? text : `${text.slice(0, DESCRIPTION_LENGTH - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** "leak-on-failure" to "LeakOnFailure", the form that SARIF's names have. */
function pascalCase(id: string): string {
  return id.replace(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** One rule; `helpUri` is left out where there is no page. */
export function describeRule(rule: RuleInfo, known: SarifRules, helpUri: string | undefined): ReportingDescriptor {
  const title = limited(sentence(rule.title));
  const plain = limited(plainMarkdown(rule.help) || title);
  const ids = cweIds(rule);
  const tags = ['test', 'maintainability', pillarNamed(rule.pillar).name, ...ids.map((id) => `external/cwe/${id.toLowerCase()}`)];
  return {
    id: rule.id,
    name: pascalCase(rule.id),
    shortDescription: { text: title },
    fullDescription: { text: limited(plain.split('\n\n')[0]) },
    help: { text: plain, markdown: rule.help || title },
    ...(helpUri === undefined ? {} : { helpUri }),
    defaultConfiguration: { level: rule.severity },
    relationships: ids.map((id) => ({ target: taxon(id, known), kinds: ['superset'] })),
    properties: { tags: tags.slice(0, TAGS), precision: rule.precision, 'problem.severity': PROBLEM_SEVERITY[rule.severity] },
  };
}

/** The part of CWE that the run speaks of. */
export function cweTaxonomy({ taxa }: SarifRules): ToolComponent {
  return {
    name: TAXONOMY,
    organization: 'MITRE',
    informationUri: 'https://cwe.mitre.org/data/definitions/1000.html',
    shortDescription: { text: 'The MITRE Common Weakness Enumeration.' },
    isComprehensive: false,
    taxa: taxa.map((id) => ({
      id: id.slice('CWE-'.length),
      name: cweName(id),
      shortDescription: { text: sentence(cweName(id)) },
      helpUri: cweUri(id),
    })),
  };
}
