/**
 * How is a Python source damaged at random, and what must hold of its analysis all the same?
 *
 * Everything follows from a seed, so that a failure can be repeated. What must hold: nothing is thrown, no `internal` problem, IR and graphs
 * pass their verifiers, no case takes longer than MAX_CASE_MS, and an inserted blank line moves findings and changes none.
 * Left out: whether the findings are right, which damaged code cannot tell.
 */
import { analyze } from '../src/app/analyze.ts';
import { buildCfg } from '../src/cfg/build.ts';
import { verifyCfg } from '../src/cfg/verify.ts';
import type { RunResult } from '../src/findings/finding.ts';
import { verifyModule } from '../src/ir/verify.ts';
import { lowerModule } from '../src/lower/module.ts';
import { createParser } from '../src/syntax/parse.ts';

/** CPU milliseconds that a case of a few hundred lines may take; the usual one takes 20. */
export const MAX_CASE_MS = 5_000;

export interface Random {
  /** 0 ≤ x < n, whole. */
  below(n: number): number;
  pick<T>(list: readonly T[]): T;
}

/** Mulberry32: small, and the same everywhere. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n: number): number => Math.floor(next() * n);
  return { below, pick: (list) => list[below(list.length)] as (typeof list)[number] };
}

/** Words and signs that change what the code around them means. */
const TOKENS =
  'def class return yield await async with as try except finally else elif if while for in not and or is lambda import from raise assert del pass break continue global nonlocal match case None True self super print exec type ( ) [ ] { } : , . ; = == := -> @ * ** % \\ \' " \'\'\' """ # f" b\' 0x 1e 1_0 ... ` $ ? ! <> => \t \n \r \f \0 \u2028 \ufeff é 😀 \ud800'.split(
    ' ',
  );

type Mutation = (text: string, random: Random) => string;

const onLines =
  (change: (lines: string[], at: number, random: Random) => void): Mutation =>
  (text, random) => {
    const lines = text.split('\n');
    change(lines, random.below(lines.length), random);
    return lines.join('\n');
  };

const onTokens =
  (change: (tokens: string[], at: number, random: Random) => void): Mutation =>
  (text, random) => {
    const tokens = text.match(/\w+|[ \t]+|\n|[^\w\s]|\s/g) ?? [];
    if (tokens.length > 0) change(tokens, random.below(tokens.length), random);
    return tokens.join('');
  };

const MUTATIONS: readonly Mutation[] = [
  onLines((lines, at) => lines.splice(at, 1)),
  onLines((lines, at) => lines.splice(at, 0, lines[at] as string)),
  onLines((lines, at, random) => lines.splice(at, 0, random.pick(lines))),
  onLines((lines, at) => lines.splice(at, 2, ...lines.slice(at, at + 2).reverse())),
  onLines((lines, at, random) => {
    const indent = ' '.repeat(4 * (1 + random.below(3)));
    for (let i = at; i < Math.min(lines.length, at + 1 + random.below(10)); i++) lines[i] = indent + lines[i];
  }),
  onLines((lines, at, random) => {
    for (let i = at; i < Math.min(lines.length, at + 1 + random.below(10)); i++) lines[i] = (lines[i] as string).replace(/^ {1,4}/, '');
  }),
  onLines((lines, at) => lines.splice(at, 2, lines.slice(at, at + 2).join(' '))),
  onLines((lines, at, random) => lines.splice(at, 1 + random.below(20))),
  onLines((lines, at, random) => lines.splice(at, 0, ...lines.slice(at, at + random.below(30)))),
  onLines((lines, at) => lines.splice(at)),
  onTokens((tokens, at) => tokens.splice(at, 1)),
  onTokens((tokens, at) => tokens.splice(at, 0, tokens[at] as string)),
  onTokens((tokens, at, random) => tokens.splice(at, 1, random.pick(TOKENS))),
  onTokens((tokens, at, random) => tokens.splice(at, 0, random.pick(TOKENS))),
  onTokens((tokens, at, random) => tokens.splice(at, 1, random.pick(tokens))),
  onTokens((tokens, at, random) => tokens.splice(at, 0, ...tokens.slice(random.below(tokens.length)).slice(0, 20))),
  onTokens((tokens, at, random) => tokens.splice(at, 1, random.pick(TOKENS).repeat(1 + random.below(200)))),
  (text, random) => {
    const at = random.below(text.length + 1);
    return text.slice(0, at) + String.fromCharCode(random.below(random.pick([128, 256, 65_536]))) + text.slice(at);
  },
];

