/**
 * What can a configuration say? The normalised form of packs and of the user's file, after validation and merging, before compiling.
 *
 * schema.ts validates YAML/JSON/TOML into this; patterns.ts compiles it into matchers over `CallView`. Everything here is data:
 * globs, names and paths; nothing is evaluated. The engine has no library's name in it: all names come through these types.
 *
 * Globs over dotted names: `*` one segment or part of one, `**` any number of segments, `{a,b}` alternatives; a lower-case word in
 * braces without a comma, `{kind}`, captures part of a segment, and the same capture must agree between acquire and release.
 */
import type { Reach } from '../findings/finding.ts';

/** Where a value stands relative to a call: see `HandlePath`. */
export type Position =
  | { readonly at: 'return' }
  | { readonly at: 'receiver' }
  /** Position counted without self/cls; `name` where the keyword may be used instead. */
  | { readonly at: 'argument'; readonly index: number | null; readonly name: string | null }
  | { readonly at: 'any-argument' };

/** `return['server']['id']`, `return[1][*]`, `return.name`, `arg[0]`, `kw.name`, `arg[0]|kw.name`, `receiver`: a position and the members below it. */
export interface HandlePath {
  readonly position: Position;
  /** `.name` → attribute, `['id']` and `[0]` → key, `[*]` → each element. */
  readonly members: readonly Member[];
}
export type Member =
  | { readonly op: 'attribute'; readonly name: string }
  | { readonly op: 'key'; readonly key: string | number }
  | { readonly op: 'each' };

/** A condition on an argument: `{delete: false}`, `{0: '/^sqlite/'}`, `{name: present}`. `is` compares literal values; `fresh` is what a call written there returns, or a coroutine. */
export interface ArgumentCondition {
  readonly index: number | null;
  readonly name: string | null;
  readonly test:
    | { readonly op: 'present' | 'absent' | 'truthy' | 'falsy' | 'fresh' }
    | { readonly op: 'is'; readonly value: string | number | boolean | null }
    | { readonly op: 'matches'; readonly glob: string }
    /** The argument is a name, not a value: glob over its canonical dotted name (`ResourceWarning`, `subprocess.PIPE`). */
    | { readonly op: 'names'; readonly glob: string }
    /** The argument is a dict display with a constant key that this glob matches. */
    | { readonly op: 'has-key'; readonly key: string }
    | { readonly op: 'second'; readonly value: string | number | boolean | null };
}

/** A call matcher. All given parts must hold. */
export interface CallPattern {
  /** Glob over the canonical import path after alias resolution: `subprocess.Popen`, `open` for builtins. */
  readonly call?: string;
  /** Glob over the last segment of the callee, on any receiver. */
  readonly method?: string;
  /** Glob over the dotted expression as written, `self.servers_client.create_server`; calls are `()`, subscripts `[]`. */
  readonly expression?: string;
  /** Name of a `TypePattern` that the receiver must have. */
  readonly on?: string;
  readonly when: readonly ArgumentCondition[];
  /** Globs over the calls of enclosing managers that turn the match off (an acquisition expected to fail acquires nothing). */
  readonly unlessInside: readonly string[];
  /** Captured kinds for which the pattern does not hold (`except: [metadata, '*_metadata']`). */
  readonly except: readonly string[];
  /** Only in classes with one of these bases (globs over canonical names). */
  readonly inClasses: readonly string[];
  /** Glob on the first word(s) of a constant command string given as argument 0: `server create`; captures allowed. */
  readonly command?: string;
}

export interface TypePattern {
  readonly name: string;
  readonly constructors: readonly CallPattern[];
  /** Dotted expression globs: `**.servers_client`. */
  readonly expressions: readonly string[];
  readonly annotations: readonly string[];
  readonly fixtures: readonly string[];
  readonly inClasses: readonly { readonly base: string; readonly expressions: readonly string[] }[];
}

export interface AcquirePattern extends CallPattern {
  /** What is held afterwards; default [return]. Several: each is an obligation of its own. */
  readonly handles: readonly HandlePath[];
  /** Other places that denote the same resource, the name that was passed in: a release of one of them releases the handle. */
  readonly aliases: readonly HandlePath[];
  /** Methods that begin the obligation: the call only makes the object (`Thread` … `start`). Empty: the call itself acquires. */
  readonly startedBy: readonly string[];
  /** The call only makes a coroutine: the obligation begins where it is awaited or handed to what runs it, if that does not raise. */
  readonly awaited: boolean;
  readonly reach?: Reach;
  /** The call can raise although the thing exists (`wait_until=`), when these conditions hold; null: never. */
  readonly mayFailAfter: readonly ArgumentCondition[] | null;
  /** The thing belongs to a parent (argument or receiver) whose release cascades. */
  readonly owner?: HandlePath;
  /** The object that it changes: where the test itself has made that, the change goes with it. */
  readonly changes?: HandlePath;
  /** The callable that it runs and ends with: a thread's target. */
  readonly runs?: HandlePath;
  /** The receiver keeps it as a part (`conn.cursor()`): released when the receiver is. */
  readonly borrowed: boolean;
}

