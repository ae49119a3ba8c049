/**
 * How is a pack written as a whole? The sections that a pack and a project's own file share, and the pack around them.
 *
 * `models:` and `managers:` are tables by effect (`borrows: [len, print]`), `resources:`, `types:`, `state:`, `frameworks:` and
 * `fixtures:` tables by name. Yields a `Pack` of model.ts once `packOf` has added where it was read.
 */
import * as z from 'zod';
import type {
  ActionPattern,
  FrameworkHooks,
  HandlePath,
  ManagerPattern,
  ModelPattern,
  Pack,
  Role,
  RolePattern,
  SnapshotPattern,
  WaitPattern,
} from './model.ts';
import { callPattern, callPatternOf, callPatternWith, handlePath, listOf, nameGlob, optionalList, word } from './schema-parts.ts';
import { FIRST, indirection, managed, registration, resource, state, stub, sweeper, type } from './schema-resources.ts';

const MODEL_EFFECTS = {
  borrows: 'Looks at its arguments and keeps none.',
  keeps: 'Keeps its arguments: the obligation escapes.',
  wraps: 'The result stands for the argument `of`: releasing the one releases the other.',
  raises: 'Never returns normally.',
  ends: 'Ends the process without an exit.',
  asserts: 'An assertion: its failure is what tests expect.',
  waits: 'Waits for something and raises on timeout.',
  safe: 'Never raises in practice.',
  'rarely-raises': 'Raises only when the machine fails (a full disk).',
  'removes-path': 'Removes the path `of` (default the first argument): raises rarely where the test made it.',
  'creates-path': 'Makes the path `of` (default the first argument): raises rarely in a folder that the test made.',
  'makes-folder': 'Makes a folder that is the test’s own, or a path in one.',
  'fails-with': 'What it raises is an `error` (default OSError): a handler for that catches all of it.',
  'in-memory': 'Returns an in-memory stand-in: what is acquired from it is none.',
  'runs-in-child': 'Runs the callable `of` (default `target=`) in a process of its own, which takes along what it leaves.',
  forks: 'Returns twice: 0 in a child, which is no test any more.',
  collects: 'Drops references on purpose (`gc.collect`).',
} as const satisfies Record<ModelPattern['effect'], string>;

const MANAGER_EFFECTS = {
  swallows: 'May swallow an exception (`suppress`).',
  'swallows-failure': 'Goes on after a failure that counts (`subTest`).',
  'must-raise': 'The body must raise (`assertRaises`).',
  'releases-nothing': 'Releases nothing on exit (`nullcontext`).',
  'releases-argument': 'Releases the argument `of` on exit (`closing`).',
  intended: 'A leak inside is intended (`assertWarns(ResourceWarning)`).',
} as const satisfies Record<ManagerPattern['effect'], string>;

const effectOn = callPatternWith({
  of: handlePath.optional().describe('The argument that is meant; default the first for wraps and releases-argument, all otherwise.'),
  error: z.string().optional().describe('For `fails-with`: the class of the exception.'),
});

function effectTable<K extends string>(effects: Readonly<Record<K, string>>) {
  const names = Object.keys(effects) as K[];
  const shape = Object.fromEntries(names.map((name) => [name, optionalList(effectOn, effects[name])])) as Record<K, ReturnType<typeof effectList>>;
  return z.strictObject(shape).transform((table) => {
    const lists = new Map<string, readonly z.output<typeof effectOn>[]>(Object.entries(table));
    return names.flatMap((effect) =>
      (lists.get(effect) ?? []).map((value) => ({
        ...callPatternOf(value),
        effect,
        ...(effect === 'fails-with' && { error: value.error ?? 'OSError' }),
        of: value.of ?? defaultOf(effect),
      })),
    );
  });
}
const TARGET: HandlePath = { position: { at: 'argument', index: null, name: 'target' }, members: [] };

function defaultOf(effect: string): HandlePath | null {
  if (effect === 'runs-in-child') return TARGET;
  return /^(wraps|releases-argument|removes-path|creates-path)$/.test(effect) ? FIRST : null;
}

const effectList = () => optionalList(effectOn, '');

const models = effectTable<ModelPattern['effect']>(MODEL_EFFECTS);
const managers = effectTable<ManagerPattern['effect']>(MANAGER_EFFECTS);

const ROLES = {
  'reads-environment': 'Returns something from the environment of the process.',
  'reads-file': 'Returns what stands in a file.',
  'reads-network': 'Returns what somebody sent.',
  'makes-double': 'Makes a stand-in that answers whatever it is asked.',
  neutralizes: 'Returns something harmless whatever goes in: `shlex.quote`, `int`.',
  'runs-shell': 'Hands the argument `of` (default the first) to a shell.',
  'runs-sql': 'Hands it to a database.',
  'runs-code': 'Runs it as Python.',
  deserialises: 'Makes objects of it, and may run code while it does.',
  'changes-path': 'Creates, writes or removes the path.',
  'sets-mode': 'Sets the permissions given in `of`.',
  listens: 'Opens the address or port for others.',
  'skips-verification': "Does not look at the peer's certificate.",
  elevates: 'Takes rights that are kept until they are given back.',
  silences: 'Switches warnings off.',
} as const satisfies Record<Role, string>;

