/**
 * What does a rule's page say, and which rules cover a CWE? As text, Markdown or JSON.
 *
 * Everything comes from the rule itself: why, what is reported, what is not, the cure, the CWE ids, how sure it is, how it is configured and
 * suppressed, what it misses. Pure functions of the rules; the same text for the command line, docs/rules.md and the tests.
 */
import { visible } from '../base/escape.ts';
import { padRight, plural, wrapText } from '../base/text.ts';
import { cweName, cweUri } from '../findings/cwe.ts';
import { cweChildren, cweTree, isKindOf } from '../findings/cwe-tree.ts';
import type { Precision } from '../findings/finding.ts';
import { PILLARS, pillarNamed } from '../findings/pillars.ts';
import type { Rule } from '../rules/define.ts';
import { joinWords } from './finding-words.ts';
import { plainMarkdown } from './plain-markdown.ts';

export const PAGE_FORMATS = ['text', 'markdown', 'json'] as const;
export type PageFormat = (typeof PAGE_FORMATS)[number];

/** How many of a hundred findings are right, as counted by hand on real suites. */
const PRECISION_WORDS: Readonly<Record<Precision, string>> = {
  'very-high': 'very high: 95 or more of 100 findings right on real suites',
  high: 'high: 85 to 94 of 100 findings right on real suites',
  medium: 'medium: 70 to 84 of 100 findings right on real suites, or too few seen there to say more',
  low: 'low: fewer than 70 of 100 findings right on real suites',
};

/** Uncovered kinds of a CWE that a text lists by name; the others are counted. */
const NAMED_KINDS = 40;

/** The page of each rule, in the order given. */
export function explainRules(rules: readonly Rule[], format: PageFormat, width: number): string {
  if (format === 'json') return `${JSON.stringify(rules.map(ruleData), null, 2)}\n`;
  return rules
    .map((rule) => (format === 'markdown' ? markdownPage(rule, '#') : textPage(rule, width)))
    .join(format === 'markdown' ? '\n' : `\n${'─'.repeat(Math.min(width, 60))}\n\n`);
}

/** One rule, as the JSON contract of `campsite rule --output-format json`. */
export function ruleData(rule: Rule): Readonly<Record<string, unknown>> {
  const { id, title, pillar, cwe, severity, precision, since, docs } = rule;
  return {
    id,
    title,
    pillar,
    pillarCwe: pillarNamed(pillar).cwe,
    cwe,
    severity,
    precision,
    default: rule.default,
    since,
    why: docs.why,
    fix: docs.fix,
    misses: docs.misses ?? null,
    bad: docs.bad,
    good: docs.good,
    configure: configuration(rule),
    suppress: suppression(rule),
  };
}

function configuration(rule: Rule): string {
  return rule.default ? `severity: {${rule.id}: ${rule.severity === 'error' ? 'warning' : 'error'}}` : `extend-select: [${rule.id}]`;
}

function suppression(rule: Rule): string {
  return `# campsite: ignore[${rule.id}] the reason`;
}

function switchedOn(rule: Rule): string {
  return rule.default ? 'on' : 'off; `--extend-select` switches it on';
}

