/**
 * In what do comments (expectations.ts) and a run disagree?
 *
 * Strict both ways: a finding that no comment speaks of is a disagreement too. So is a rule id that no rule has, and a kind that nothing
 * describes: a renamed rule must not leave a `missing` behind that never fails. Invariant: no disagreement means that comments and
 * findings are in one-to-one relation. Only the ledger is asked one way: who speaks of one acquisition need not speak of all.
 */
import type { Expectations, ExpectedStep } from './expectations.ts';
import type { Acquisition, Finding, StepKind } from './finding.ts';

export interface Disagreement {
  readonly path: string;
  readonly line: number;
  readonly expected: string;
  readonly got: string;
}

/** One sentence for a reader. */
export function disagreementText({ path, line, expected, got }: Disagreement): string {
  return `${path}:${line}: expected ${expected}; got ${got}`;
}

/** Everything in which comments and findings disagree, in the order of the comments; `rules` are the ids of all rules there are. Suppressed findings count as not reported. */
export function disagreements(expected: Expectations, found: readonly Finding[], rules: ReadonlySet<string>): readonly Disagreement[] {
  const out: Disagreement[] = [...expected.mistakes];
  const open = new Set(found.filter((finding) => finding.suppressed === undefined));
  const byTag = new Map<string, Finding>();
  const tags = new Set<string>();
  for (const { kind, rule, tag, text, path, line } of expected.findings) {
    const differ = (wanted: string, got: string) => out.push({ path, line, expected: wanted, got });
    if (!rules.has(rule)) {
      differ('a rule', `\`${rule}\`, which no rule is called`);
      continue;
    }
    if (tag !== null && tags.has(tag)) differ('a tag of its own', `[${tag}] a second time`);
    if (tag !== null) tags.add(tag);
    const here = found.filter((finding) => finding.path === path && finding.line === line);
    const match = [...open].find((finding) => here.includes(finding) && finding.rule === rule && finding.message.includes(text ?? ''));
    if (match !== undefined) open.delete(match);
    if (match !== undefined && tag !== null) byTag.set(tag, match);
    if (kind === 'missing' && match !== undefined) differ(`${rule} to be missing`, `it is found: turn "missing" into "expect"`);
    if (kind === 'spurious' && match === undefined) differ(`${rule} to be spurious`, 'nothing, it is gone: remove "spurious"');
    if (kind === 'expect' && match === undefined) differ(`${rule}${text === null ? '' : ` "${text}"`}`, here.map(wordsOf).join(', ') || 'nothing');
  }
  out.push(...stepDisagreements(expected, byTag, tags));
  for (const finding of open) out.push({ path: finding.path, line: finding.line, expected: 'nothing', got: wordsOf(finding) });
  return out;
}

const wordsOf = (finding: Finding): string => `${finding.rule} "${finding.message}"${finding.suppressed === undefined ? '' : ' (suppressed)'}`;

/** In what `# ledger:` comments and the ledger disagree; `kinds` are all kinds that a pack describes. */
export function ledgerDisagreements(expected: Expectations, ledger: readonly Acquisition[], kinds: ReadonlySet<string>): readonly Disagreement[] {
  return expected.ledger.flatMap(({ kind, status, path, line }): Disagreement[] => {
    const differ = (wanted: string, got: string): Disagreement[] => [{ path, line, expected: wanted, got }];
    if (!kinds.has(kind)) return differ('a resource kind', `\`${kind}\`, which nothing describes`);
    const here = ledger.filter((a) => a.path === path && a.line === line);
    if (here.some((a) => a.kind === kind && a.status === status)) return [];
    return differ(`${kind} ${status}`, here.map((a) => `${a.kind} ${a.status}`).join(', ') || 'no acquisition');
  });
}

function stepDisagreements(expected: Expectations, byTag: ReadonlyMap<string, Finding>, tags: ReadonlySet<string>): readonly Disagreement[] {
  const out: Disagreement[] = [];
  const show = (steps: readonly { readonly kind: StepKind; readonly path: string; readonly line: number }[]): string =>
    steps.map(({ kind, path, line }) => `${kind} ${path}:${line}`).join(', ');
  for (const { path, line, tag } of expected.steps)
    if (!tags.has(tag)) out.push({ path, line, expected: `a finding with the tag [${tag}]`, got: 'none' });
  for (const [tag, finding] of byTag) {
    const steps = expected.steps.filter((step) => step.tag === tag);
    const paths = [...new Set(steps.map((step) => step.path))];
    const ofPath = (path: string): readonly ExpectedStep[] => steps.filter((step) => step.path === path);
    const isShown = finding.witnesses.some((witness) => paths.every((path) => inOrder(ofPath(path), witness.steps)));
    if (steps.length === 0 || isShown) continue;
    const walks = finding.witnesses.map((witness) => show(witness.steps));
    out.push({
      path: finding.path,
      line: finding.line,
      expected: `a witness of ${finding.rule} with the steps ${show(steps)}`,
      got: walks.join(' | ') || 'none',
    });
  }
  return out;
}

/** Whether `wanted` is a subsequence of `walk`. */
function inOrder(
  wanted: readonly ExpectedStep[],
  walk: readonly { readonly kind: StepKind; readonly path: string; readonly line: number }[],
): boolean {
  let next = 0;
  for (const step of walk) {
    const want = wanted[next];
    if (want !== undefined && step.kind === want.kind && step.path === want.path && step.line === want.line) next += 1;
  }
  return next === wanted.length;
}