const roles = z
  .strictObject(
    Object.fromEntries(Object.entries(ROLES).map(([name, text]) => [name, optionalList(effectOn, text)])) as Record<
      Role,
      ReturnType<typeof effectList>
    >,
  )
  .transform((table) =>
    (Object.keys(ROLES) as Role[]).flatMap((role) =>
      (table[role] ?? []).map((value): RolePattern => ({ ...callPatternOf(value), role, of: value.of ?? FIRST })),
    ),
  );

const hooks = z
  .strictObject({
    bases: optionalList(nameGlob, 'A class with one of these bases is a test class of the framework.'),
    setup: optionalList(nameGlob, 'Methods that run before each test, in order.'),
    teardown: optionalList(nameGlob, 'Methods that run after each test, in order.'),
    'class-setup': optionalList(nameGlob, 'Methods that run before the tests of a class.'),
    'class-teardown': optionalList(nameGlob, 'Methods that run after them.'),
    'module-setup': optionalList(nameGlob, 'Functions that run before the tests of a module.'),
    'module-teardown': optionalList(nameGlob, 'Functions that run after them.'),
    'teardown-after-failed-setup': z.boolean().optional().describe('Does the teardown run when the setup raised?'),
    'class-teardown-after-failed-setup': z.boolean().optional().describe('Does the class teardown run when the class setup raised?'),
    'cleanups-before-teardown': z.boolean().optional().describe('Do registered cleanups run before the teardown?'),
    'class-hooks': z.boolean().optional().describe('Has it class hooks at all? Default: yes.'),
    'known-methods': optionalList(nameGlob, "Methods of the framework's base class that touch no resource of the test."),
    'test-methods': optionalList(nameGlob, 'Names of test methods; default `test*`.'),
    'test-classes': optionalList(nameGlob, 'Names of test classes that no base makes test classes; default `Test*`.'),
    upcalls: optionalList(nameGlob, "Hooks that do something in the framework's own base class: an override must call `super()`."),
  })
  .transform(
    (value): Omit<FrameworkHooks, 'framework'> => ({
      bases: value.bases ?? [],
      setup: value.setup ?? [],
      teardown: value.teardown ?? [],
      classSetup: value['class-setup'] ?? [],
      classTeardown: value['class-teardown'] ?? [],
      moduleSetup: value['module-setup'] ?? [],
      moduleTeardown: value['module-teardown'] ?? [],
      teardownAfterFailedSetup: value['teardown-after-failed-setup'] ?? false,
      classTeardownAfterFailedSetup: value['class-teardown-after-failed-setup'] ?? false,
      cleanupsBeforeTeardown: value['cleanups-before-teardown'] ?? false,
      hasClassHooks: value['class-hooks'] ?? true,
      knownMethods: value['known-methods'] ?? [],
      testMethods: value['test-methods'] ?? ['test*'],
      testClasses: value['test-classes'] ?? ['Test*'],
      upcalls: value.upcalls ?? [],
    }),
  );

const subject = handlePath.optional().describe('Where the thing stands that is spoken of.');
const wait = callPatternWith({
  subject,
  state: handlePath.optional().describe('Where the awaited state stands.'),
  'returns-fresh': z.boolean().optional().describe('Returns a fresh snapshot.'),
  'on-timeout': z
    .enum(['raise', 'false', 'none', 'empty'])
    .optional()
    .describe('What a timeout does: raise (default), or the result that must be looked at.'),
  sleep: z.boolean().optional().describe('Waits for time and not for a condition.'),
}).transform(
  (value): WaitPattern => ({
    ...callPatternOf(value),
    subject: value.subject ?? null,
    state: value.state ?? null,
    returnsFresh: value['returns-fresh'] ?? false,
    onTimeout: value['on-timeout'] ?? 'raise',
    sleep: value.sleep ?? false,
  }),
);
const action = callPatternWith({
  subject,
  asynchronous: z.boolean().optional().describe('Returns before what it starts is done.'),
  'settled-by': optionalList(callPattern, 'Calls that wait for the very end of it; without them any wait does.'),
  'observed-by': optionalList(callPattern, 'Calls that read what it writes last.'),
  'synchronous-with': optionalList(callPattern, 'Calls in the setup of a test class that let the action be over when it returns.'),
}).transform(
  (value): ActionPattern => ({
    ...callPatternOf(value),
    subject: value.subject ?? null,
    asynchronous: value.asynchronous ?? false,
    settledBy: value['settled-by'] ?? [],
    observedBy: value['observed-by'] ?? [],
    synchronousWith: value['synchronous-with'] ?? [],
  }),
);
const snapshot = callPatternWith({
  subject,
  volatile: optionalList(nameGlob, 'Keys and attributes that change by themselves.'),
  stable: optionalList(nameGlob, 'Keys and attributes that do not.'),
}).transform(
  (value): SnapshotPattern => ({
    ...callPatternOf(value),
    subject: value.subject ?? null,
    volatile: value.volatile ?? [],
    stable: value.stable ?? [],
  }),
);

