/**
 * What do the packs that are on know of a call? Compiles packs into the `Patterns` that the analysis asks.
 *
 * Each section of the packs becomes an index by name (pattern-index.ts), so that a call nobody knows costs a look-up. Compiling is cached
 * by the set of packs. Where two resource kinds claim a call, only the one with the more exact name acquires: a project's `create_server`
 * wins over a pack's `create_{kind}`; kinds of one rank all acquire (`mkstemp` makes a descriptor and a file).
 *
 * Captures are put into what a match hands out: with `{kind}` = port, the handle `return['{kind}']` is `return['port']` and the title
 * `network {kind}` is "network port". Both are remembered, so the same captures give the same object.
 */
import type { AcquireMatch, CallView, Captures, Matched, Patterns, StateMatch } from './call-view.ts';
import { compileGlob, testGlob } from './globs.ts';
import type { AcquirePattern, CallPattern, HandlePath, Member, Pack, ReleasePattern, ResourceKind, StatePattern, TypePattern } from './model.ts';
import type { PatternIndex } from './pattern-index.ts';
import { exactNames, holds, indexPatterns } from './pattern-index.ts';
import { compileTypes } from './pattern-types.ts';

const NONE: readonly never[] = Object.freeze([]);

interface OfKind extends AcquirePattern {
  readonly owningKind: ResourceKind;
  readonly original: AcquirePattern;
}

/** Sets of packs whose patterns are remembered: a run has one set for each combination of libraries that its files import. */
const CACHE_LIMIT = 64;
/** The same for their sections, of which a set has a dozen. */
const SECTION_LIMIT = 16 * CACHE_LIMIT;
const cache = new Map<string, Patterns>();
const packNumbers = new WeakMap<Pack, number>();
let nextPackNumber = 0;

/** The patterns of these packs, in this order; the same packs give the same object. */
export function compilePatterns(packs: readonly Pack[]): Patterns {
  const key = packs.map(numberOf).join(',');
  let patterns = cache.get(key);
  if (patterns === undefined) {
    patterns = compile(packs);
    if (cache.size >= CACHE_LIMIT) cache.clear();
    cache.set(key, patterns);
  }
  return patterns;
}

function numberOf(pack: Pack): number {
  let number = packNumbers.get(pack);
  if (number === undefined) {
    number = nextPackNumber++;
    packNumbers.set(pack, number);
  }
  return number;
}