export interface ReleasePattern extends CallPattern {
  /** Where the handle must stand; default receiver for `method` patterns, first argument otherwise. */
  readonly handle: HandlePath;
  /** Must be awaited to count. */
  readonly awaited: boolean;
  /** Deletes everything of the kind, whatever the handle (`flushall`). */
  readonly sweeps: boolean;
}

export interface ResourceKind {
  /** "file", "server"; unique over all packs. */
  readonly kind: string;
  /** The word in messages: "file", "temporary directory". */
  readonly title: string;
  readonly reach: Reach;
  readonly pack: string;
  readonly acquire: readonly AcquirePattern[];
  readonly release: readonly ReleasePattern[];
  /** Sets of method names of which all must occur on the handle: [['shutdown', 'server_close']]; any complete set releases. */
  readonly releaseAll: readonly (readonly string[])[];
  /** Method globs that look like a release and are not (`webdriver.close`): the obligation stays. */
  readonly notRelease: readonly string[];
  /** Leaving `with handle:` releases. `async` for `async with` only. */
  readonly contextManager: 'no' | 'sync' | 'async' | 'both';
  /** A second release is a fault (`os.close`, remote deletes). */
  readonly once: boolean;
  /** Methods that are invalid after release. */
  readonly invalidAfter: readonly string[];
  /** Other expressions for the same thing, relative to the handle: `['id']`, `.name`. */
  readonly identities: readonly (readonly Member[])[];
  /** Methods of the handle whose result is the handle itself (fluent), or that hand the resource to somebody else (`detach`, `makefile`). */
  readonly fluent: readonly string[];
  readonly transferredBy: readonly string[];
  /** `await handle` ends the obligation: tasks, futures. */
  readonly awaitReleases: boolean;
  /** Attributes that end the obligation when a truthy constant (or an unknown value) is assigned to them: `thread.daemon = True`. */
  readonly exemptedBy: readonly string[];
  /** Release through registering names: kinds of which releasing the parent releases this one. */
  readonly ownedBy: readonly string[];
  /** Creation returns before the thing exists; must be waited for or removed. */
  readonly asynchronous: boolean;
  readonly settledBy: readonly CallPattern[];
  /** Whoever runs a coroutine ends what it started and left, when its loop is closed: tasks. */
  readonly endsWithLoop: boolean;
  /** The collector closes it, and nothing is said of it: `__del__` without a warning. */
  readonly closesItself: boolean;
  /** Methods that, when they fail, have closed it (a connection that cannot be made); calls on it, or a part of it, that do not fail in practice. */
  readonly closesOnError: readonly string[];
  readonly safe: readonly CallPattern[];
  /** A loop over it that is not left before its end closes it. */
  readonly closesAtEnd: boolean;
  /** Names of its library, besides the call itself, of which a double makes it one. */
  readonly fakedBy: readonly string[];
  /** The cure in one line, `{name}` for the handle: "addCleanup({name}.close)"; '' where the engine words it. */
  readonly cure: string;
}

/** Hands a callable to something that runs it later. */
export interface RegistrationPattern extends CallPattern {
  /** Where the callable stands; its own arguments follow it from `argumentsFrom` on. */
  readonly callable: HandlePath | null;
  readonly argumentsFrom: number;
  /** The manager that is entered now and exited later (`enter_context(m)`, `useFixture(f)`); the call returns what it enters. */
  readonly manager: HandlePath | null;
  /** How long: until the end of the test, class, module, session, the process, or until the receiver (an ExitStack) is released. */
  readonly scope: 'test' | 'class' | 'module' | 'session' | 'process' | 'receiver' | 'fixture';
  readonly order: 'lifo' | 'fifo';
  readonly awaits: boolean;
}

/** `f(g, *args)` calls g(*args): partial, call_and_ignore_notfound_exc. */
export interface IndirectionPattern extends CallPattern {
  readonly callable: HandlePath;
  readonly argumentsFrom: number;
  /** The call only makes a callable (`functools.partial`) instead of running it. */
  readonly deferred: boolean;
}

