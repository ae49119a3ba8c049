/** Does an override of a hook or helper not fit the way in which it is called? */
import type { Argument, Instr, IrFunction } from '../../ir/ir.ts';
import type { ClassUnit, MethodRef } from '../../program/classes.ts';
import { callsIn } from '../../program/module.ts';
import { factsOf } from '../../program/scope.ts';
import { frameworkOf } from '../../suite/discover.ts';
import { decoratorText } from '../../suite/marks.ts';
import { defineRule, py, type Report, type RuleContext } from '../define.ts';

export const incompatibleOverride = defineRule({
  id: 'incompatible-override',
  title: 'An override that cannot be called as it is called',
  pillar: 'standards',
  cwe: ['CWE-628'],
  severity: 'error',
  precision: 'high',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'The runner calls hooks, and the base class its helpers, in one way: an override that wants other arguments fails there, and a hook that is a coroutine is made and never run.',
    fix: 'Give the override the parameters of what it overrides; `setUpClass` needs `@classmethod`, a coroutine belongs into `asyncSetUp`.',
    bad: [
      py`
        import unittest

        class TestServer(unittest.TestCase):
            def setUpClass(self):    # expect: incompatible-override "classmethod"
                self.server = start_server()

            def test_server(self):
                self.assertTrue(self.server)
      `,
      py`
        import unittest

        class TestServer(unittest.IsolatedAsyncioTestCase):
            async def setUp(self):    # expect: incompatible-override "asyncSetUp"
                self.server = await start_server()

            async def test_server(self):
                self.assertTrue(self.server)
      `,
      py`
        import unittest

        class Base(unittest.TestCase):
            def setUp(self):
                self.server = self.make_server("small", 1)

            def make_server(self, kind, count):
                return (kind, count)

        class TestServer(Base):
            def make_server(self, kind):    # expect: incompatible-override "Base.setUp"
                return kind

            def test_server(self):
                self.assertTrue(self.server)

        class TestHook(unittest.TestCase):
            def setUp(self, server):    # expect: incompatible-override "server"
                self.server = server

            def test_server(self):
                self.assertTrue(self.server)
      `,
    ],
    good: [
      py`
        import unittest

        class TestServer(unittest.TestCase):
            @classmethod
            def setUpClass(cls):
                cls.server = start_server()

            def setUp(self, server=None):
                self.other = server

            def test_server(self):
                self.assertTrue(self.server)
      `,
      py`
        import unittest

        class Base(unittest.TestCase):
            def setUp(self):
                self.server = self.make_server("small", count=1)

            def make_server(self, kind, count):
                return (kind, count)

        class TestServer(Base):
            def make_server(self, kind, count, name="a", *more):
                return kind

        class TestOther(Base):
            def make_server(self, *args, **kwargs):
                return args

        class Sized(unittest.TestCase):
            def setUp(self, size):
                self.size = size

        class TestSmall(Sized):
            def setUp(self):
                super().setUp(1)

            def test_size(self):
                self.assertEqual(1, self.size)
      `,
      py`
        import unittest

        class TestServer(unittest.IsolatedAsyncioTestCase):
            async def asyncSetUp(self):
                self.server = await start_server()

            async def test_server(self):
                self.assertTrue(self.server)
      `,
      py`
        import unittest
        from project import inject

        class Base(unittest.TestCase):
            def helper(self, kind):
                return kind

        class TestServer(Base):
            def helper(self, kind, name):
                return kind + name

            def setUpClass():
                prepare()

            @inject
            def setUp(self, server):
                self.server = server

            def test_server(self):
                self.assertTrue(self.helper("a", "b"))
      `,
    ],
    misses: 'Overrides that only code outside the base classes calls in the old way.',
  },
  check(context, report) {
    const { module, engine } = context;
    let sites = 0;
    for (const body of module.ir.functions) {
      if (body.kind !== 'class' || body.bases.length === 0) continue;
      const cls = engine.values.classes.get(module, body.index);
      const framework = frameworkOf(cls, engine.options.frameworks);
      for (const [name, index] of module.members.get(body.index) ?? []) {
        const fn = module.ir.functions[index];
        if (fn?.kind !== 'function' || fn.decorators.some((d) => !/^(classmethod|staticmethod)$/.test(decoratorText(d)))) continue;
        const over = engine.values.classes.method(cls, name, cls);
        const hook = framework && hasTests(cls, context) ? hookFault(fn, cls, context) : undefined;
        if (framework && isHook(name, cls, context)) sites++;
        else if (over) sites++;
        const why = hook ?? (over && callFault(fn, over, cls, context));
        if (typeof why === 'string') report({ module, start: fn.nameStart, end: fn.nameEnd, test: fn.qualifiedName, message: why });
        else if (why) report({ module, start: fn.nameStart, end: fn.nameEnd, test: fn.qualifiedName, ...why });
      }
    }
    return sites;
  },
});

