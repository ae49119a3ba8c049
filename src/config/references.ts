/**
 * Do the names in a project's file mean something? Types after `on`, kinds in `managed`, `sweepers`, `order` and `owned-by`;
 * no kind is described twice, and every pattern can meet what it speaks of (unreachable.ts).
 *
 * Knows the shipped packs and all files of the project. A kind that an always-on pack describes may be described anew only when
 * `disable-kinds` names it; over a pack that switches itself on, the project's kind wins.
 */

import { basename } from 'node:path';
import type { ReadDocument } from './document.ts';
import type { CallPattern, Pack, ResourceKind } from './model.ts';
import type { ConfigProblem } from './problems.ts';
import { nearest, problemAt } from './problems.ts';
import { unreachable } from './unreachable.ts';

/** A pack that the project's own files describe. */
export interface OwnPack {
  readonly pack: Pack;
  /** Absolute. */
  readonly file: string;
  readonly document: ReadDocument;
}

type Path = readonly PropertyKey[];

/** Problems of the project's own packs. */
export function checkReferences(
  own: readonly OwnPack[],
  shipped: readonly Pack[],
  disabled: readonly string[],
  extended: ReadonlySet<string>,
): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const all = [...own.map(({ pack }) => pack), ...shipped];
  const kinds = all.flatMap((pack) => [...pack.resources, ...pack.state].map((entry) => entry.kind));
  const types = all.flatMap((pack) => pack.types.map((type) => type.name));
  const on = shipped.filter((pack) => extended.has(pack.id) || (pack.appliesTo.imports.length === 0 && pack.appliesTo.bases.length === 0));
  const remedy = 'choose another name, or list it under disable-kinds to describe it anew';
  const taken = new Map(
    on.flatMap((pack) =>
      [...pack.resources, ...pack.state]
        .filter(({ kind }) => !disabled.includes(kind))
        .map(({ kind }) => [kind, `by pack \`${pack.id}\` already: ${remedy}`]),
    ),
  );
  for (const { pack, file, document } of own) {
    const complain = (path: Path, message: string, suggestion?: string) => problems.push(problemAt(file, document, path, message, suggestion));
    const described = [...pack.resources.map(({ kind }) => ['resources', kind]), ...pack.state.map(({ kind }) => ['state', kind])];
    for (const [section, kind] of described) {
      const by = taken.get(kind);
      if (by !== undefined) complain([section, kind], `the kind \`${kind}\` is described ${by}`);
      taken.set(kind, `in ${basename(file)}:${document.placeOf([section, kind]).line} already: a kind is described once`);
    }
    for (const { path, message } of unreachable(pack, all)) complain(path, message);
    for (const { path, pattern } of patternsOf(pack)) {
      if (pattern.on !== undefined && !types.includes(pattern.on))
        complain([...path, 'on'], `there is no type \`${pattern.on}\``, nearest(pattern.on, types));
    }
    for (const { path, name } of kindNames(pack)) {
      if (name !== '*' && !kinds.includes(name)) complain(path, `there is no kind \`${name}\``, nearest(name, kinds));
    }
  }
  return problems;
}

/** Every call pattern of a pack with its place in the file. */
export function patternsOf(pack: Pack): readonly { readonly path: Path; readonly pattern: CallPattern }[] {
  const list = (path: Path, patterns: readonly CallPattern[]) => patterns.map((pattern, index) => ({ path: [...path, index], pattern }));
  return [
    ...pack.resources.flatMap((resource) => resourcePatterns(resource)),
    ...pack.types.flatMap((type) => list(['types', type.name, 'constructors'], type.constructors)),
    ...list(['registrations'], pack.registrations),
    ...list(['indirections'], pack.indirections),
    ...byEffect(['models'], pack.models),
    ...byEffect(['managers'], pack.managers),
    ...byEffect(
      ['roles'],
      pack.roles.map((pattern) => ({ ...pattern, effect: pattern.role })),
    ),
    ...list(['sweepers'], pack.sweepers),
    ...list(['stubs'], pack.stubs),
    ...list(['waits'], pack.waits),
    ...list(['actions'], pack.actions),
    ...list(['snapshots'], pack.snapshots),
    ...list(['iterators'], pack.iterators),
    ...pack.state.flatMap((state) => [
      ...list(['state', state.kind, 'changes'], state.changes),
      ...list(['state', state.kind, 'restores'], state.restores),
      ...list(['state', state.kind, 'saved-by'], state.savedBy),
    ]),
  ];
}

function resourcePatterns(resource: ResourceKind): readonly { readonly path: Path; readonly pattern: CallPattern }[] {
  const at = (key: string, patterns: readonly CallPattern[]) =>
    patterns.map((pattern, index) => ({ path: ['resources', resource.kind, key, index], pattern }));
  return [...at('acquire', resource.acquire), ...at('release', resource.release), ...at('settled-by', resource.settledBy)];
}

/** Tables by effect are flat in the model: the index counts within the effect. */
function byEffect(
  path: Path,
  patterns: readonly (CallPattern & { readonly effect: string })[],
): readonly { readonly path: Path; readonly pattern: CallPattern }[] {
  const counts = new Map<string, number>();
  return patterns.map((pattern) => {
    const index = counts.get(pattern.effect) ?? 0;
    counts.set(pattern.effect, index + 1);
    return { path: [...path, pattern.effect, index], pattern };
  });
}

function kindNames(pack: Pack): readonly { readonly path: Path; readonly name: string }[] {
  const list = (path: Path, names: readonly string[]) => names.map((name, index) => ({ path: [...path, index], name }));
  return [
    ...pack.resources.flatMap((resource) => list(['resources', resource.kind, 'owned-by'], resource.ownedBy)),
    ...pack.managed.flatMap((scope, index) => [
      ...list(['managed', index, 'kinds'], scope.kinds),
      ...list(['managed', index, 'except'], scope.except),
    ]),
    ...pack.sweepers.flatMap((sweeper, index) => list(['sweepers', index, 'kinds'], sweeper.kinds)),
    ...pack.order.flatMap((pair, index) => list(['order', index], pair)),
  ];
}