/** What a library call does with its arguments. */
export interface ModelPattern extends CallPattern {
  readonly effect: /** Looks at its arguments, keeps none. */
    | 'borrows'
    /** Keeps them: the obligation escapes. */
    | 'keeps'
    /** The result stands for argument `of`: releasing the one releases the other (`closing(f)`, `TextIOWrapper(f)`). */
    | 'wraps'
    | 'raises'
    | 'ends'
    | 'asserts'
    | 'waits'
    | 'safe'
    | 'rarely-raises'
    | 'removes-path'
    | 'creates-path'
    | 'makes-folder'
    | 'fails-with'
    | 'runs-in-child'
    | 'forks'
    /** Returns an in-memory stand-in: makes acquisitions made from it none (`BytesIO`). */
    | 'in-memory'
    /** Drops all references on purpose (`gc.collect`). */
    | 'collects';
  readonly of: HandlePath | null;
  readonly error?: string;
}

/** What kind of boundary a call stands at: where outside data comes in, where text is run, what is bound or switched off. */
export type Role =
  /** Its result is outside data. */
  | 'reads-environment'
  | 'reads-file'
  | 'reads-network'
  /** Makes a stand-in that answers whatever it is asked. */
  | 'makes-double'
  /** Its result is harmless whatever goes in (`shlex.quote`, `int`). */
  | 'neutralizes'
  /** Hands the argument `of` to a shell, a database, the interpreter, a deserialiser. */
  | 'runs-shell'
  | 'runs-sql'
  | 'runs-code'
  | 'deserialises'
  /** Creates, writes or removes the path `of`. */
  | 'changes-path'
  /** Sets the permissions given in `of`. */
  | 'sets-mode'
  /** Opens the address or port `of` for others. */
  | 'listens'
  /** Does not look at the peer's certificate. */
  | 'skips-verification'
  /** Takes rights that the process, or a shared object, has until it gives them back. */
  | 'elevates'
  /** Switches warnings off. */
  | 'silences';

export interface RolePattern extends CallPattern {
  readonly role: Role;
  readonly of: HandlePath;
}

export interface ManagerPattern extends CallPattern {
  readonly effect: /** May swallow (`suppress`); the swallowed path is a normal one. */
    | 'swallows'
    /** Swallows under unittest, counts as failed (`subTest`). */
    | 'swallows-failure'
    /** The body must raise (`assertRaises`). */
    | 'must-raise'
    /** Releases nothing on exit (`nullcontext`). */
    | 'releases-nothing'
    /** What its argument is gets released on exit (`closing`). */
    | 'releases-argument'
    /** A leak inside is intended (`assertWarns(ResourceWarning)`). */
    | 'intended';
  readonly of: HandlePath | null;
}

/** Process state: changed here, restored there. The finding's resource is the state itself. */
export interface StatePattern {
  readonly kind: string;
  readonly title: string;
  readonly reach: Reach;
  readonly pack: string;
  /** Canonical targets whose assignment, deletion or item assignment changes it: `os.environ`, `sys.path`. */
  readonly targets: readonly string[];
  /** Calls that change it: `os.chdir`, `os.environ.update`. */
  readonly changes: readonly CallPattern[];
  /** Calls that restore it, whatever their arguments (`os.environ.clear`, `sys.path.remove`). */
  readonly restores: readonly CallPattern[];
  /** Calls (or targets) whose value saved before makes a later change with it a restore: `os.getcwd`, `os.environ.copy`, `signal.signal`. */
  readonly savedBy: readonly CallPattern[];
  /** Calls whose first argument names the part that they change: `signal.signal`. */
  readonly parts: readonly CallPattern[];
  /** A change with one of these constant arguments is a restore (`socket.setdefaulttimeout(None)`). */
  readonly neutral: readonly ArgumentCondition[];
  readonly cure: string;
}

export interface ManagedScope {
  /** Classes with this base (canonical glob, also from other packages). */
  readonly bases: readonly string[];
  readonly decorators: readonly string[];
  readonly managers: readonly string[];
  readonly fixtures: readonly string[];
  /** Files that import one of these modules: the runner takes care of it. */
  readonly imports: readonly string[];
  /** Calls before it, also in fixtures, after which the state is put back wherever it goes (`monkeypatch.chdir`), or the `part` that they name. */
  readonly calls: readonly (CallPattern & { readonly part: HandlePath | null })[];
  readonly kinds: readonly string[];
  readonly except: readonly string[];
  readonly because: string;
}

export interface SweeperPattern extends CallPattern {
  /** Collection expression glob that is swept, `cls.containers`; or null for a name prefix sweep. */
  readonly collection: string | null;
  readonly kinds: readonly string[];
  /** An attribute whose value must be contained in the name given at creation: `self.prefix`. */
  readonly prefix: string | null;
}

