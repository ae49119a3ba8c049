/**
 * How is a resource kind written, and what else deals with obligations: registrations, managers, process state, stubs?
 *
 * Every schema here yields an entry of `model.ts`; the defaults of optional keys are set here and nowhere else. Every key carries the
 * description that editors show.
 */
import * as z from 'zod';
import type {
  AcquirePattern,
  CallPattern,
  HandlePath,
  IndirectionPattern,
  ManagedScope,
  RegistrationPattern,
  ReleasePattern,
  StatePattern,
  StubPattern,
  SweeperPattern,
  TypePattern,
} from './model.ts';
import {
  always,
  callPattern,
  callPatternOf,
  callPatternWith,
  capturesOf,
  conditions,
  contextManager,
  handlePath,
  listOf,
  memberPath,
  nameGlob,
  optionalList,
  word,
} from './schema-parts.ts';

export const RETURN: HandlePath = { position: { at: 'return' }, members: [] };
export const RECEIVER: HandlePath = { position: { at: 'receiver' }, members: [] };
export const FIRST: HandlePath = { position: { at: 'argument', index: 0, name: null }, members: [] };

const reach = z.enum(['object', 'process', 'host', 'remote']);
const REACH =
  'How far an unreleased one is felt: object (collected sooner or later), process, host (files, child processes), remote (somebody pays).';
const CURE = 'The cure in one line, `{name}` for the handle: `self.addCleanup({name}.close)`.';

const acquire = callPatternWith(
  {
    handle: listOf(handlePath)
      .optional()
      .describe(
        "What is held afterwards: `return` (default), `return['server']`, `return[1][*]`, `arg[0]|kw.name`, `receiver`. Each is an obligation of its own.",
      ),
    aliases: optionalList(
      handlePath,
      'Other places that denote the same thing, such as the name that was passed in or another part of the result: `kw.name`, `arg[0]`, `return[1][0]`.',
    ),
    'started-by': optionalList(
      nameGlob,
      'Methods that begin the obligation: the call only makes the object (`Thread`, then `start`); `*` for every method that does not end it.',
    ),
    awaited: z.boolean().optional().describe('The call only makes a coroutine: the obligation begins where it is awaited or handed to what runs it.'),
    reach: reach.optional().describe(REACH),
    'may-fail-after': always.optional().describe('The call can raise although the thing exists already: true, or the conditions under which.'),
    owner: handlePath.optional().describe('A parent whose release cascades to this resource.'),
    changes: handlePath.optional().describe('The object that it changes: one that the test itself has made takes the change along.'),
    runs: handlePath.optional().describe('The callable that it runs and ends with: where that runs straight through, a leak is a note.'),
    borrowed: z.boolean().optional().describe('The receiver keeps it as a part and releases it with itself.'),
  },
  true,
).transform(
  (value): AcquirePattern => ({
    ...callPatternOf(value),
    handles: value.handle ?? [RETURN],
    aliases: value.aliases ?? [],
    startedBy: value['started-by'] ?? [],
    awaited: value.awaited ?? false,
    ...(value.reach !== undefined && { reach: value.reach }),
    mayFailAfter: value['may-fail-after'] ?? null,
    ...(value.owner !== undefined && { owner: value.owner }),
    ...(value.changes !== undefined && { changes: value.changes }),
    ...(value.runs !== undefined && { runs: value.runs }),
    borrowed: value.borrowed ?? false,
  }),
);

const release = callPatternWith(
  {
    handle: handlePath.optional().describe('Where the handle must stand: the receiver of a `method`, the first argument otherwise.'),
    awaited: z.boolean().optional().describe('Counts only when it is awaited.'),
    sweeps: z.boolean().optional().describe('Releases everything of the kind, whatever the handle.'),
  },
  true,
).transform(
  (value): ReleasePattern => ({
    ...callPatternOf(value),
    handle: value.handle ?? (value.method !== undefined ? RECEIVER : FIRST),
    awaited: value.awaited ?? false,
    sweeps: value.sweeps ?? false,
  }),
);

