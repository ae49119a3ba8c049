/**
 * What does a matcher see of a call? Implemented by the layer that holds the IR (program/), read by patterns.ts.
 *
 * All answers are lazy: a matcher asks only for what its pattern needs.
 */
import type {
  AcquirePattern,
  ActionPattern,
  BuiltinFixture,
  CallPattern,
  DeclaredBase,
  FrameworkHooks,
  IndirectionPattern,
  ManagedScope,
  ManagerPattern,
  ModelPattern,
  Pack,
  RegistrationPattern,
  ReleasePattern,
  ResourceKind,
  RolePattern,
  SnapshotPattern,
  StatePattern,
  StubPattern,
  SweeperPattern,
  WaitPattern,
} from './model.ts';

/** A literal argument's value, or `dynamic` where it is computed: `prefix` is the constant beginning of a computed string (`'rm ' + name`), `name` the canonical dotted name of a
 * plain name or attribute (`ResourceWarning`, `subprocess.PIPE`), `keys` the constant keys of a dict display, `second` the literal that stands second in a tuple display, `fresh` that a call there made it. All may be left out. */
export type ArgumentValue =
  | { readonly constant: string | number | boolean | null }
  | {
      readonly dynamic: true;
      readonly prefix?: string;
      readonly name?: string;
      readonly keys?: readonly string[];
      readonly second?: string | number | boolean | null;
      readonly fresh?: boolean;
    };

export interface CallView {
  /** Canonical dotted path of the callee after alias resolution: `subprocess.Popen`, `open`; undefined where it is no imported or builtin name. */
  readonly importPath: string | undefined;
  /** The last segment of the callee; '' for computed callees. */
  readonly method: string;
  /** True where the callee is `something.method`. */
  readonly hasReceiver: boolean;
  /** The callee as written, dotted: `self.client.create_server`; calls `()`, subscripts `[]`. */
  expression(): string;
  /** The types (names in `types:`) that the receiver has. */
  receiverTypes(): readonly string[];
  /** Positional index without self/cls; -1 and name for keyword-only look-up. undefined: not given. */
  argument(index: number | null, name: string | null): ArgumentValue | undefined;
  /** Canonical paths or expressions of the calls of enclosing `with` managers, innermost first. */
  enclosingManagers(): readonly string[];
  /** Canonical names of the bases of the class that the code stands in (itself included), nearest first. */
  classBases(): readonly string[];
}

export interface Captures {
  readonly [name: string]: string;
}

export interface Matched<P extends CallPattern> {
  readonly pattern: P;
  readonly captures: Captures;
}

export interface AcquireMatch extends Matched<AcquirePattern> {
  readonly kind: ResourceKind;
}

/** The compiled patterns of the packs that are on for a file. Compiled once per set of packs; look-up is by last name segment. */
export interface Patterns {
  readonly kinds: ReadonlyMap<string, ResourceKind>;
  acquisitions(call: CallView): readonly AcquireMatch[];
  /** False where no acquisition bears the name, whatever the call's arguments, receiver and class. */
  mayAcquire(importPath: string | undefined, method: string): boolean;
  /** The same for registrations. */
  mayRegister(importPath: string | undefined, method: string): boolean;
  /** The same for effects. */
  mayModel(importPath: string | undefined, method: string): boolean;
  /** The same for indirections. */
  mayHandOn(importPath: string | undefined, method: string): boolean;
  /** Release patterns of `kind` that the call matches with captures that agree with those of the acquisition. */
  releases(call: CallView, kind: ResourceKind, captures: Captures): readonly Matched<ReleasePattern>[];
  /** True where the method name looks like a release of the kind and is declared not to be one. */
  isNotRelease(kind: ResourceKind, method: string): boolean;
  registration(call: CallView): Matched<RegistrationPattern> | undefined;
  indirection(call: CallView): Matched<IndirectionPattern> | undefined;
  /** All effects that the table knows of the call. */
  models(call: CallView): readonly Matched<ModelPattern>[];
  manager(call: CallView): readonly Matched<ManagerPattern>[];
  /** The boundaries that the call stands at. */
  roles(call: CallView): readonly Matched<RolePattern>[];
  /** Last segments of the names at which something is done; what only reads or neutralizes is asked for where a value comes from. */
  readonly roleNames: ReadonlySet<string>;
  /** True where any of the given call patterns matches. */
  matches(call: CallView, patterns: readonly CallPattern[]): boolean;
  /** Every last segment that could acquire: a file whose text holds none of them needs no analysis. Globs excluded: `hasWildcardAcquire`. */
  readonly acquireNames: ReadonlySet<string>;
  readonly hasWildcardAcquire: boolean;
  /** For a type name: does this dotted expression / constructor path have it? Used by program/ to answer receiverTypes(). */
  typesOfExpression(expression: string, classBases: readonly string[]): readonly string[];
  typesOfConstructor(call: CallView): readonly string[];
  typesOfAnnotation(canonical: string): readonly string[];
  typesOfFixture(name: string): readonly string[];

  /** The packs that were compiled, and their lists joined in pack order. */
  readonly packs: readonly Pack[];
  readonly frameworks: readonly FrameworkHooks[];
  readonly declaredBases: readonly DeclaredBase[];
  readonly managed: readonly ManagedScope[];
  readonly fixtures: ReadonlyMap<string, BuiltinFixture>;
  readonly states: readonly StatePattern[];
  readonly order: readonly (readonly [string, string])[];
  readonly units: readonly { readonly name: string; readonly unit: string }[];
  stubs(call: CallView): readonly Matched<StubPattern>[];
  waits(call: CallView): readonly Matched<WaitPattern>[];
  actions(call: CallView): readonly Matched<ActionPattern>[];
  snapshots(call: CallView): readonly Matched<SnapshotPattern>[];
  sweepers(call: CallView): readonly Matched<SweeperPattern>[];
  /** True where the call returns an iterator that can be walked once. */
  isIterator(call: CallView): boolean;
  /** What the call does to process state. A change with a neutral argument answers `restores`. */
  stateOfCall(call: CallView): readonly StateMatch[];
  /** The states that assigning, deleting or item-assigning this canonical target changes. */
  statesOfTarget(canonical: string): readonly StatePattern[];
}

export interface StateMatch {
  readonly state: StatePattern;
  readonly role: 'changes' | 'restores' | 'saves';
}