/** A base class that only subclasses run is called as they like. */
const hasTests = (cls: ClassUnit, context: RuleContext): boolean => context.groups.some((g) => g.cls?.body === cls.body && g.tests.length > 0);

const isHook = (name: string, cls: ClassUnit, context: RuleContext): boolean => {
  const f = frameworkOf(cls, context.engine.options.frameworks);
  return f !== undefined && [f.setup, f.teardown, f.classSetup, f.classTeardown].some((hooks) => hooks.includes(name));
};

const isClassMethod = (fn: IrFunction): boolean => fn.decorators.some((d) => decoratorText(d) === 'classmethod');
const isStatic = (fn: IrFunction): boolean => fn.decorators.some((d) => decoratorText(d) === 'staticmethod');

/** What is wrong with a hook that the runner calls without arguments. */
function hookFault(fn: IrFunction, cls: ClassUnit, context: RuleContext): string | undefined {
  const f = frameworkOf(cls, context.engine.options.frameworks);
  if (!f || !/^(unittest|unittest-async|testtools|django)$/.test(f.framework) || cls.hasUnknownBase || !isHook(fn.name, cls, context))
    return undefined;
  const ofClass = f.classSetup.includes(fn.name) || f.classTeardown.includes(fn.name);
  if (ofClass && !isClassMethod(fn) && !isStatic(fn) && fn.params.length > 0) return `${fn.name} is called on the class: it needs @classmethod`;
  const bound = isStatic(fn) ? 0 : 1;
  const wanted = fn.params.slice(bound).filter((p) => p.default === null && p.kind !== 'star' && p.kind !== 'double-star');
  if (wanted.length > 0) return `${fn.name} is called without arguments, and wants ${wanted.map((p) => p.name).join(', ')}`;
  if (!fn.isAsync || /^async/.test(fn.name) || cls.externalBases.some((b) => !context.engine.options.isKnownBase(b))) return undefined;
  const better =
    f.framework === 'unittest-async' && /^(setUp|tearDown)$/.test(fn.name)
      ? `; a coroutine is called async${fn.name[0]?.toUpperCase()}${fn.name.slice(1)}`
      : '';
  return `${fn.name} is a coroutine that the runner calls and does not await: nothing in it happens${better}`;
}

type Fault = Pick<Report, 'message'> & Partial<Pick<Report, 'severity'>>;