function capturesIn(pattern: CallPattern): readonly string[] {
  return [pattern.call, pattern.method, pattern.expression, pattern.command].flatMap((source) => (source === undefined ? [] : capturesOf(source)));
}

/** The body of one entry of `resources:`. Yields everything but the kind's name and its pack. */
export const resource = z
  .strictObject({
    title: z.string().optional().describe('The words for it in messages; `{kind}` for a capture. Default: the kind, dashes as spaces.'),
    reach: reach.optional().describe(`${REACH} Default: object.`),
    acquire: optionalList(acquire, 'Calls that begin the obligation.'),
    release: optionalList(release, 'Calls that end it.'),
    'release-all': z
      .array(z.array(nameGlob).min(2))
      .optional()
      .describe('Sets of methods of which all must occur: `[[shutdown, server_close]]`; any complete set releases.'),
    'not-release': optionalList(nameGlob, 'Methods that look like a release and are not: `close` of a web driver.'),
    'context-manager': contextManager.optional().describe('Does leaving `with` (sync) or `async with` (async) release it? Default: no.'),
    once: z.boolean().optional().describe('A second release is a fault (`os.close`, removals at a service).'),
    'invalid-after': optionalList(nameGlob, 'Methods that are invalid after the release.'),
    identities: optionalList(memberPath, "Other expressions for the same thing, from the handle on: `['id']`, `.name`."),
    fluent: optionalList(nameGlob, 'Methods that return the handle itself.'),
    'transferred-by': optionalList(nameGlob, 'Methods that hand the resource to somebody else: `detach`.'),
    'await-releases': z.boolean().optional().describe('Awaiting the handle itself releases it: tasks, futures.'),
    'exempted-by': optionalList(nameGlob, 'Attributes that end the obligation when set to something true: `daemon`.'),
    'owned-by': optionalList(word, 'Kinds whose release also releases this one.'),
    asynchronous: z.boolean().optional().describe('Creation returns before the thing exists: it must be waited for or removed.'),
    'settled-by': optionalList(callPattern, 'Calls that wait for an asynchronous creation to end.'),
    'ends-with-loop': z.boolean().optional().describe('What runs a coroutine ends it when its loop is closed: tasks.'),
    'closes-itself': z.boolean().optional().describe('Its `__del__` closes it without a warning: a leak is a note.'),
    'closes-on-error': optionalList(nameGlob, 'Methods that close it themselves when they fail: `connect`.'),
    safe: optionalList(callPattern, 'Calls on it, or on a part of it, that raise nothing in practice while it is held: `.settimeout`, `.poll`.'),
    'closes-at-end': z.boolean().optional().describe('A loop over it that comes to its end closes it: readers of tables.'),
    'faked-by': optionalList(nameGlob, 'Other names of its library of which a double makes it one: `smtplib.socket`.'),
    cure: z.string().optional().describe(CURE),
  })
  .check((context) => {
    const { acquire: acquires, release: releases } = context.value;
    const known = new Set((acquires ?? []).flatMap(capturesIn));
    for (const [index, pattern] of (releases ?? []).entries()) {
      const unknown = capturesIn(pattern).find((name) => !known.has(name));
      if (unknown === undefined) continue;
      context.issues.push({
        code: 'custom',
        message: `{${unknown}} is captured by no acquisition of this kind`,
        path: ['release', index],
        input: pattern,
      });
    }
  })
  .transform((value) => ({
    title: value.title,
    reach: value.reach ?? ('object' as const),
    acquire: value.acquire ?? [],
    release: value.release ?? [],
    releaseAll: value['release-all'] ?? [],
    notRelease: value['not-release'] ?? [],
    contextManager: value['context-manager'] ?? ('no' as const),
    once: value.once ?? false,
    invalidAfter: value['invalid-after'] ?? [],
    identities: value.identities ?? [],
    fluent: value.fluent ?? [],
    transferredBy: value['transferred-by'] ?? [],
    awaitReleases: value['await-releases'] ?? false,
    exemptedBy: value['exempted-by'] ?? [],
    ownedBy: value['owned-by'] ?? [],
    asynchronous: value.asynchronous ?? false,
    settledBy: value['settled-by'] ?? [],
    endsWithLoop: value['ends-with-loop'] ?? false,
    closesItself: value['closes-itself'] ?? false,
    closesOnError: value['closes-on-error'] ?? [],
    safe: value.safe ?? [],
    closesAtEnd: value['closes-at-end'] ?? false,
    fakedBy: value['faked-by'] ?? [],
    cure: value.cure ?? '',
  }));

