/**
 * How does a parsed file become IR?
 *
 * The module body is function 0; everything else is reached from it. A function is broken where a syntax error lies in it and in none of the
 * functions inside it.
 */
import type { IrFunction, IrModule } from '../ir/ir.ts';
import type { ParsedFile, SyntaxProblem } from '../syntax/tree.ts';
import type { Body, ModuleState } from './body.ts';
import { finish } from './body.ts';
import { localsOf, newMemo, startBody } from './define.ts';
import { boundNames } from './names.ts';
import { functionScope, newNames } from './scope.ts';
import { lowerBlock } from './statement.ts';

/** Lowers a whole file. Never throws for what the file holds. */
export function lowerModule(file: ParsedFile): IrModule {
  const { text, root, problems } = file;
  const module: ModuleState = {
    text,
    functions: [null],
    lambdas: new Map(),
    hasProblems: problems.length > 0,
    hasWalrus: text.includes(':='),
    tooDeep: new Set(),
    imports: [],
    spelt: new Map(),
    depth: 0,
  };
  const owner = newNames(0, 'module', boundNames(module, root, new Set()));
  const body = startBody(module, owner, functionScope(owner, null), '<module>');
  lowerBlock(body, root);
  module.functions[0] = moduleFunction(body, text.length);
  const functions = module.functions as IrFunction[];
  return {
    functions: problems.length === 0 ? functions : markBroken(functions, problems),
    imports: module.imports,
    tooDeep: [...module.tooDeep],
  };
}

function moduleFunction(body: Body, end: number): IrFunction {
  return {
    index: 0,
    name: '<module>',
    qualifiedName: '<module>',
    kind: 'module',
    parent: null,
    isAsync: false,
    isGenerator: body.isGenerator,
    decorators: [],
    params: [],
    bases: [],
    locals: localsOf(body),
    body: finish(body),
    temps: body.temps,
    start: 0,
    end,
    nameStart: 0,
    nameEnd: 0,
    broken: body.broken,
    usesOuter: body.names.owner.usesOuter,
    operators: body.operators,
    memo: newMemo(),
  };
}

/** Functions and problems are swept in the order of the text; the last function that is still open is the innermost. */
function markBroken(functions: readonly IrFunction[], problems: readonly SyntaxProblem[]): IrFunction[] {
  const byStart = [...functions].sort((a, b) => a.start - b.start || b.end - a.end);
  const broken = new Set<number>();
  const open: IrFunction[] = [];
  let next = 0;
  for (const { start, end } of [...problems].sort((a, b) => a.start - b.start)) {
    while (next < byStart.length && byStart[next].start <= start) open.push(byStart[next++]);
    while (open.length > 0 && open[open.length - 1].end < start) open.pop();
    broken.add(open.findLast((fn) => fn.end >= end)?.index ?? 0);
  }
  return functions.map((fn) => (broken.has(fn.index) ? { ...fn, broken: true } : fn));
}
