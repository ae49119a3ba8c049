/**
 * Which names does a function bind?
 *
 * One pass over its statements, in the order of the text, without entering nested functions and classes, on a stack of its own. Expressions are entered only in files
 * that hold a `:=`, because nothing else in an expression binds a name of the function.
 */
import type { SyntaxNode } from '../syntax/tree.ts';
import type { ModuleState } from './body.ts';
import { childIn, childOf, nameOf, parts, textOf } from './nodes.ts';

/** What a function's text says about its names. */
export interface BoundNames {
  /** Bound in it and not declared global or nonlocal. */
  readonly locals: Set<string>;
  readonly globals: ReadonlySet<string>;
  /** True where an assignment expression stands in it. */
  readonly hasWalrus: boolean;
}

/** The same while they are being collected; most functions declare nothing. */
interface GrowingNames {
  readonly locals: Set<string>;
  readonly globals: string[];
  readonly nonlocals: string[];
  hasWalrus: boolean;
}

const noNames: ReadonlySet<string> = new Set();

/** The names bound by the statements under `root`, with the parameters, which `locals` holds and to which the others are added. */
export function boundNames(module: ModuleState, root: SyntaxNode | undefined, locals: Set<string>): BoundNames {
  const names: GrowingNames = { locals, globals: [], nonlocals: [], hasWalrus: false };
  const paramCount = locals.size;
  const pending = root === undefined ? [] : [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const later = pending.length;
    collect(module, node, names, pending);
    reverseFrom(pending, later);
  }
  const { globals, nonlocals, hasWalrus } = names;
  if (globals.length === 0 && nonlocals.length === 0) return { locals, globals: noNames, hasWalrus };
  // A parameter that is declared global or nonlocal is refused by Python; in such text it stays the parameter.
  const params = [...locals].slice(0, paramCount);
  const declared = globals.filter((name) => !params.includes(name));
  for (const name of declared) locals.delete(name);
  for (const name of nonlocals) if (!params.includes(name)) locals.delete(name);
  return { locals, globals: declared.length === 0 ? noNames : new Set(declared), hasWalrus };
}

/** Children were pushed in the order of the text, and are popped from the end. */
function reverseFrom(nodes: SyntaxNode[], from: number): void {
  for (let low = from, high = nodes.length - 1; low < high; low++, high--) {
    const first = nodes[low];
    nodes[low] = nodes[high];
    nodes[high] = first;
  }
}

function collect(module: ModuleState, node: SyntaxNode, names: GrowingNames, pending: SyntaxNode[]): void {
  const { locals } = names;
  switch (node.type) {
    case 'block':
      break;
    case 'function_definition':
    case 'class_definition':
      bindTo(locals, module, childIn(node, 'name'));
      if (module.hasWalrus) for (const child of node.children) if (child.field !== 'body') pending.push(child);
      return;
    case 'lambda':
      if (module.hasWalrus) for (const child of node.children) if (child.field !== 'body') pending.push(child);
      return;
    case 'assignment':
    case 'augmented_assignment':
      collectAssignment(module, node, locals, pending);
      return;
    case 'for_statement':
      bindTargets(module, childIn(node, 'left'), locals);
      break;
    case 'named_expression':
      names.hasWalrus = true;
      bindTo(locals, module, childIn(node, 'name'));
      break;
    case 'as_pattern':
      bindTargets(module, childIn(node, 'alias') ?? node.children.at(-1), locals);
      break;
    case 'except_clause':
      bindTargets(module, exceptAlias(module, node), locals);
      break;
    case 'delete_statement':
      for (const child of node.children) bindTargets(module, child, locals);
      break;
    case 'type_alias_statement':
      bindTo(locals, module, firstIdentifier(childIn(node, 'left')));
      break;
    case 'import_statement':
    case 'import_from_statement':
    case 'future_import_statement':
      for (const child of node.children) if (child.field === 'name') locals.add(importedName(module, child));
      return;
    case 'global_statement':
      for (const child of parts(module, node)) names.globals.push(textOf(module, child));
      return;
    case 'nonlocal_statement':
      for (const child of parts(module, node)) names.nonlocals.push(textOf(module, child));
      return;
    case 'case_clause':
      for (const child of node.children)
        if (child.type === 'case_pattern') for (const name of captures(module, child)) locals.add(captureName(module, name));
      break;
    default:
      if (!module.hasWalrus && !holdsStatements.has(node.type)) return;
  }
  const { children } = node;
  const later = pending.length;
  for (let i = 0; i < children.length; i++) {
    // Most statements are calls and assertions: they are not worth a place on the stack. Nor is what is said at once, as long as nothing before it waits.
    const child = children[i];
    const { type } = child;
    if (type === 'expression_statement') pushAssignments(module, child, pending);
    else if (module.hasWalrus) pending.push(child);
    else if (pending.length === later && type === 'assignment') collectAssignment(module, child, locals, pending);
    else if (pending.length === later && type === 'function_definition') bindTo(locals, module, childIn(child, 'name'));
    else if (!bindsNothing.has(type)) pending.push(child);
  }
}