/** The body of one entry of `types:`. */
export const type = z
  .strictObject({
    constructors: optionalList(callPattern, 'Calls whose result has the type: `cloud.client` with `when: {0: storage}`.'),
    expressions: optionalList(nameGlob, 'Dotted expressions that have it: `**.servers_client`.'),
    annotations: optionalList(nameGlob, 'Canonical names of classes in annotations and bases.'),
    fixtures: optionalList(nameGlob, 'pytest fixtures that yield one.'),
    'in-classes': optionalList(
      z.strictObject({ base: nameGlob.describe('Base class.'), expressions: listOf(nameGlob).describe('Expressions that have the type there.') }),
      'Expressions that have the type only in classes with a certain base.',
    ),
  })
  .transform(
    (value): Omit<TypePattern, 'name'> => ({
      constructors: value.constructors ?? [],
      expressions: value.expressions ?? [],
      annotations: value.annotations ?? [],
      fixtures: value.fixtures ?? [],
      inClasses: value['in-classes'] ?? [],
    }),
  );

export const registration = callPatternWith({
  callable: handlePath.optional().describe('Where the callable stands; default the first argument.'),
  'arguments-from': z.int().min(0).optional().describe("Position of the callable's first own argument; default 1."),
  manager: handlePath.optional().describe('Where a manager stands that is entered now and left later (`enter_context(m)`), instead of a callable.'),
  scope: z
    .enum(['test', 'class', 'module', 'session', 'process', 'receiver', 'fixture'])
    .optional()
    .describe('When it runs: at the end of the test (default), class, module, session, process, fixture, or when the receiver is released.'),
  order: z.enum(['lifo', 'fifo']).optional().describe('Last in first out (default) or first in first out.'),
  awaits: z.boolean().optional().describe('Awaits what the callable returns.'),
}).transform(
  (value): RegistrationPattern => ({
    ...callPatternOf(value),
    callable: value.manager === undefined ? (value.callable ?? FIRST) : (value.callable ?? null),
    argumentsFrom: value['arguments-from'] ?? 1,
    manager: value.manager ?? null,
    scope: value.scope ?? 'test',
    order: value.order ?? 'lifo',
    awaits: value.awaits ?? false,
  }),
);

export const indirection = callPatternWith({
  callable: handlePath.optional().describe('Where the callable stands; default the first argument.'),
  'arguments-from': z.int().min(0).optional().describe("Position of the callable's first own argument; default 1."),
  deferred: z.boolean().optional().describe('Only makes a callable (`functools.partial`) instead of running it.'),
}).transform(
  (value): IndirectionPattern => ({
    ...callPatternOf(value),
    callable: value.callable ?? FIRST,
    argumentsFrom: value['arguments-from'] ?? 1,
    deferred: value.deferred ?? false,
  }),
);

