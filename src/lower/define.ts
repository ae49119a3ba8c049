/**
 * How do functions, lambdas and classes get into the module?
 *
 * Each gets the next index where its definition is met, so indices follow the text, and is lowered at once. Default values are evaluated in
 * the enclosing function, before the `define`; decorators, bases and annotations are only described.
 * Invariant: no temporary of the enclosing function in what belongs to the new one; a default with a call is described as well.
 */
import type { FunctionIndex, FunctionMemo, IrFunction, Operand } from '../ir/ir.ts';
import type { SyntaxNode } from '../syntax/tree.ts';
import type { Body } from './body.ts';
import { emit, emitStmt, finish } from './body.ts';
import { lowerArguments } from './call.ts';
import { describeExpression, lowerExpression } from './expression.ts';
import { boundNames, typeParameterNames } from './names.ts';
import { childIn, childOf, isAsync, nameOf, parts, spellingOf } from './nodes.ts';
import type { LoweredParams } from './params.ts';
import { lowerParams, noParams, unpackParams } from './params.ts';
import type { NameScope } from './scope.ts';
import { functionScope, innerScope, newNames, resolveSpelling } from './scope.ts';
import { lowerBlock } from './statement.ts';

/** Most definitions have neither; one array serves all. */
const noDecorators: readonly Operand[] = [];
const noBases: IrFunction['bases'] = [];

/** Lowers a definition with decorators. */
export function lowerDecorated(body: Body, node: SyntaxNode): void {
  const decorators = parts(body.module, node)
    .filter((child) => child.type === 'decorator')
    .map((child) => describeExpression(body, parts(body.module, child)[0], child.end));
  const definition = childIn(node, 'definition');
  if (definition?.type === 'class_definition') lowerClass(body, definition, decorators, node);
  else if (definition !== undefined) lowerFunction(body, definition, decorators, node);
}

/** Lowers a function definition; `whole` is the statement with its decorators. */
export function lowerFunction(body: Body, node: SyntaxNode, decorators = noDecorators, whole = node): void {
  const outer = enterTypeParameters(body, node);
  const params = lowerParams(body, childIn(node, 'parameters'));
  const index = lowerNew(body, 'function', node, params, decorators, noBases);
  body.names = outer;
  bindDefinition(body, node, index, whole);
}

/** Lowers a class definition; `whole` is the statement with its decorators. */
export function lowerClass(body: Body, node: SyntaxNode, decorators = noDecorators, whole = node): void {
  const outer = enterTypeParameters(body, node);
  const before = body.describing;
  body.describing = true;
  const bases = lowerArguments(body, parts(body.module, childIn(node, 'superclasses')));
  body.describing = before;
  const index = lowerNew(body, 'class', node, noParams(), decorators, bases);
  body.names = outer;
  bindDefinition(body, node, index, whole);
}

/** Type parameters are seen by the definition's head and body, and by nobody else. Answers with the scope that is to be gone back to. */
function enterTypeParameters(body: Body, node: SyntaxNode): NameScope {
  const outer = body.names;
  const typeParameters = typeParameterNames(body.module, childOf(node, 'type_parameter'));
  if (typeParameters.length > 0) body.names = innerScope(outer, typeParameters);
  return outer;
}

/** Binds a definition to its name. */
function bindDefinition(body: Body, node: SyntaxNode, index: FunctionIndex, whole: SyntaxNode): void {
  const nameNode = childIn(node, 'name');
  if (nameNode === undefined || nameNode.start === nameNode.end) return;
  const spelling = spellingOf(body.module, nameNode);
  const target = resolveSpelling(body.names, spelling, nameNode.start, nameNode.end);
  emit(body, { op: 'define', name: spelling.text, target, index, start: whole.start, end: whole.end });
}

/** Index of a lambda, which is lowered when first met. */
export function lambdaIndex(body: Body, node: SyntaxNode): FunctionIndex {
  const known = body.module.lambdas.get(node);
  if (known !== undefined) return known;
  const index = lowerNew(body, 'lambda', node, lowerParams(body, childIn(node, 'parameters')), noDecorators, noBases);
  body.module.lambdas.set(node, index);
  return index;
}

function lowerNew(
  body: Body,
  kind: 'function' | 'lambda' | 'class',
  node: SyntaxNode,
  params: LoweredParams,
  decorators: readonly Operand[],
  bases: IrFunction['bases'],
): FunctionIndex {
  const { module } = body;
  const nameNode = kind === 'lambda' ? undefined : childIn(node, 'name');
  const index = module.functions.length;
  module.functions.push(null);
  const name = kind === 'lambda' ? '<lambda>' : nameNode === undefined ? '' : nameOf(module, nameNode);
  const inside = childIn(node, 'body');
  const inner = newBody(body, index, kind, name, inside, params.names);
  unpackParams(inner, params);
  if (kind === 'lambda') {
    const value = lowerExpression(inner, inside, node.end);
    const { start, end } = value;
    emitStmt(inner, { op: 'return', instr: { op: 'return', value, start, end }, start, end });
  } else lowerBlock(inner, inside);
  module.functions[index] = {
    index,
    name,
    qualifiedName: inner.qualifiedName,
    kind,
    parent: body.index,
    isAsync: kind === 'function' && isAsync(module, node),
    isGenerator: inner.isGenerator,
    decorators,
    params: params.params,
    bases,
    locals: localsOf(inner),
    body: finish(inner),
    temps: inner.temps,
    start: node.start,
    end: node.end,
    nameStart: nameNode?.start ?? node.start,
    nameEnd: nameNode?.end ?? node.start + (kind === 'lambda' ? 'lambda'.length : 0),
    broken: inner.broken,
    usesOuter: inner.names.owner.usesOuter,
    operators: inner.operators,
    memo: newMemo(),
  };
  return index;
}

function newBody(outer: Body, index: FunctionIndex, kind: Body['kind'], name: string, root: SyntaxNode | undefined, params: Set<string>): Body {
  const { module } = outer;
  const owner = newNames(index, kind, boundNames(module, root, params));
  const prefix = outer.kind === 'module' ? '' : outer.kind === 'class' ? `${outer.qualifiedName}.` : `${outer.qualifiedName}.<locals>.`;
  return startBody(module, owner, functionScope(owner, outer.names), `${prefix}${name}`);
}

/** A body with nothing in it. */
export function startBody(module: Body['module'], owner: Body['names']['owner'], names: Body['names'], qualifiedName: string): Body {
  return {
    module,
    index: owner.index,
    qualifiedName,
    kind: owner.kind,
    names,
    items: [],
    run: [],
    temps: 0,
    emitted: 0,
    loops: 0,
    isGenerator: false,
    operators: 0,
    broken: false,
    describing: false,
  };
}

/** A memo with nothing in it. */
export function newMemo(): FunctionMemo {
  return { facts: undefined, isAbstract: undefined, stateEvents: undefined, stubs: undefined };
}

/** The function's own names, then those that lowering added. */
export function localsOf(body: Body): readonly string[] {
  const { locals, added } = body.names.owner;
  return added === null ? [...locals] : [...locals, ...added];
}