/** The comments that tests read are for tests; a reader sees where the finding stands. */
function shownExample(source: string, rule: Rule): string {
  // Other rules may speak of other lines; their marks are for the tests, not for readers.
  return source
    .replace(new RegExp(`# expect: ${rule.id}[^\n]*`, 'g'), '# reported')
    .replace(/ *# expect: [^\n]*/g, '')
    .trimEnd();
}

function markdownPage(rule: Rule, heading: string): string {
  const { docs } = rule;
  const cwes = rule.cwe.map((id) => `[${id}](${cweUri(id)}) ${cweName(id) === id ? '' : cweName(id)}`.trimEnd()).join(', ');
  const pillar = pillarNamed(rule.pillar);
  const examples = (title: string, list: readonly string[]): string =>
    `**${title}**\n\n${list.map((s) => `\`\`\`python\n${shownExample(s, rule)}\n\`\`\`\n`).join('\n')}`;
  return [
    `${heading} ${rule.id}`,
    `${rule.title}.`,
    [
      `- pillar: ${rule.pillar} ([${pillar.cwe}](${cweUri(pillar.cwe)}))`,
      `- CWE: ${cwes}`,
      `- severity: ${rule.severity} by default`,
      `- default: ${switchedOn(rule)}`,
      `- precision: ${PRECISION_WORDS[rule.precision]}`,
      `- since: ${rule.since}`,
    ].join('\n'),
    `**Why.** ${docs.why}`,
    `**Cure.** ${docs.fix}`,
    examples('Reported', docs.bad),
    examples('Not reported', docs.good),
    ...(docs.misses === undefined ? [] : [`**Misses.** ${docs.misses}`]),
    `**Configure.** In \`campsite.yaml\`: \`${configuration(rule)}\`, \`ignore: [${rule.id}]\`. For one line: \`${suppression(rule)}\`.`,
  ]
    .join('\n\n')
    .concat('\n');
}

function textPage(rule: Rule, width: number): string {
  const { docs } = rule;
  const paragraph = (text: string): string =>
    wrapText(visible(plainMarkdown(text)), Math.max(40, width - 2))
      .map((line) => `  ${line}`)
      .join('\n');
  const code = (source: string): string =>
    shownExample(source, rule)
      .split('\n')
      .map((line) => (line === '' ? '' : `    ${line}`))
      .join('\n');
  const facts = [
    ['pillar', `${rule.pillar} (${pillarNamed(rule.pillar).cwe})`],
    ['CWE', rule.cwe.map((id) => (cweName(id) === id ? id : `${id} ${cweName(id)}`)).join('; ')],
    ['severity', rule.severity],
    ['default', switchedOn(rule).replaceAll('`', '')],
    ['precision', PRECISION_WORDS[rule.precision]],
    ['since', rule.since],
  ] as const;
  return [
    `${rule.id}: ${rule.title}`,
    facts.map(([name, value]) => `  ${padRight(name, 10)} ${value}`).join('\n'),
    `Why\n${paragraph(docs.why)}`,
    `Cure\n${paragraph(docs.fix)}`,
    `Reported\n${docs.bad.map(code).join('\n\n')}`,
    `Not reported\n${docs.good.map(code).join('\n\n')}`,
    ...(docs.misses === undefined ? [] : [`Misses\n${paragraph(docs.misses)}`]),
    `Configure\n  campsite.yaml   ${configuration(rule)}\n                  ignore: [${rule.id}]\n  on the line     ${suppression(rule)}`,
  ]
    .join('\n\n')
    .concat('\n');
}

/** docs/rules.md: all rules with their pages, by pillar. */
export function rulesDocument(rules: readonly Rule[]): string {
  const parts = [
    '# Rules',
    '<!-- Written by `UPDATE=1 npx vitest run test/rules-docs.test.ts` from the rules themselves; change it there. -->',
    "What campsite looks for, by the pillars of CWE's Research View (CWE-1000). A rule that is off runs with `--extend-select`; a `note` is in the report and does not turn the exit code. `campsite rule <id>` prints one page.",
  ];
  for (const pillar of PILLARS) {
    const own = rules.filter((rule) => rule.pillar === pillar.name);
    parts.push(`## ${pillar.name} (${pillar.cwe})`, `${pillar.title}.`);
    parts.push(
      own.length === 0
        ? 'No rule yet.'
        : [
            '| rule | severity | default | precision | what |',
            '| --- | --- | --- | --- | --- |',
            ...own.map(
              (rule) => `| [${rule.id}](#${rule.id}) | ${rule.severity} | ${rule.default ? 'on' : 'off'} | ${rule.precision} | ${rule.title} |`,
            ),
          ].join('\n'),
    );
    for (const rule of own) parts.push(markdownPage(rule, '###').trimEnd());
  }
  return `${parts.join('\n\n')}\n`;
}