const bindsNothing: ReadonlySet<string> = new Set(['call', 'assert_statement', 'return_statement', 'raise_statement', 'pass_statement']);

function pushAssignments(module: ModuleState, { children }: SyntaxNode, pending: SyntaxNode[]): void {
  for (let i = 0; i < children.length; i++) if (module.hasWalrus || assigns(children[i])) pending.push(children[i]);
}

const holdsStatements: ReadonlySet<string> = new Set([
  'module',
  'ERROR',
  'if_statement',
  'elif_clause',
  'else_clause',
  'while_statement',
  'try_statement',
  'finally_clause',
  'with_statement',
  'with_clause',
  'with_item',
  'match_statement',
  'decorated_definition',
]);

function assigns(node: SyntaxNode): boolean {
  return node.type === 'assignment' || node.type === 'augmented_assignment';
}

function collectAssignment(module: ModuleState, node: SyntaxNode, locals: Set<string>, pending: SyntaxNode[]): void {
  bindTargets(module, childIn(node, 'left'), locals);
  for (const child of node.children) if (child.field === 'right' && (module.hasWalrus || assigns(child))) pending.push(child);
}

/** Adds the names that assigning to `target` binds; `a.b` and `a[b]` bind none. */
export function bindTargets(module: ModuleState, target: SyntaxNode | undefined, names: Set<string>): void {
  if (target === undefined) return;
  if (target.type === 'identifier') return bindTo(names, module, target);
  const pending = [target];
  for (let node: SyntaxNode | undefined = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.type === 'identifier') bindTo(names, module, node);
    else if (node.type !== 'attribute' && node.type !== 'subscript' && node.type !== 'call') for (const child of node.children) pending.push(child);
  }
}

function bindTo(names: Set<string>, module: ModuleState, node: SyntaxNode | undefined): void {
  if (node !== undefined && node.end > node.start) names.add(nameOf(module, node));
}

/**
 * The name that an except clause binds. `except A, b:` is Python 2 for `except A as b`, but since Python 3.14 also a tuple of types without
 * parentheses; types are written with a capital or a dot, and so the second is taken for a name when it begins with a small letter.
 */
export function exceptAlias(module: ModuleState, clause: SyntaxNode): SyntaxNode | undefined {
  const alias = childIn(clause, 'alias');
  if (alias !== undefined) return alias;
  const values = clause.children.filter((child) => child.field === 'value');
  if (values[0]?.type === 'as_pattern') return childIn(values[0], 'alias');
  const second = values.length === 2 ? values[1] : undefined;
  if (second?.type !== 'identifier') return undefined;
  return /^[a-z_]/.test(module.text[second.start]) ? second : undefined;
}

function firstIdentifier(node: SyntaxNode | undefined): SyntaxNode | undefined {
  let inner = node;
  while (inner !== undefined && inner.type !== 'identifier') inner = inner.children[0];
  return inner;
}

/** The names of a `[T, *Ts, **P]` list of type parameters. */
export function typeParameterNames(module: ModuleState, list: SyntaxNode | undefined): readonly string[] {
  if (list === undefined) return [];
  const names: string[] = [];
  for (const child of parts(module, list)) {
    const identifier = firstIdentifier(child);
    if (identifier !== undefined) names.push(textOf(module, identifier));
  }
  return names;
}

function importedName(module: ModuleState, node: SyntaxNode): string {
  const alias = childIn(node, 'alias');
  if (alias !== undefined) return nameOf(module, alias);
  const dotted = textOf(module, node.type === 'aliased_import' ? (childOf(node, 'dotted_name') ?? node) : node);
  return dotted.split('.')[0].trim();
}

/** The nodes of the names that a case pattern binds, in order; a dotted name is a value, `_` binds nothing. */
export function captures(module: ModuleState, pattern: SyntaxNode): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  const pending = [pattern];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const bound = node.type === 'as_pattern' ? node.children.at(-1) : node;
    if (bound !== undefined && isCapture(module, bound)) found.push(bound);
    const inside = node.type === 'class_pattern' || node.type === 'keyword_pattern' ? node.children.slice(1) : node.children;
    for (let i = inside.length - 1; i >= 0; i--) if (inside[i] !== bound) pending.push(inside[i]);
  }
  return found;
}

/** Whether a node of a pattern is a name that the pattern binds (for `*rest`, with its star). */
export function isCapture(module: ModuleState, node: SyntaxNode): boolean {
  if (node.type !== 'dotted_name' && node.type !== 'identifier' && node.type !== 'splat_pattern') return false;
  const name = captureName(module, node);
  // `case :` has a name that the grammar invents.
  return name !== '_' && name !== '' && !name.includes('.');
}

/** The name in a capture pattern, without the stars of `*rest` and `**rest`. */
export function captureName(module: ModuleState, node: SyntaxNode): string {
  return textOf(module, node).replace(/^\*+\s*/, '');
}
