/**
 * How is a Python source damaged at random, and what must hold of its analysis all the same?
 *
 * Everything follows from a seed, so that a failure can be repeated. What must hold: nothing is thrown, no `internal` problem, IR and graphs
 * pass their verifiers, no case takes longer than MAX_CASE_MS beyond its parsing, and an inserted blank line or another name for a local variable (fuzz-stable.ts)
 * moves findings and changes none. fuzz-forms.ts has the forms that are generated.
 * Left out: whether the findings are right, which damaged code cannot tell.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyze } from '../src/app/analyze.ts';
import { buildCfg } from '../src/cfg/build.ts';
import { verifyCfg } from '../src/cfg/verify.ts';
import type { RunResult } from '../src/findings/finding.ts';
import { verifyModule } from '../src/ir/verify.ts';
import { lowerModule } from '../src/lower/module.ts';
import { createParser } from '../src/syntax/parse.ts';
import { blankLineAt, difference, placed, renamed, unnamed } from './fuzz-stable.ts';

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

/** Between the sources of a case of several files; the first is the test's own. */
const FILE = /^# file: (\w+\.py)\n/m;

/** The files of a case, by name. */
function filesOf(text: string): Map<string, string> {
  const [first = '', ...rest] = text.split(FILE);
  const files = new Map([[TEST, first]]);
  for (let i = 0; i + 1 < rest.length; i += 2) files.set(rest[i] as string, rest[i + 1] as string);
  return files;
}

/** The name of the first. */
const TEST = 'test_fuzz.py';

/** A case of several files: what `text` imports and what pytest reads before it. */
export function withOthers(text: string, helper: string, conftest: string): string {
  return `from helper import *\nimport helper\n${text}\n# file: helper.py\n${helper}\n# file: conftest.py\n${conftest}\n`;
}

export const analysed: Analyse = (root, text) => analyze({ root, paths: [], select: ['ALL'], virtual: filesOf(text) });

/** What is wrong with the analysis of a file of these bytes, read from `root`; undefined where nothing is. */
export async function faultOfBytes(bytes: Buffer, root: string): Promise<string | undefined> {
  const start = process.cpuUsage();
  writeFileSync(join(root, 'test_bytes.py'), bytes);
  try {
    const result = await analyze({ root, paths: ['test_bytes.py'], select: ['ALL'] });
    const internal = result.problems.find((p) => p.kind === 'internal');
    return internal ? `internal: ${internal.message}` : tooSlow(start);
  } catch (error) {
    return `thrown: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  } finally {
    rmSync(join(root, 'test_bytes.py'), { force: true });
  }
}

/** `parsing`: CPU milliseconds that the parser took alone; how long it looks for an end in broken code is its own affair. */
function tooSlow(since: NodeJS.CpuUsage, parsing = 0): string | undefined {
  const spent = process.cpuUsage(since).user / 1000 - parsing;
  return spent > MAX_CASE_MS ? `slow: ${Math.round(spent)} ms` : undefined;
}

/** What is wrong with the analysis of the text; undefined where nothing is. `root` is an empty folder. */
export async function faultOf(text: string, root: string, random: Random, analyse: Analyse = analysed): Promise<string | undefined> {
  const start = process.cpuUsage();
  try {
    const parser = await createParser();
    let parsing = 0;
    for (const source of filesOf(text).values()) {
      const before = process.cpuUsage();
      const parsed = parser.parse(source);
      parsing += process.cpuUsage(before).user / 1000;
      const module = lowerModule(parsed);
      const faults = [...verifyModule(module, source.length), ...module.functions.flatMap((fn) => verifyCfg(buildCfg(fn)))];
      if (faults.length > 0) return `verifier: ${faults[0]}`;
    }
    const result = await analyse(root, text);
    const internal = result.problems.find((p) => p.kind === 'internal');
    if (internal) return `internal: ${internal.message}`;
    // Each source is parsed here and again by the analysis.
    return tooSlow(start, 2 * parsing) ?? (await instability(text, result, root, random, analyse));
  } catch (error) {
    return `thrown: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
}

/** Which harmless change of the text changes what is found; undefined where none does. */
async function instability(text: string, result: RunResult, root: string, random: Random, analyse: Analyse): Promise<string | undefined> {
  const [own = '', ...others] = text.split(/(?=^# file: )/m);
  if (/^.*coding[:=]/m.test(own.split('\n', 2).join('\n'))) return undefined;
  const sound = result.problems.length === 0;
  const at = blankLineAt(own, sound, random);
  const lines = own.split('\n');
  lines.splice(at, 0, '');
  const moved = await analyse(root, [lines.join('\n'), ...others].join(''));
  const changed = difference(
    placed(result, (_path, line) => line),
    placed(moved, (path, line) => (path === TEST && line > at ? line - 1 : line)),
  );
  if (changed !== undefined) return `a blank line before line ${at + 1} changes the findings: ${changed}`;
  const other = sound && others.length === 0 ? renamed(own, random) : undefined;
  const named = other && difference(unnamed(result), unnamed(await analyse(root, other.text)));
  return named === undefined ? undefined : `another name for ${other?.name} changes the findings: ${named}`;
}