/** What covers a CWE. */
export interface Coverage {
  readonly cwe: string;
  readonly name: string;
  /** Rules that name it or a kind of it, the ids that they name for it. */
  readonly rules: readonly { readonly rule: Rule; readonly through: readonly string[] }[];
  /** Rules of weaknesses that it is a kind of: they see some of it at best. */
  readonly wider: readonly { readonly rule: Rule; readonly through: readonly string[] }[];
  /** Direct kinds that no rule names, nor any kind of them. */
  readonly uncovered: readonly string[];
  /** All kinds, and how many of them a rule names. */
  readonly kinds: number;
  readonly named: number;
}

/** Which rules cover the CWE, and which of its kinds none does. `cwe` must be an entry of the Research View. */
export function coverageOf(cwe: string, rules: readonly Rule[]): Coverage {
  const id = cwe.toUpperCase();
  const idsOf = (rule: Rule): readonly string[] => rule.cwe;
  const through = (rule: Rule, holds: (own: string) => boolean): readonly string[] => idsOf(rule).filter(holds);
  const covering = rules.flatMap((rule) => {
    const own = through(rule, (one) => isKindOf(one, id));
    return own.length > 0 ? [{ rule, through: own }] : [];
  });
  const wider = rules.flatMap((rule) => {
    const own = through(rule, (one) => one !== id && isKindOf(id, one));
    return own.length > 0 && !covering.some((c) => c.rule === rule) ? [{ rule, through: own }] : [];
  });
  const all = cweTree(id).slice(1);
  const named = new Set(covering.flatMap((c) => c.through));
  return {
    cwe: id,
    name: cweName(id),
    rules: covering,
    wider,
    uncovered: cweChildren(id).filter((child) => !cweTree(child).some((one) => named.has(one))),
    kinds: all.length,
    named: all.filter((one) => named.has(one)).length,
  };
}

/** The coverage as text, Markdown or JSON. */
export function explainCoverage(coverage: Coverage, format: PageFormat): string {
  if (format === 'json') {
    const list = (entries: Coverage['rules']): readonly unknown[] =>
      entries.map(({ rule, through }) => ({ id: rule.id, cwe: through, default: rule.default, severity: rule.severity }));
    return `${JSON.stringify({ ...coverage, rules: list(coverage.rules), wider: list(coverage.wider) }, null, 2)}\n`;
  }
  const title = coverage.name === coverage.cwe ? coverage.cwe : `${coverage.cwe}: ${coverage.name}`;
  const row = ({ rule, through }: Coverage['rules'][number]): string =>
    `${format === 'markdown' ? '-' : ' '} ${rule.id} (${joinWords(through)})${rule.default ? '' : ', off by default'}: ${rule.title}`;
  const lists = [
    coverage.rules.length === 0
      ? 'No rule covers it.'
      : `Covered by ${plural(coverage.rules.length, 'rule')}:\n\n${coverage.rules.map(row).join('\n')}`,
    ...(coverage.wider.length === 0
      ? []
      : [`Rules of weaknesses that it is a kind of, which see some of it at best:\n\n${coverage.wider.map(row).join('\n')}`]),
    coverage.kinds === 0
      ? 'It has no kinds of its own.'
      : `${coverage.named} of its ${plural(coverage.kinds, 'kind')} ${coverage.named === 1 ? 'is' : 'are'} named by a rule.`,
    ...(coverage.uncovered.length === 0 ? [] : [`Direct kinds that no rule covers:\n\n${uncoveredRows(coverage.uncovered, format)}`]),
  ];
  return `${format === 'markdown' ? '# ' : ''}${title}\n\n${lists.join('\n\n')}\n`;
}

function uncoveredRows(ids: readonly string[], format: PageFormat): string {
  const mark = format === 'markdown' ? '- ' : '  ';
  const rows = ids.slice(0, NAMED_KINDS).map((id) => `${mark}${id}${cweName(id) === id ? '' : ` ${cweName(id)}`}`);
  return [...rows, ...(ids.length > NAMED_KINDS ? [`${mark}and ${ids.length - NAMED_KINDS} more`] : [])].join('\n');
}