function compile(packs: readonly Pack[]): Patterns {
  const kinds = new Map(packs.flatMap((pack) => pack.resources).map((kind) => [kind.kind, kind]));
  const acquire = indexPatterns([...kinds.values()].flatMap(acquiringOf));
  const index = <S extends CallSection>(section: S) => sharedIndex<Pack[S][number]>(section, (pack) => pack[section], packs);
  const registrations = index('registrations');
  const indirections = index('indirections');
  const models = index('models');
  const managers = index('managers');
  const roles = index('roles');
  const sinks = exactNames(packs.flatMap((pack) => pack.roles.filter(({ role }) => !/^(reads-|neutralizes)/.test(role))));
  const stubs = index('stubs');
  const waits = index('waits');
  const actions = index('actions');
  const snapshots = index('snapshots');
  const sweepers = index('sweepers');
  const iterators = index('iterators');
  const states = packs.flatMap((pack) => pack.state);
  const stateCalls = sharedIndex('state', (pack) => pack.state.flatMap(stateEntries), packs);
  const stateTargets = states.map((state) => ({ state, globs: state.targets.map((source) => compileGlob(source)) }));
  const types = packs.flatMap((pack) => pack.types);
  const lists = new WeakMap<readonly CallPattern[], PatternIndex<CallPattern>>();
  const specialise = specialiser();

  return {
    kinds,
    acquisitions: (call) => acquisitionsOf(acquire.find(call), specialise),
    mayAcquire: acquire.mayFind,
    releases: (call, { kind: name }, captures) => {
      const kind = kinds.get(name);
      return kind === undefined ? NONE : (releasesOf(kind).find(call, captures) as readonly Matched<ReleasePattern>[]);
    },
    isNotRelease: ({ kind: name }, method) => kinds.get(name)?.notRelease.some((source) => testGlob(compileGlob(source), method)) ?? false,
    mayRegister: registrations.mayFind,
    mayModel: models.mayFind,
    mayHandOn: indirections.mayFind,
    registration: (call) => registrations.find(call)[0],
    indirection: (call) => indirections.find(call)[0],
    models: models.find,
    manager: managers.find,
    roles: roles.find,
    roleNames: sinks,
    matches: (call, patterns) => {
      let list = lists.get(patterns);
      if (list === undefined) lists.set(patterns, (list = indexPatterns(patterns)));
      return list.find(call).length > 0;
    },
    acquireNames: acquire.names,
    hasWildcardAcquire: acquire.hasWildcard,
    ...compileTypes(
      mergeTypes(types),
      packs.flatMap((pack) => pack.fixtures),
    ),
    packs,
    frameworks: packs.flatMap((pack) => pack.frameworks),
    declaredBases: packs.flatMap((pack) => pack.declaredBases),
    managed: packs.flatMap((pack) => pack.managed),
    fixtures: new Map(packs.flatMap((pack) => pack.fixtures).map((fixture) => [fixture.name, fixture])),
    states,
    order: packs.flatMap((pack) => pack.order),
    units: packs.flatMap((pack) => pack.units),
    stubs: stubs.find,
    waits: waits.find,
    actions: actions.find,
    snapshots: snapshots.find,
    sweepers: sweepers.find,
    isIterator: (call) => iterators.find(call).length > 0,
    stateOfCall: (call) => stateMatches(stateCalls, call),
    statesOfTarget: (canonical) => {
      const found = stateTargets.filter(({ globs }) => globs.some((glob) => testGlob(glob, canonical)));
      return found.length === 0 ? NONE : found.map(({ state }) => state);
    },
  };
}

/** The sections that are lists of call patterns. */
type CallSection = { readonly [S in keyof Pack]: Pack[S] extends readonly CallPattern[] ? S : never }[keyof Pack];

/** By section and by the packs that have something in it: most sets of packs differ in a few sections only, and share what is known of names. */
const sections = new Map<string, unknown>();

function sharedIndex<P extends CallPattern>(section: string, list: (pack: Pack) => readonly P[], packs: readonly Pack[]): PatternIndex<P> {
  const having = packs.filter((pack) => list(pack).length > 0);
  const key = `${section} ${having.map(numberOf).join(',')}`;
  let known = sections.get(key) as PatternIndex<P> | undefined;
  if (!known) {
    if (sections.size >= SECTION_LIMIT) sections.clear();
    sections.set(key, (known = indexPatterns(having.flatMap(list))));
  }
  return known;
}

const acquiring = new WeakMap<ResourceKind, readonly OfKind[]>();

/** What acquires a kind; made once, for a kind is in many sets of packs. */
function acquiringOf(kind: ResourceKind): readonly OfKind[] {
  let known = acquiring.get(kind);
  if (!known) acquiring.set(kind, (known = kind.acquire.map((pattern): OfKind => ({ ...pattern, owningKind: kind, original: pattern }))));
  return known;
}

const releasing = new WeakMap<ResourceKind, PatternIndex<ReleasePattern>>();

/** What releases a kind; compiled when one of it is to be released for the first time, for a run meets few of all kinds. */
function releasesOf(kind: ResourceKind): PatternIndex<ReleasePattern> {
  let known = releasing.get(kind);
  if (!known) releasing.set(kind, (known = indexPatterns(kind.release)));
  return known;
}