/** The text with one to eight changes. */
export function mutated(text: string, random: Random): string {
  let out = text;
  for (let left = 1 + random.below(8); left > 0; left--) out = random.pick(MUTATIONS)(out, random);
  return out;
}

/** No Python at all: signs, words and bytes in a row. */
export function noise(random: Random): string {
  const length = random.below(400);
  const one = random.pick([
    () => String.fromCharCode(random.below(256)),
    () => String.fromCharCode(random.below(65_536)),
    () => random.pick(TOKENS),
    () => `${random.pick(TOKENS)}${random.pick([' ', '\n', '\n    ', ''])}`,
  ]);
  return Array.from({ length }, one).join('');
}

/** Part of a source: some hundred lines from a definition on, so that most of it parses. */
export function sliceOf(text: string, random: Random): string {
  const lines = text.split('\n');
  const starts = lines.flatMap((line, i) => (/^(class|def|async def|@)\b/.test(line) ? [i] : []));
  const start = starts.length > 0 ? random.pick(starts) : 0;
  const imports = lines.filter((line) => /^(import|from) \S+/.test(line) && !line.includes('(')).slice(0, 30);
  return [...imports, '', ...lines.slice(start, start + 20 + random.below(180))].join('\n');
}

export type Analyse = (root: string, text: string) => Promise<RunResult>;

export const analysed: Analyse = (root, text) => analyze({ root, paths: [], select: ['ALL'], virtual: new Map([['test_fuzz.py', text]]) });

/** Findings by what does not depend on where they stand, and where they stand after `before` lines were inserted above. */
const placed = (result: RunResult, shift: (line: number) => number): readonly string[] =>
  result.findings
    .map(
      (f) =>
        `${f.fingerprint} ${f.rule} ${shift(f.line)}:${f.column} ${f.test} ${f.witnesses.map((w) => w.steps.map((s) => `${s.kind}@${shift(s.line)}`).join(',')).join(' ')}`,
    )
    .sort();

/** A line before which a blank one changes nothing: the top, or anywhere in sound code whose lines are not joined. */
function blankLineAt(text: string, sound: boolean, random: Random): number {
  if (!sound || /'''|"""|\\|campsite|[\r\f\u2028]/.test(text)) return 0;
  return random.below(text.split('\n').length);
}

/** What is wrong with the analysis of the text; undefined where nothing is. `root` is an empty folder. */
export async function faultOf(text: string, root: string, random: Random, analyse: Analyse = analysed): Promise<string | undefined> {
  const start = process.cpuUsage();
  try {
    const parsed = (await createParser()).parse(text);
    const module = lowerModule(parsed);
    const faults = [...verifyModule(module, text.length), ...module.functions.flatMap((fn) => verifyCfg(buildCfg(fn)))];
    if (faults.length > 0) return `verifier: ${faults[0]}`;
    const result = await analyse(root, text);
    const internal = result.problems.find((p) => p.kind === 'internal');
    if (internal) return `internal: ${internal.message}`;
    const spent = process.cpuUsage(start).user / 1000;
    if (spent > MAX_CASE_MS) return `slow: ${Math.round(spent)} ms`;
    if (/^.*coding[:=]/m.test(text.split('\n', 2).join('\n'))) return undefined;
    const at = blankLineAt(text, result.problems.length === 0, random);
    const lines = text.split('\n');
    lines.splice(at, 0, '');
    const moved = placed(await analyse(root, lines.join('\n')), (line) => (line > at ? line - 1 : line));
    const before = placed(result, (line) => line);
    const changed = [
      ...before.filter((f) => !moved.includes(f)).map((f) => `only before: ${f}`),
      ...moved.filter((f) => !before.includes(f)).map((f) => `only after: ${f}`),
    ];
    return changed.length > 0 ? `a blank line before line ${at + 1} changes the findings: ${changed.slice(0, 2).join(' / ')}` : undefined;
  } catch (error) {
    return `thrown: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
}
