/**
 * `campsite rule`: a rule's page, all pages, or what covers a CWE.
 *
 * Prints from the rules themselves; reads no project and no configuration. Unknown ids are usage errors with the nearest spelling.
 */
import { UsageError } from '../app/options.ts';
import { nearest } from '../config/problems.ts';
import { isCwe } from '../findings/cwe-tree.ts';
import { coverageOf, explainCoverage, explainRules, PAGE_FORMATS, type PageFormat } from '../report/explain.ts';
import { RULES } from '../rules/index.ts';
import { writeOutput } from './output.ts';

export interface RuleArguments {
  readonly id?: string;
  readonly all?: boolean;
  readonly cwe?: string;
  readonly outputFormat?: string;
}

/** Cells of a page where the terminal does not say. */
const PAGE_WIDTH = 100;

/** Prints what was asked for; answers 0. Throws UsageError. */
export async function rule(args: RuleArguments): Promise<number> {
  const format = formatNamed(args.outputFormat ?? 'text');
  const width = Math.min(process.stdout.columns ?? PAGE_WIDTH, PAGE_WIDTH);
  const asked = [args.id !== undefined, args.all === true, args.cwe !== undefined].filter(Boolean).length;
  if (asked !== 1)
    throw new UsageError([
      'say one of: campsite rule <id>, campsite rule --all, campsite rule --cwe CWE-664',
      `rules: ${RULES.map((r) => r.id).join(', ')}`,
    ]);
  if (args.cwe !== undefined) {
    const cwe = /^\d+$/.test(args.cwe) ? `CWE-${args.cwe}` : args.cwe;
    if (!isCwe(cwe)) throw new UsageError([`${JSON.stringify(args.cwe)} is no entry of CWE's Research View; write it like CWE-664`]);
    await writeOutput(explainCoverage(coverageOf(cwe, RULES), format));
    return 0;
  }
  const rules = args.all === true ? RULES : RULES.filter((r) => r.id === args.id);
  if (rules.length === 0) {
    const near = nearest(
      args.id ?? '',
      RULES.map((r) => r.id),
    );
    throw new UsageError([`there is no rule ${JSON.stringify(args.id)}${near === undefined ? '' : `; did you mean ${near}?`}`]);
  }
  await writeOutput(explainRules(rules, format, width));
  return 0;
}

function formatNamed(name: string): PageFormat {
  const known = PAGE_FORMATS.find((f) => f === name);
  if (known !== undefined) return known;
  const near = nearest(name, PAGE_FORMATS);
  throw new UsageError([
    `there is no format ${JSON.stringify(name)} for pages${near === undefined ? '' : `; did you mean ${near}?`}`,
    `formats: ${PAGE_FORMATS.join(', ')}`,
  ]);
}
