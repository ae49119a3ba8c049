/**
 * What do the options for old suites ask for, and what becomes of a run's result with them?
 *
 * Everything that can be wrong (options that exclude each other, a baseline that is not there, history that is missing) is found before the
 * analysis, which takes longer. Then, in this order: the baseline marks what it knows, and what is left is compared with the merge base.
 */
import { relative, resolve } from 'node:path';
import { filesOf, type Plan } from '../app/analyze.ts';
import { type BaselineFile, judge, openBaseline, pruned, renewed, scopeOf, staleProblems } from '../app/known.ts';
import type { MergeBase } from '../app/merge-base.ts';
import type { Run } from '../app/new-from.ts';
import { UsageError } from '../app/options.ts';
import { plural } from '../base/text.ts';
import { readBaseline } from '../findings/baseline.ts';
import type { RunResult } from '../findings/finding.ts';
import { orderRun } from '../findings/order.ts';
import { pillarVerdict } from '../findings/pillars.ts';
import { writeFileAtomically } from './output.ts';

export interface AdoptionArguments {
  readonly baseline?: string;
  readonly writeBaseline?: boolean;
  readonly pruneBaseline?: boolean;
  readonly passOnStale?: boolean;
  readonly newFrom?: string;
  readonly addIgnore?: boolean;
  readonly reason?: string;
  readonly shard?: string;
  readonly stdinFilename?: string;
}

export interface Adoption {
  readonly baseline?: BaselineFile;
  readonly mergeBase?: MergeBase;
}

export interface Marked {
  readonly result: RunResult;
  /** Entries of the baseline that fail the run. */
  readonly stale: number;
}

/** Pairs of options of which only one can be meant, and why. */
const EXCLUSIVE: readonly (readonly [keyof AdoptionArguments, keyof AdoptionArguments, string])[] = [
  ['writeBaseline', 'pruneBaseline', 'a baseline that is written anew holds nothing stale'],
  ['writeBaseline', 'newFrom', 'a baseline holds all findings, not only the new ones'],
  ['writeBaseline', 'addIgnore', 'what a comment suppresses needs no baseline'],
  ['writeBaseline', 'shard', 'a baseline is written from the whole run'],
  ['pruneBaseline', 'shard', 'a baseline is pruned from the whole run'],
  ['addIgnore', 'stdinFilename', 'comments are written into files'],
  ['writeBaseline', 'stdinFilename', 'a baseline is written from the whole run'],
  ['addIgnore', 'shard', 'comments are written from the whole run'],
];

const flag = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** Reads what the options need. Throws UsageError. */
export async function prepareAdoption(args: AdoptionArguments, settled: Plan): Promise<Adoption> {
  const isGiven = (name: keyof AdoptionArguments): boolean => args[name] !== undefined && args[name] !== false;
  for (const [one, other, why] of EXCLUSIVE)
    if (isGiven(one) && isGiven(other)) throw new UsageError([`${flag(one)} does not go with ${flag(other)}: ${why}`]);
  if (isGiven('reason') && !isGiven('addIgnore')) throw new UsageError(['--reason is for the comments of --add-ignore']);
  const { root, configuration } = settled;
  const configured = configuration.settings.baseline;
  const path = args.baseline !== undefined ? resolve(args.baseline) : configured !== null ? resolve(root, configured) : undefined;
  if (path === undefined) {
    const needy = (['writeBaseline', 'pruneBaseline', 'passOnStale'] as const).find(isGiven);
    if (needy) throw new UsageError([`${flag(needy)}: say which file, with --baseline FILE or \`baseline: FILE\` in the configuration`]);
  }
  // What is written anew for the whole run need not have been readable; a run that only sees a part keeps the rest of the file.
  const baseline = path === undefined ? undefined : openBaseline(root, path, isGiven('writeBaseline') ? 'is-empty' : 'fails');
  const mergeBase = args.newFrom === undefined ? undefined : await (await import('../app/merge-base.ts')).mergeBase(root, args.newFrom);
  return { ...(baseline ? { baseline } : {}), ...(mergeBase ? { mergeBase } : {}) };
}

/** The result as the options want it marked; writes or prunes the baseline. Throws UsageError. */
export async function applyAdoption(found: RunResult, { baseline, mergeBase }: Adoption, args: AdoptionArguments, run: Run): Promise<Marked> {
  const { settled, options } = run;
  let result = found;
  let stale = 0;
  if (baseline) {
    const scope = scopeOf(settled.root, filesOf(settled, options), settled.looked, result);
    let file = baseline;
    if (args.writeBaseline) {
      const text = renewed(result, baseline, scope);
      await writeBaselineFile(baseline, text);
      file = { ...baseline, entries: readBaseline(text).entries };
    }
    const judged = judge(result, file, scope);
    result = judged.result;
    if (args.pruneBaseline && judged.stale.length > 0) await writeBaselineFile(baseline, pruned(baseline, judged.stale));
    else if (judged.stale.length > 0) {
      result = { ...result, problems: [...result.problems, ...staleProblems(baseline, judged.stale)] };
      stale = args.passOnStale ? 0 : judged.stale.length;
    }
  }
  if (mergeBase) result = await (await import('../app/new-from.ts')).markNew(result, mergeBase, run);
  if (result === found) return { result, stale };
  const pillars = result.pillars.map((verdict) => pillarVerdict(verdict.name, verdict, result.findings));
  return { result: orderRun({ ...result, pillars }), stale };
}

async function writeBaselineFile(file: BaselineFile, text: string): Promise<void> {
  const before = new Set(file.entries.map(({ fingerprint }) => fingerprint));
  const after = new Set(readBaseline(text).entries.map(({ fingerprint }) => fingerprint));
  await writeFileAtomically(file.path, text);
  const added = [...after].filter((print) => !before.has(print)).length;
  const removed = [...before].filter((print) => !after.has(print)).length;
  process.stderr.write(
    `campsite: wrote ${relative(process.cwd(), file.path)}: ${plural(after.size, 'entry', 'entries')}, ${added} added, ${removed} removed\n`,
  );
}