/** Which methods a framework calls, in which order, and what follows a failure. */
export interface FrameworkHooks {
  readonly framework: string;
  /** Canonical globs of base classes; a class with any of them is a test class of this framework. */
  readonly bases: readonly string[];
  readonly setup: readonly string[];
  readonly teardown: readonly string[];
  readonly classSetup: readonly string[];
  readonly classTeardown: readonly string[];
  readonly moduleSetup: readonly string[];
  readonly moduleTeardown: readonly string[];
  readonly teardownAfterFailedSetup: boolean;
  readonly classTeardownAfterFailedSetup: boolean;
  readonly cleanupsBeforeTeardown: boolean;
  readonly hasClassHooks: boolean;
  /** Methods of the framework's base class that touch no resource of the test (assertX, id, …), as globs. */
  readonly knownMethods: readonly string[];
  readonly testMethods: readonly string[];
  /** Names of classes that are test classes without a base that says so, as globs. */
  readonly testClasses: readonly string[];
  /** Hooks that do something in the framework's own base class: an override must call `super()`. */
  readonly upcalls: readonly string[];
}

/** A base class that another package gives a class: `project.test.TestCase` is a `framework.base.BaseTestCase`. */
export interface DeclaredBase {
  readonly name: string;
  readonly bases: readonly string[];
}

export interface BuiltinFixture {
  readonly name: string;
  /** Type names of what it yields (monkeypatch, mocker, tmp_path …), for receivers. */
  readonly types: readonly string[];
  /** Cleans up what is done through it. */
  readonly cleans: boolean;
}

export interface StubPattern extends CallPattern {
  /** Where the target's name stands (a dotted string or object plus attribute), and the replacement. */
  readonly target: HandlePath | null;
  readonly attribute: HandlePath | null;
  readonly replacement: readonly HandlePath[];
  readonly lifetime: 'with' | 'decorator' | 'start-stop' | 'fixture' | 'test' | 'forever';
}

export interface WaitPattern extends CallPattern {
  readonly subject: HandlePath | null;
  readonly state: HandlePath | null;
  readonly returnsFresh: boolean;
  readonly onTimeout: 'raise' | 'false' | 'none' | 'empty';
  readonly sleep: boolean;
}

export interface ActionPattern extends CallPattern {
  readonly subject: HandlePath | null;
  /** Returns before what it starts is done. */
  readonly asynchronous: boolean;
  /** Calls that wait for the very end of it; empty: any wait does. */
  readonly settledBy: readonly CallPattern[];
  /** Calls that read what the action writes last, after the state that other waits look at. */
  readonly observedBy: readonly CallPattern[];
  /** Calls that, made in the setup of a test class, let the action be over when it returns. */
  readonly synchronousWith: readonly CallPattern[];
}

export interface SnapshotPattern extends CallPattern {
  readonly subject: HandlePath | null;
  readonly volatile: readonly string[];
  readonly stable: readonly string[];
}

export interface Pack {
  readonly id: string;
  readonly description: string;
  /** Where it was read: path of the file, for messages. */
  readonly source: string;
  /** Switches itself on where one of these modules is imported or one of these bases occurs; both empty: always on. */
  readonly appliesTo: { readonly imports: readonly string[]; readonly bases: readonly string[] };
  readonly types: readonly TypePattern[];
  readonly resources: readonly ResourceKind[];
  readonly registrations: readonly RegistrationPattern[];
  readonly indirections: readonly IndirectionPattern[];
  readonly models: readonly ModelPattern[];
  readonly managers: readonly ManagerPattern[];
  readonly roles: readonly RolePattern[];
  readonly state: readonly StatePattern[];
  readonly managed: readonly ManagedScope[];
  readonly sweepers: readonly SweeperPattern[];
  readonly frameworks: readonly FrameworkHooks[];
  readonly declaredBases: readonly DeclaredBase[];
  readonly fixtures: readonly BuiltinFixture[];
  readonly stubs: readonly StubPattern[];
  readonly waits: readonly WaitPattern[];
  readonly actions: readonly ActionPattern[];
  readonly snapshots: readonly SnapshotPattern[];
  /** Releasing the first before the second is the wrong order: [parent, child]. */
  readonly order: readonly (readonly [string, string])[];
  /** Calls returning one-shot iterators. */
  readonly iterators: readonly CallPattern[];
  /** Unit of measured aggregates: glob → unit ("MB", "MiB"). */
  readonly units: readonly { readonly name: string; readonly unit: string }[];
}