/** A call in a base class, on self, that the override cannot take and the method it overrides can; a note where no test comes to the call. */
function callFault(fn: IrFunction, over: MethodRef, cls: ClassUnit, context: RuleContext): Fault | undefined {
  let latent: Fault | undefined;
  const base = over.module.ir.functions[over.index] as IrFunction;
  if (base.decorators.some((d) => !/^(classmethod|staticmethod)$/.test(decoratorText(d)))) return undefined;
  for (const c of cls.mro.slice(1)) {
    for (const { method, call } of ownCalls(c).get(fn.name) ?? []) {
      if (method.index === over.index) continue;
      // A method that the class overrides itself does not run for it.
      const running = context.engine.values.classes.method(cls, method.name);
      if (running?.module !== c.module || running.index !== method.index) continue;
      if (call.args.some((a) => a.kind === 'star' || a.kind === 'double-star') || !takes(base, call.args) || takes(fn, call.args)) continue;
      const message = `${fn.qualifiedName} cannot be called as ${method.qualifiedName} (${c.module.path}:${context.position(c.module, call.start).line}) calls it`;
      if (isRun(method.name, cls, context)) return { message };
      latent ??= { severity: 'note', message: `${message}; no test of this class comes there` };
    }
  }
  return latent;
}

/** True where a test or a hook of the class leads to the method by calls on the instance. */
function isRun(name: string, cls: ClassUnit, context: RuleContext): boolean {
  const { classes } = context.engine.values;
  const seen = new Set<string>();
  const todo = cls.mro.flatMap((c) =>
    [...(c.module.members.get(c.body.index)?.keys() ?? [])].filter((n) => /^test/.test(n) || isHook(n, cls, context)),
  );
  while (todo.length > 0) {
    const at = todo.pop() as string;
    if (at === name) return true;
    if (seen.has(at)) continue;
    seen.add(at);
    // What of that name runs: the class's own, and those of its bases, which it may call.
    for (let ref = classes.method(cls, at); ref; ref = classes.method(cls, at, ref.definedIn)) {
      const fn = ref.module.ir.functions[ref.index] as IrFunction;
      for (const m of ref.module.text.slice(fn.start, fn.end).matchAll(/\b(?:self|cls|super\([^)]*\))\.(\w+)/g)) todo.push(m[1] as string);
    }
  }
  return false;
}

interface OwnCall {
  readonly method: IrFunction;
  readonly call: Extract<Instr, { op: 'call' }>;
}

const ownCallsOf = new WeakMap<IrFunction, ReadonlyMap<string, readonly OwnCall[]>>();

/** The calls that the methods written in the class make on their own instance, by the name that is called. */
function ownCalls(c: ClassUnit): ReadonlyMap<string, readonly OwnCall[]> {
  let known = ownCallsOf.get(c.body);
  if (known) return known;
  const found = new Map<string, OwnCall[]>();
  for (const index of c.module.members.get(c.body.index)?.values() ?? []) {
    const method = c.module.ir.functions[index] as IrFunction;
    const receiver = factsOf(c.module, method).receiver?.name;
    if (receiver === undefined) continue;
    for (const call of callsIn(method.body)) {
      if (call.callee.op !== 'attr' || call.callee.of.op !== 'name' || call.callee.of.name !== receiver) continue;
      const list = found.get(call.callee.name);
      if (list) list.push({ method, call });
      else found.set(call.callee.name, [{ method, call }]);
    }
  }
  ownCallsOf.set(c.body, (known = found));
  return known;
}

/** True where a call with these arguments, on an instance, is valid. */
function takes(fn: IrFunction, args: readonly Argument[]): boolean {
  const params = fn.params.slice(isStatic(fn) ? 0 : 1);
  const positional = params.filter((p) => p.kind === 'normal' || p.kind === 'positional-only');
  const given = args.filter((a) => a.kind === 'positional').length;
  if (given > positional.length && !params.some((p) => p.kind === 'star')) return false;
  const names = new Set(args.flatMap((a) => (a.kind === 'keyword' ? [a.name] : [])));
  if (!params.some((p) => p.kind === 'double-star') && [...names].some((n) => !params.some((p) => p.name === n && p.kind !== 'positional-only')))
    return false;
  return params.every(
    (p, i) => p.default !== null || p.kind === 'star' || p.kind === 'double-star' || (p.kind !== 'keyword-only' && i < given) || names.has(p.name),
  );
}