/** The body of one entry of `state:`. */
export const state = z
  .strictObject({
    title: z.string().optional().describe('The words for it in messages.'),
    reach: reach.optional().describe(`${REACH} Default: process.`),
    targets: optionalList(nameGlob, 'Names whose assignment, deletion or item assignment changes it: `os.environ`.'),
    changes: optionalList(callPattern, 'Calls that change it: `os.chdir`.'),
    restores: optionalList(callPattern, 'Calls that restore it, whatever their arguments.'),
    'saved-by': optionalList(callPattern, 'Calls or names whose earlier value makes a later change a restore: `os.getcwd`.'),
    parts: optionalList(callPattern, 'Calls whose first argument names the part that they change: `signal.signal`. Another part is another state.'),
    neutral: listOf(conditions.transform((list) => list[0]))
      .optional()
      .describe('A change with one of these arguments is a restore: `{0: null}`.'),
    cure: z.string().optional().describe(CURE),
  })
  .transform((value): Omit<StatePattern, 'kind' | 'pack'> & { readonly title: string } => ({
    title: value.title ?? '',
    reach: value.reach ?? 'process',
    targets: value.targets ?? [],
    changes: value.changes ?? [],
    restores: value.restores ?? [],
    savedBy: value['saved-by'] ?? [],
    parts: value.parts ?? [],
    neutral: value.neutral ?? [],
    cure: value.cure ?? '',
  }));

const managingCall = callPatternWith({
  part: handlePath.optional().describe('Where the part stands that is put back: the name of a variable. Default: all of it.'),
}).transform((value): ManagedScope['calls'][number] => ({ ...callPatternOf(value), part: value.part ?? null }));

export const managed = z
  .strictObject({
    bases: optionalList(nameGlob, 'Classes with one of these bases.'),
    decorators: optionalList(nameGlob, 'Functions and classes with one of these decorators.'),
    managers: optionalList(nameGlob, 'Inside `with` one of these.'),
    fixtures: optionalList(nameGlob, 'Tests that use one of these fixtures.'),
    imports: optionalList(nameGlob, 'Files that import one of these modules: what their runner takes care of.'),
    calls: optionalList(
      managingCall,
      'Tests in which, or in a fixture of which, one of these was called before: `monkeypatch.chdir` has the folder put back wherever the test goes.',
    ),
    kinds: listOf(z.union([word, z.literal('*')])).describe('Kinds that are taken care of; `*` for all.'),
    except: optionalList(word, 'Kinds that are not.'),
    because: z.string().describe('Why: printed by `campsite trace`.'),
  })
  .transform(
    (value): ManagedScope => ({
      bases: value.bases ?? [],
      decorators: value.decorators ?? [],
      managers: value.managers ?? [],
      fixtures: value.fixtures ?? [],
      imports: value.imports ?? [],
      calls: value.calls ?? [],
      kinds: value.kinds,
      except: value.except ?? [],
      because: value.because,
    }),
  );

export const sweeper = callPatternWith({
  collection: nameGlob.optional().describe('Collection that is swept: `cls.containers`.'),
  kinds: optionalList(z.union([word, z.literal('*')]), 'Kinds that are swept; default all.'),
  prefix: z.string().optional().describe('Attribute whose value must be part of the name given at creation: `self.prefix`.'),
}).transform(
  (value): SweeperPattern => ({
    ...callPatternOf(value),
    collection: value.collection ?? null,
    kinds: value.kinds ?? ['*'],
    prefix: value.prefix ?? null,
  }),
);

export const stub = callPatternWith({
  target: handlePath.optional().describe('Where the target stands: a dotted string or an object.'),
  attribute: handlePath.optional().describe("Where the attribute's name stands, when target is an object."),
  replacement: listOf(handlePath).optional().describe('Where the replacement may stand.'),
  lifetime: z.enum(['with', 'decorator', 'start-stop', 'fixture', 'test', 'forever']).describe('What ends it.'),
}).transform(
  (value): StubPattern => ({
    ...callPatternOf(value),
    target: value.target ?? null,
    attribute: value.attribute ?? null,
    replacement: value.replacement ?? [],
    lifetime: value.lifetime,
  }),
);
