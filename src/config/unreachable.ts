/**
 * Which patterns of a pack can never do what they are for, whatever the tests say?
 *
 * A release of a kind that nothing acquires, one that stands at the wrong end of a call, a call that both begins and ends an obligation, a
 * type that no expression has. Each would be silent for ever, so each is a mistake with its place. Captures of a release that no
 * acquisition sets are found by the schema.
 */
import { compileGlob, testGlob } from './globs.ts';
import type { AcquirePattern, CallPattern, Pack, ReleasePattern, ResourceKind, TypePattern } from './model.ts';

export interface Unreachable {
  /** Of the key in the file. */
  readonly path: readonly PropertyKey[];
  /** One sentence without a full stop. */
  readonly message: string;
}

/** The mistakes of this kind in `pack`; `all` are the packs that may complete its types. */
export function unreachable(pack: Pack, all: readonly Pack[]): readonly Unreachable[] {
  return [
    ...pack.resources.flatMap((resource) => inKind(resource)),
    ...pack.types.filter(({ name }) => !all.some((other) => other.types.some((type) => type.name === name && isInhabited(type)))).map(emptyType),
    ...pack.order.flatMap(([parent, child], index) =>
      parent === child ? [{ path: ['order', index], message: `\`${parent}\` cannot be released before itself: expected [parent, child]` }] : [],
    ),
  ];
}

function inKind(resource: ResourceKind): readonly Unreachable[] {
  const { kind, acquire, release, ownedBy, asynchronous, settledBy } = resource;
  const at = (...path: readonly PropertyKey[]): readonly PropertyKey[] => ['resources', kind, ...path];
  if (acquire.length === 0)
    return [{ path: at(), message: `no call acquires \`${kind}\`, so nothing else that is said of it can be met: expected \`acquire\`` }];
  return [
    ...release.flatMap((pattern, index) => {
      const message = wrongRelease(resource, pattern);
      return message === undefined ? [] : [{ path: at('release', index), message }];
    }),
    ...(ownedBy.includes(kind)
      ? [{ path: at('owned-by', ownedBy.indexOf(kind)), message: `\`${kind}\` cannot be released by its own release` }]
      : []),
    ...(settledBy.length > 0 && !asynchronous
      ? [{ path: at('settled-by'), message: 'only the creation of an asynchronous kind is waited for: expected `asynchronous: true` beside it' }]
      : []),
  ];
}

/** Why no acquisition can be met by the release; undefined where one can. */
function wrongRelease({ acquire, notRelease }: ResourceKind, pattern: ReleasePattern): string | undefined {
  if (pattern.handle.position.at === 'return')
    return 'a release takes what it releases, it does not return it: expected `receiver`, `arg[0]`, `kw.name` or `any-arg` as handle';
  const twin = acquire.findIndex((acquisition) => identityOf(acquisition) === identityOf(pattern));
  if (twin >= 0) return `the same call acquires it (acquire[${twin}]): tell the two apart by \`when\`, \`on\` or \`in-classes\``;
  const { method } = pattern;
  const isBare = pattern.call === undefined && pattern.expression === undefined && pattern.on === undefined && pattern.when.length === 0;
  const denied =
    method !== undefined && isBare && /^\w+$/.test(method) ? notRelease.find((source) => testGlob(compileGlob(source), method)) : undefined;
  return denied === undefined ? undefined : `\`not-release\` says that \`${method}\` is none: leave one out`;
}

/** What decides whether a call matches, without what is done with the match. */
function identityOf(pattern: AcquirePattern | CallPattern): string {
  const { call, method, expression, on, when, unlessInside, except, inClasses, command } = pattern;
  const started = 'startedBy' in pattern ? pattern.startedBy : [];
  return JSON.stringify([call, method, expression, on, when, unlessInside, except, inClasses, command, started]);
}

function isInhabited(type: TypePattern): boolean {
  return type.constructors.length + type.expressions.length + type.annotations.length + type.fixtures.length + type.inClasses.length > 0;
}

function emptyType({ name }: TypePattern): Unreachable {
  return {
    path: ['types', name],
    message: `nothing has the type \`${name}\`: expected one of constructors, expressions, annotations, fixtures, in-classes`,
  };
}
