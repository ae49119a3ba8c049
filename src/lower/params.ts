/**
 * What are the parameters of a function?
 *
 * `/` makes those before it positional-only, `*` or `*args` those after it keyword-only. A parameter of Python 2 that is a tuple gets the
 * name that Python 2 gave it (`.0`), and its parts are assigned at the beginning of the body.
 */
import type { Operand, Param } from '../ir/ir.ts';
import type { SyntaxNode } from '../syntax/tree.ts';
import type { Body } from './body.ts';
import { emit } from './body.ts';
import { describeExpression, lowerExpression } from './expression.ts';
import { bindTargets } from './names.ts';
import { childIn, nameOf, parts } from './nodes.ts';
import { lowerTarget } from './target.ts';

/** The parameters, the names they bind, and those that are tuples with their places in `params`. */
export interface LoweredParams {
  readonly params: readonly Param[];
  /** A set of its own: what else the body binds is added to it. */
  readonly names: Set<string>;
  readonly unpacked: readonly { readonly place: number; readonly pattern: SyntaxNode }[];
}

const none: readonly Param[] = [];

/** Of what takes none. */
export function noParams(): LoweredParams {
  return { params: none, names: new Set(), unpacked: [] };
}

/** Lowers a parameter list; default values are evaluated in `body`, the function that defines. */
export function lowerParams(body: Body, list: SyntaxNode | undefined): LoweredParams {
  const { module } = body;
  const params: Param[] = [];
  const names = new Set<string>();
  const unpacked: { place: number; pattern: SyntaxNode }[] = [];
  let kind: 'normal' | 'keyword-only' = 'normal';
  for (const node of parts(module, list)) {
    if (node.type === 'positional_separator') {
      for (let i = 0; i < params.length; i++) if (params[i].kind === 'normal') params[i] = { ...params[i], kind: 'positional-only' };
      continue;
    }
    if (node.type === 'keyword_separator') {
      kind = 'keyword-only';
      continue;
    }
    const named = childIn(node, 'name') ?? (node.type === 'typed_parameter' ? parts(module, node)[0] : node);
    if (named === undefined) continue;
    const { start, end } = node;
    const starred = starKind(named);
    if (starred === 'star') kind = 'keyword-only';
    const identifier = starred === null ? named : (parts(module, named)[0] ?? named);
    const isTuple = identifier.type === 'tuple_pattern';
    if (isTuple) unpacked.push({ place: params.length, pattern: identifier });
    const name = isTuple ? `.${params.length}` : nameOf(module, identifier);
    // Invented by the grammar between two commas: no parameter at all.
    if (name === '') continue;
    bindTargets(module, identifier, names);
    if (isTuple) names.add(name);
    // `*a..b` is an attribute to the grammar, and binds nothing.
    if (!names.has(name)) continue;
    const value = childIn(node, 'value');
    const type = childIn(node, 'type');
    params.push({
      name,
      kind: starred ?? kind,
      default: value === undefined ? null : lowerDefault(body, value),
      annotation: type === undefined ? null : describeExpression(body, type),
      start,
      end,
    });
  }
  return { params: params.length === 0 ? none : params.slice(), names, unpacked }; // Cut to size: they stay for long.
}

function starKind(node: SyntaxNode): 'star' | 'double-star' | null {
  return node.type === 'list_splat_pattern' ? 'star' : node.type === 'dictionary_splat_pattern' ? 'double-star' : null;
}

/** A call in a default value runs where the function is defined; the parameter itself only describes it. */
function lowerDefault(body: Body, value: SyntaxNode): Operand {
  const before = body.emitted;
  const operand = lowerExpression(body, value);
  return body.emitted === before ? operand : describeExpression(body, value);
}

/** Emits the assignments that take tuple parameters apart. */
export function unpackParams(body: Body, { params, unpacked }: LoweredParams): void {
  for (const { place, pattern } of unpacked) {
    const { name } = params[place];
    const { start, end } = pattern;
    const value: Operand = { op: 'name', name, scope: 'local', owner: body.index, start, end };
    emit(body, { op: 'assign', target: lowerTarget(body, pattern), value, start, end });
  }
}
