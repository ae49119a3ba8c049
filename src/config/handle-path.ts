/**
 * Where does a resource stand relative to a call? Reads `return['server']['id']`, `return[1][*]`, `arg[0]|kw.name`, `receiver.name`.
 *
 * Text → `HandlePath` and back; the error is a sentence for the author of the configuration. Nothing else is understood: no calls, no
 * slices, no negative indices.
 */
import type { HandlePath, Member, Position } from './model.ts';

export type HandleResult = { readonly path: HandlePath } | { readonly error: string };

const EXPECTED = "`return`, `receiver`, `any-arg`, `arg[0]`, `kw.name` or `arg[0]|kw.name`, then members such as `['id']`, `[0]`, `[*]`, `.name`";

/** Reads a whole handle path. */
export function parseHandlePath(text: string): HandleResult {
  const source = text.trim();
  const start = readPosition(source);
  if (start === null) return { error: `not a handle path: expected ${EXPECTED}` };
  const members = parseMembers(source.slice(start.length));
  if ('error' in members) return members;
  return { path: { position: start.position, members: members.members } };
}

/** Reads the members alone, as in `identities: ["['id']", .name]`. */
export function parseMembers(text: string): { readonly members: readonly Member[] } | { readonly error: string } {
  const members: Member[] = [];
  let rest = text.trim();
  while (rest !== '') {
    const found = /^(?:\.([A-Za-z_]\w*)|\['([^'\]]*)'\]|\["([^"\]]*)"\]|\[(\d+)\]|\[(\*)\])/.exec(rest);
    if (found === null) return { error: `cannot read ${JSON.stringify(rest)}: expected ${EXPECTED}` };
    const key = found[2] ?? found[3];
    if (found[1] !== undefined) members.push({ op: 'attribute', name: found[1] });
    else if (key !== undefined) members.push({ op: 'key', key });
    else if (found[4] !== undefined) members.push({ op: 'key', key: Number(found[4]) });
    else members.push({ op: 'each' });
    rest = rest.slice(found[0].length);
  }
  return { members };
}

/** The path in its shortest spelling; `parseHandlePath` reads it back. */
export function printHandlePath(path: HandlePath): string {
  return printPosition(path.position) + printMembers(path.members);
}

export function printMembers(members: readonly Member[]): string {
  return members
    .map((member) => {
      if (member.op === 'attribute') return `.${member.name}`;
      if (member.op === 'each') return '[*]';
      return typeof member.key === 'number' ? `[${member.key}]` : `['${member.key}']`;
    })
    .join('');
}

function printPosition(position: Position): string {
  if (position.at === 'any-argument') return 'any-arg';
  if (position.at !== 'argument') return position.at;
  const parts: string[] = [];
  if (position.index !== null) parts.push(`arg[${position.index}]`);
  if (position.name !== null) parts.push(`kw.${position.name}`);
  return parts.join('|');
}

function readPosition(text: string): { readonly position: Position; readonly length: number } | null {
  const argument = /^arg\[(\d+)\](?:\|kw\.([A-Za-z_]\w*))?|^kw\.([A-Za-z_]\w*)/.exec(text);
  if (argument !== null) {
    const index = argument[1] === undefined ? null : Number(argument[1]);
    return { position: { at: 'argument', index, name: argument[2] ?? argument[3] ?? null }, length: argument[0].length };
  }
  const word = /^(return|receiver|any-arg)(?![\w-])/.exec(text);
  if (word === null) return null;
  const at = word[1] === 'any-arg' ? 'any-argument' : word[1] === 'return' ? 'return' : 'receiver';
  return { position: { at }, length: word[0].length };
}