/** The sections that describe a project or a library. */
export const sectionShape = {
  types: z.record(word, type).optional().describe('Named kinds of receivers, for `on`.'),
  resources: z.record(word, resource).optional().describe('What must be given back, by kind.'),
  registrations: optionalList(registration, 'Calls that hand a callable or a manager to something that runs or leaves it later.'),
  indirections: optionalList(indirection, 'Calls that call their argument: `functools.partial`.'),
  models: models.optional().describe('What calls do with their arguments.'),
  managers: managers.optional().describe('What context managers do on exit.'),
  roles: roles.optional().describe('Where outside data comes in, where text is run, what is bound or switched off.'),
  state: z.record(word, state).optional().describe('Process state that is changed and must be restored.'),
  managed: optionalList(managed, 'Scopes that take care of resources by themselves.'),
  sweepers: optionalList(sweeper, 'Calls that release everything in a collection or with a name prefix.'),
  frameworks: z.record(word, hooks).optional().describe('Test frameworks: which methods run when.'),
  'declared-bases': z
    .record(z.string(), listOf(z.string()))
    .optional()
    .describe('Bases that a class of another package has: `project.test.TestCase: framework.base.BaseTestCase`.'),
  fixtures: z
    .record(
      z.string(),
      z.strictObject({
        types: optionalList(word, 'Types of what it yields.'),
        cleans: z.boolean().optional().describe('Undoes what is done through it; default true.'),
      }),
    )
    .optional()
    .describe('pytest fixtures that come from plug-ins.'),
  stubs: optionalList(stub, 'Calls that replace something by a double.'),
  waits: optionalList(wait, 'Calls that wait.'),
  actions: optionalList(action, 'Calls after which an earlier snapshot is stale.'),
  snapshots: optionalList(snapshot, 'Calls that return a snapshot of a state.'),
  order: z
    .array(z.tuple([word, word]))
    .optional()
    .describe('[parent, child]: releasing the parent before the child is the wrong order.'),
  iterators: optionalList(callPattern, 'Calls that return an iterator that can be walked once.'),
  units: z.record(nameGlob, z.string()).optional().describe('Units of names: `*_mb: MB`.'),
};

const sections = z.strictObject(sectionShape);
export type Sections = z.output<typeof sections>;

/** One file under config/. */
export const packFile = z.strictObject({
  id: word.describe("The pack's name, as used in `extends`."),
  description: z.string().describe('One sentence: what the pack knows.'),
  'applies-to': z
    .strictObject({
      imports: optionalList(nameGlob, 'Switches itself on where one of these modules, or a module below, is imported.'),
      bases: optionalList(nameGlob, 'Switches itself on where a class has one of these bases.'),
    })
    .optional()
    .describe('When the pack switches itself on; always where it is not given.'),
  ...sectionShape,
});

/** Puts the sections into the model. `id` also names the pack in every kind. */
export function packOf(id: string, description: string, source: string, appliesTo: Pack['appliesTo'], value: Sections): Pack {
  return {
    id,
    description,
    source,
    appliesTo,
    types: Object.entries(value.types ?? {}).map(([name, body]) => ({ name, ...body })),
    resources: Object.entries(value.resources ?? {}).map(([kind, body]) => ({ ...body, kind, title: body.title ?? titleOf(kind), pack: id })),
    registrations: value.registrations ?? [],
    indirections: value.indirections ?? [],
    models: value.models ?? [],
    managers: value.managers ?? [],
    roles: value.roles ?? [],
    state: Object.entries(value.state ?? {}).map(([kind, body]) => ({
      ...body,
      kind,
      title: body.title === '' ? titleOf(kind) : body.title,
      pack: id,
    })),
    managed: value.managed ?? [],
    sweepers: value.sweepers ?? [],
    frameworks: Object.entries(value.frameworks ?? {}).map(([framework, body]) => ({ framework, ...body })),
    declaredBases: Object.entries(value['declared-bases'] ?? {}).map(([name, bases]) => ({ name, bases })),
    fixtures: Object.entries(value.fixtures ?? {}).map(([name, body]) => ({ name, types: body.types ?? [], cleans: body.cleans ?? true })),
    stubs: value.stubs ?? [],
    waits: value.waits ?? [],
    actions: value.actions ?? [],
    snapshots: value.snapshots ?? [],
    order: value.order ?? [],
    iterators: value.iterators ?? [],
    units: Object.entries(value.units ?? {}).map(([name, unit]) => ({ name, unit })),
  };
}

function titleOf(kind: string): string {
  return kind.replaceAll(/[-_]/g, ' ');
}
