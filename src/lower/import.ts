/**
 * What does an import statement bind?
 *
 * `import a.b` binds `a`, `import a.b as c` binds the inner module; `from a import *` binds names that nobody can list here, and is noted as
 * the one name `*`.
 */
import type { ImportBinding } from '../ir/ir.ts';
import type { SyntaxNode } from '../syntax/tree.ts';
import type { Body } from './body.ts';
import { emit } from './body.ts';
import { childIn, childOf, spellingOf, textOf } from './nodes.ts';
import { resolveName, resolveSpelling } from './scope.ts';

/** Lowers `import …`, `from … import …` and `from __future__ import …`. */
export function lowerImport(body: Body, node: SyntaxNode): void {
  const from = importedFrom(body, node);
  const found: ImportBinding[] = [];
  for (const child of node.children) {
    // A name that the grammar had to invent (`from a import,`) is empty and binds nothing.
    if (child.field !== 'name' || child.end === child.start) continue;
    const binding = from === null ? moduleBinding(body, child) : nameBinding(body, child, from);
    if (binding.bound.name !== '') found.push(binding);
  }
  const star = childOf(node, 'wildcard_import');
  if (star !== undefined && from !== null) {
    found.push({ bound: resolveName(body.names, '*', star.start, star.end), module: from, name: '*', loaded: from });
  }
  if (found.length === 0) return;
  const bindings = found.slice(); // Cut to size: it stays for long.
  const instr = { op: 'import', bindings, start: node.start, end: node.end } as const;
  emit(body, instr);
  body.module.imports.push({ instr, within: body.index });
}

function importedFrom(body: Body, node: SyntaxNode): string | null {
  if (node.type === 'future_import_statement') return '__future__';
  if (node.type === 'import_statement') return null;
  const module = childIn(node, 'module_name');
  return module === undefined ? '' : dotted(body, module);
}

/** Blanks are allowed around the dots. */
function dotted(body: Body, node: SyntaxNode): string {
  return textOf(body.module, node).replace(/\s/g, '');
}

function moduleBinding(body: Body, node: SyntaxNode): ImportBinding {
  const path = childOf(node, 'dotted_name') ?? node;
  const loaded = dotted(body, path);
  const alias = childIn(node, 'alias');
  if (alias !== undefined) {
    const bound = resolveSpelling(body.names, spellingOf(body.module, alias), alias.start, alias.end);
    return { bound, module: loaded, name: null, loaded };
  }
  const first = loaded.split('.')[0];
  return { bound: resolveName(body.names, first, path.start, path.start + first.length), module: first, name: null, loaded };
}

function nameBinding(body: Body, node: SyntaxNode, from: string): ImportBinding {
  const name = childOf(node, 'dotted_name') ?? node;
  const bound = childIn(node, 'alias') ?? name;
  const spelling = spellingOf(body.module, bound);
  return {
    bound: resolveSpelling(body.names, spelling, bound.start, bound.end),
    module: from,
    name: bound === name ? spelling.text : textOf(body.module, name),
    loaded: from,
  };
}
