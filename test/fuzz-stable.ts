/**
 * Which changes of a source change nothing about what is found? A blank line, and another name for a local variable wherever it stands.
 *
 * Both are made on the text, without the parser that is being tested. Names are changed only where the text alone shows that they are local and
 * plain: never an attribute, a keyword argument, a parameter, an import, a word of a string, nor a word that configuration knows (what is called
 * `server` may be one because of its name, and that is meant).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packFolder } from '../src/config/load-packs.ts';
import type { RunResult } from '../src/findings/finding.ts';
import type { Random } from './fuzz.ts';

/** A line before which a blank one changes nothing: the top, or anywhere in sound code whose lines are not joined. */
export function blankLineAt(text: string, sound: boolean, random: Random): number {
  if (!sound || /'''|"""|\\|campsite|[\r\f\u2028]/.test(text)) return 0;
  return random.below(text.split('\n').length);
}

/** Findings by what does not depend on where they stand, and where they stand after `shift`. */
export function placed(result: RunResult, shift: (path: string, line: number) => number): readonly string[] {
  const findings = result.findings.map((f) => {
    const witnesses = f.witnesses.map((w) => w.steps.map((s) => `${s.kind}@${shift(s.path, s.line)}`).join(','));
    return `${f.rule} ${f.path}:${shift(f.path, f.line)}:${f.column} ${f.test} ${f.pathKind} ${f.fingerprint} ${witnesses.join(' ')}`;
  });
  const ledger = result.ledger.map((a) => `${a.kind} ${a.path}:${shift(a.path, a.line)} ${a.status} ${a.leaks.join()}`);
  return [...findings, ...ledger].sort();
}

/** The same without what holds a name or a column. */
export function unnamed(result: RunResult): readonly string[] {
  const findings = result.findings.map((f) => {
    const witnesses = f.witnesses.map((w) => w.steps.map((s) => `${s.kind}@${s.path}:${s.line}`).join(','));
    return `${f.rule} ${f.path}:${f.line} ${f.test} ${f.pathKind} ${f.resource?.kind} ${witnesses.join(' ')}`;
  });
  return [...findings, ...result.ledger.map((a) => `${a.kind} ${a.path}:${a.line} ${a.status} ${a.leaks.join()}`)].sort();
}

/** Lines of one that the other lacks, said shortly; undefined where there are none. */
export function difference(before: readonly string[], after: readonly string[]): string | undefined {
  const changed = [
    ...before.filter((f) => !after.includes(f)).map((f) => `only before: ${f}`),
    ...after.filter((f) => !before.includes(f)).map((f) => `only after: ${f}`),
  ];
  return changed.length > 0 ? changed.slice(0, 2).join(' / ') : undefined;
}

/** Strings and comments; what stands in them is no name. */
const TEXTS = /#[^\n]*|[rbuf]{0,2}(?:'''[\s\S]*?'''|"""[\s\S]*?"""|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")/gi;
/** Code that asks for names, or gets them from where the text does not show. */
const ASKS_FOR_NAMES = /\b(?:locals|globals|vars|eval|exec|getattr|setattr|dir|import\s+\*|global|nonlocal)\b|import \*|`/;
const HEADS = /^[ \t]*(?:async[ \t]+)?(?:def|class)\b[\s\S]*?:[ \t]*(?=\n)|^[ \t]*(?:from|import)\b[^\n(]*(?:\([^)]*\))?/gm;
const RESERVED = new Set(
  'False None True and as assert async await break case class continue def del elif else except finally for from if import in is lambda match nonlocal not or pass print raise return self cls try type while with yield open file input id iter next len list dict set str int float bool object super format filter map max min sum sorted zip range vars hash bytes all any exec'.split(
    ' ',
  ),
);

/** Everything that configuration says, in small letters: a name with a word of it may mean something. */
const configured = readdirSync(packFolder())
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => readFileSync(join(packFolder(), name), 'utf8').toLowerCase())
  .join('\n');

const isMeaningful = (name: string): boolean =>
  /^_|^test|^[A-Z]/.test(name) || name.split('_').some((word) => word.length > 2 && configured.includes(word));

/** Names assigned inside functions that the text shows to be local wherever they stand. */
function localNames(text: string): readonly string[] {
  if (ASKS_FOR_NAMES.test(text)) return [];
  const blank = (found: string): string => found.replace(/[^\n]/g, ' ');
  const code = text.replace(TEXTS, blank);
  if (/['"]/.test(code)) return [];
  const body = code.replace(HEADS, blank);
  const depths: number[] = [];
  let depth = 0;
  for (const sign of code) {
    if ('([{'.includes(sign)) depth++;
    else if (')]}'.includes(sign)) depth--;
    for (let unit = 0; unit < sign.length; unit++) depths.push(depth);
  }
  const assigned = new Set([...body.matchAll(/^[ \t]+([a-z]\w*) = /gm)].map((m) => m[1] as string));
  return [...assigned].filter((name) => {
    if (RESERVED.has(name) || isMeaningful(name)) return false;
    const word = new RegExp(`\\b${name}\\b`, 'g');
    const everywhere = [...text.matchAll(word)];
    return (
      everywhere.length === [...body.matchAll(word)].length &&
      everywhere.every(({ index }) => {
        const rest = body.slice(index + name.length);
        return !/\.\s*$/.test(body.slice(0, index)) && !(/^\s*=(?!=)/.test(rest) && (depths[index] as number) > 0) && inFunction(code, index);
      })
    );
  });
}

/** The innermost block around an offset that defines something is a function. */
function inFunction(code: string, offset: number): boolean {
  const lines = code.slice(0, offset).split('\n');
  const widthOf = (line: string): number => line.length - line.trimStart().length;
  let width = widthOf(code.slice(offset - (lines[lines.length - 1] as string).length).split('\n', 1)[0] as string);
  for (let i = lines.length - 2; i >= 0 && width > 0; i--) {
    const line = lines[i] as string;
    if (line.trim() === '' || widthOf(line) >= width) continue;
    width = widthOf(line);
    if (/^\s*(?:async\s+)?def\b/.test(line)) return true;
    if (/^\s*class\b/.test(line)) return false;
  }
  return false;
}

/** The text with one local name changed wherever it stands; undefined where none can be. */
export function renamed(text: string, random: Random): { readonly text: string; readonly name: string } | undefined {
  const names = localNames(text);
  if (names.length === 0) return undefined;
  const name = random.pick(names);
  return { name, text: text.replace(new RegExp(`\\b${name}\\b`, 'g'), `${name}_zq`) };
}