/** The most exact matches, at most one of each kind. */
function acquisitionsOf(found: ReturnType<PatternIndex<OfKind>['find']>, specialise: Specialise): readonly AcquireMatch[] {
  if (found.length === 0) return NONE;
  const best = Math.max(...found.map((match) => match.rank));
  const seen = new Set<string>();
  const matches: AcquireMatch[] = [];
  for (const { pattern, captures, rank } of found) {
    if (rank < best || seen.has(pattern.owningKind.kind)) continue;
    seen.add(pattern.owningKind.kind);
    matches.push({ kind: specialise.kind(pattern.owningKind, captures), pattern: specialise.pattern(pattern.original, captures), captures });
  }
  return matches;
}

interface Specialise {
  pattern(pattern: AcquirePattern, captures: Captures): AcquirePattern;
  kind(kind: ResourceKind, captures: Captures): ResourceKind;
}

/** Puts captures into handles and titles, and remembers the results. */
function specialiser(): Specialise {
  const memo = new Map<object, Map<string, object>>();
  const once = <T extends object>(base: T, captures: Captures, make: () => T): T => {
    const key = Object.entries(captures).join('\n');
    if (key === '') return base;
    let made = memo.get(base);
    if (made === undefined) memo.set(base, (made = new Map()));
    let value = made.get(key) as T | undefined;
    if (value === undefined) made.set(key, (value = make()));
    return value;
  };
  return {
    pattern: (pattern, captures) =>
      once(pattern, captures, () => ({ ...pattern, handles: pattern.handles.map((handle) => fillHandle(handle, captures)) })),
    kind: (kind, captures) =>
      once(kind, captures, () => ({
        ...kind,
        title: fill(kind.title, captures).replaceAll('_', ' '),
        identities: kind.identities.map((members) => fillMembers(members, captures)),
      })),
  };
}

function fill(text: string, captures: Captures): string {
  return Object.entries(captures).reduce((filled, [name, value]) => filled.replaceAll(`{${name}}`, value), text);
}

function fillHandle(handle: HandlePath, captures: Captures): HandlePath {
  return { position: handle.position, members: fillMembers(handle.members, captures) };
}

function fillMembers(members: readonly Member[], captures: Captures): readonly Member[] {
  return members.map((member) => (member.op === 'key' && typeof member.key === 'string' ? { op: 'key', key: fill(member.key, captures) } : member));
}

interface StateEntry extends CallPattern {
  readonly state: StatePattern;
  readonly role: StateMatch['role'];
}

const stateLists = new WeakMap<StatePattern, readonly StateEntry[]>();

function stateEntries(state: StatePattern): readonly StateEntry[] {
  let known = stateLists.get(state);
  if (!known) stateLists.set(state, (known = listOf(state)));
  return known;
}

function listOf(state: StatePattern): readonly StateEntry[] {
  const of = (role: StateMatch['role'], list: readonly CallPattern[]) => list.map((pattern): StateEntry => ({ ...pattern, state, role }));
  return [...of('changes', state.changes), ...of('restores', state.restores), ...of('saves', state.savedBy)];
}

function stateMatches(index: PatternIndex<StateEntry>, call: CallView): readonly StateMatch[] {
  const found = index.find(call);
  if (found.length === 0) return NONE;
  return found.map(({ pattern: { state, role } }) => ({
    state,
    role: role === 'changes' && state.neutral.some((condition) => holds(condition, call)) ? 'restores' : role,
  }));
}

/** One type may be described in several packs: a project adds its own spellings. */
function mergeTypes(types: readonly TypePattern[]): readonly TypePattern[] {
  const merged = new Map<string, TypePattern>();
  for (const type of types) {
    const before = merged.get(type.name);
    merged.set(
      type.name,
      before === undefined
        ? type
        : {
            name: type.name,
            constructors: [...before.constructors, ...type.constructors],
            expressions: [...before.expressions, ...type.expressions],
            annotations: [...before.annotations, ...type.annotations],
            fixtures: [...before.fixtures, ...type.fixtures],
            inClasses: [...before.inClasses, ...type.inClasses],
          },
    );
  }
  return [...merged.values()];
}
