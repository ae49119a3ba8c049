/**
 * What should be done about the findings that are there? One recommendation a rule with findings, the most severe first.
 *
 * It says how many findings there are, where most of them stand, and the rule's own cure; nothing is said of rules without findings.
 * Suppressed and known findings count for nothing.
 */
import { markdownCode, markdownText, visible } from '../base/escape.ts';
import { compareText, plural, wrapText } from '../base/text.ts';
import type { Finding, RunResult, Severity } from '../findings/finding.ts';
import { isActive } from '../findings/pillars.ts';
import { type ReportOptions, widthOf } from './options.ts';
import { paintFor } from './paint.ts';
import { plainMarkdown } from './plain-markdown.ts';

export interface Recommendation {
  readonly rule: string;
  readonly title: string;
  readonly severity: Severity;
  readonly count: number;
  readonly files: number;
  /** The file with most of the findings, and how many it has. */
  readonly worst: { readonly path: string; readonly count: number };
  /** The rule's cure, in Markdown; '' where the result does not describe the rule. */
  readonly fix: string;
}

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 };
const FIX = '**Fix.** ';

/** Rule by rule, by the severity of its worst finding, then by number. */
export function recommendations(result: RunResult): readonly Recommendation[] {
  const byRule = new Map<string, Finding[]>();
  for (const finding of result.findings) {
    if (!isActive(finding)) continue;
    const list = byRule.get(finding.rule);
    if (list) list.push(finding);
    else byRule.set(finding.rule, [finding]);
  }
  const info = new Map(result.rules.map((rule) => [rule.id, rule]));
  return [...byRule]
    .map(([rule, findings]): Recommendation => {
      const help = info.get(rule)?.help ?? '';
      const at = help.lastIndexOf(FIX);
      const severity = findings.map((f) => f.severity).sort((a, b) => RANK[a] - RANK[b])[0] as Severity;
      const paths = new Map<string, number>();
      for (const { path } of findings) paths.set(path, (paths.get(path) ?? 0) + 1);
      const [[path, count]] = [...paths].sort((a, b) => b[1] - a[1] || compareText(a[0], b[0])) as [[string, number]];
      return {
        rule,
        title: info.get(rule)?.title ?? rule,
        severity,
        count: findings.length,
        files: paths.size,
        worst: { path, count },
        fix: at < 0 ? '' : help.slice(at + FIX.length).trim(),
      };
    })
    .sort((a, b) => RANK[a.severity] - RANK[b.severity] || b.count - a.count || compareText(a.rule, b.rule));
}

/** "7 in 3 files, most (5) in tests/test_a.py". */
function whereWords({ count, files, worst }: Recommendation): string {
  if (files === 1) return `${count} in ${worst.path}`;
  return worst.count === 1 ? `${count} in ${plural(files, 'file')}` : `${count} in ${plural(files, 'file')}, ${worst.count} of them in ${worst.path}`;
}

/** For the end of a run on the terminal; '' where nothing was found. */
export function renderRecommendations(result: RunResult, options: ReportOptions): string {
  const paint = paintFor(options.color ?? false);
  const list = recommendations(result);
  if (list.length === 0) return '';
  const width = widthOf(options) - 6;
  const items = list.map((r) => {
    const fix = wrapText(visible(r.fix === '' ? `${r.title}.` : plainMarkdown(r.fix)), width).map((line) => `      ${line}\n`);
    return `  ${paint.severity(r.severity, r.severity)}  ${visible(r.rule)}: ${visible(whereWords(r))}\n${fix.join('')}`;
  });
  return `  what to do, the most severe first\n${items.join('')}`;
}

/** A section of the Markdown report; '' where nothing was found. */
export function markdownRecommendations(result: RunResult, options: ReportOptions): string {
  const list = recommendations(result);
  if (list.length === 0) return '';
  const items = list.map((r) => {
    const uri = options.helpUri?.(r.rule);
    const rule = uri === undefined ? markdownCode(r.rule) : `[${markdownCode(r.rule)}](<${encodeURI(uri)}>)`;
    return `1. **${r.severity}** ${rule}, ${markdownText(whereWords(r))}: ${r.fix === '' ? markdownText(r.title) : r.fix}\n`;
  });
  return `\n### What to do\n\n${items.join('')}`;
}
