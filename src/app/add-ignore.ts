/**
 * How do comments that suppress findings get into the files?
 *
 * Works on bytes: encoding, byte order mark and line ends stay, only the comments come in. A file is written by rename, keeps its mode, and only
 * where Python would read the same program as before: the new text is parsed, and its tree compared. What cannot be done to a file is said,
 * the others are written all the same. Files outside of the root are not written, whatever links lead to them.
 */
import { accessSync, constants, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import writeFile from 'write-file-atomic';
import type { Finding } from '../findings/finding.ts';
import { addIgnores } from '../findings/ignore-comments.ts';
import { suppressFindings } from '../findings/suppress.ts';
import { createParser, type PythonParser } from '../syntax/parse.ts';
import type { SyntaxNode } from '../syntax/tree.ts';
import { UsageError } from './options.ts';
import { decode, readBytes } from './read.ts';
import { RULE_IDS } from './rules-on.ts';

export interface Added {
  readonly comments: number;
  readonly files: number;
  /** Files that were left as they are, and why. */
  readonly left: readonly { readonly path: string; readonly why: string }[];
}

/** Its findings speak of comments; no comment suppresses them. */
const ABOUT_COMMENTS = 'unused-suppression';

/** Throws UsageError for a reason that a comment cannot hold, or that would not suppress. */
export function checkReason(reason: string, requireReason: boolean, today: string): void {
  const wrong = (why: string): UsageError => new UsageError([`--add-ignore: ${why}`]);
  if (reason === '' && requireReason) throw wrong('require-reason is set in the configuration: say why, --add-ignore=REASON');
  if (/[\p{Cc}\u2028\u2029]/u.test(reason)) throw wrong('a reason is one line of text');
  if (/coding[:=]/.test(reason)) throw wrong('a reason must not read like the declaration of an encoding (PEP 263): "coding:" or "coding="');
  const comment = { line: 1, column: 1, ownLine: false, text: `# campsite: ignore[never-released] ${reason}` };
  const fault = suppressFindings([], [comment], { knownRules: RULE_IDS, today, requireReason }).faults.find(({ kind }) => kind !== 'unused');
  if (fault !== undefined) throw wrong(fault.message);
}

/** Writes comments for the findings, whose paths are relative to `root` (absolute). `today` is `YYYY-MM-DD`. */
export async function addIgnoreComments(root: string, findings: readonly Finding[], reason: string, today: string): Promise<Added> {
  const byPath = new Map<string, Finding[]>();
  for (const finding of findings) if (finding.rule !== ABOUT_COMMENTS) byPath.set(finding.path, [...(byPath.get(finding.path) ?? []), finding]);
  const parser = await createParser();
  const left: { path: string; why: string }[] = [];
  let comments = 0;
  for (const [path, mine] of byPath) {
    const done = await annotate(root, path, mine, reason, today, parser);
    if (typeof done === 'number') comments += done;
    else left.push({ path, why: done });
  }
  return { comments, files: byPath.size - left.length, left };
}

/** The number of comments, or why the file was left as it is. */
async function annotate(
  root: string,
  path: string,
  findings: readonly Finding[],
  reason: string,
  today: string,
  parser: PythonParser,
): Promise<number | string> {
  const file = join(root, path);
  const bytes = readBytes(file, path);
  if (!Buffer.isBuffer(bytes)) return bytes.message;
  if (!isInside(root, file)) return 'lies outside the project root';
  const before = decode(bytes, path).text;
  if (/\P{ASCII}/u.test(reason) && !isUtf8(bytes, before)) return 'is not in UTF-8: give a reason in ASCII';
  const added = addIgnores(bytes.toString('latin1'), findings, { reason: Buffer.from(reason, 'utf8').toString('latin1'), today });
  const after = Buffer.from(added.text, 'latin1');
  if (!isSameProgram(parser, before, decode(after, path).text)) return 'would no longer be the same program';
  try {
    accessSync(file, constants.W_OK);
    await writeFile(file, after);
  } catch (error) {
    return `cannot be written: ${(error as NodeJS.ErrnoException).code ?? String(error)}`;
  }
  return added.comments;
}

function isInside(root: string, file: string): boolean {
  return realpathSync(file).startsWith(realpathSync(root) + sep);
}

/** Was the text made from UTF-8? A byte order mark is left out of texts. */
function isUtf8(bytes: Buffer, text: string): boolean {
  const encoded = Buffer.from(text, 'utf8');
  return encoded.equals(bytes.subarray(bytes.length - encoded.length));
}

/** The same tokens in the same tree, comments left out. */
function isSameProgram(parser: PythonParser, before: string, after: string): boolean {
  const [one, other] = [parser.parse(before), parser.parse(after)];
  return one.problems.length === other.problems.length && outline(one.root, before) === outline(other.root, after);
}

function outline(root: SyntaxNode, text: string): string {
  const parts: string[] = [];
  const stack: (SyntaxNode | ')')[] = [root];
  while (stack.length > 0) {
    const node = stack.pop() as SyntaxNode | ')';
    if (node === ')') {
      parts.push(node);
      continue;
    }
    parts.push('(', node.type);
    if (node.children.length === 0) parts.push(' ', text.slice(node.start, node.end));
    stack.push(')');
    for (let i = node.children.length - 1; i >= 0; i--) stack.push(node.children[i] as SyntaxNode);
  }
  return parts.join('');
}
