/** Does a test leave something behind in its module or class that another test reads? */
import type { Instr, NameRef } from '../../ir/ir.ts';
import { forEachInstr } from '../../program/module.ts';
import { type Definition, factsOf, type Scope } from '../../program/scope.ts';
import { nameAnywhere, nameInOperand } from '../../typestate/mentions.ts';
import { touches } from '../../typestate/reach.ts';
import { defineRule, py, type RuleContext } from '../define.ts';
import { outerScopes, step, testScopes } from './places.ts';

/** Methods that change the list, dict or set they are called on. */
const MUTATES = /^(append|extend|insert|add|update|setdefault|pop|popitem|clear|remove|discard|sort|reverse)$/;
/** Calls whose answer is a new one each time: as a default value it is the same one for ever. */
const FRESH_EACH_TIME =
  /(^|[._])(rand(om|int|_[a-z_]+)?|uuid[14]?|generate_uuid|rand_name|rand_uuid|unique\w*|token_hex|token_urlsafe|mkdtemp|mktemp|monotonic|perf_counter|utcnow|now|time)$/;

export const orderDependentState = defineRule({
  id: 'order-dependent-state',
  title: 'Test leaves state behind that another test reads',
  pillar: 'flow',
  cwe: ['CWE-696'],
  severity: 'warning',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'What one test leaves in its module or class decides what another one sees: run alone, in another order or in parallel, the other test has a different result.',
    fix: 'Make the value in `setUp` or a fixture, or restore it with `addCleanup`.',
    bad: [
      py`
        import unittest
        from service import run

        counter = 0

        class TestRun(unittest.TestCase):
            def test_first(self):
                global counter
                counter = run()    # expect: order-dependent-state
                self.assertEqual(1, counter)

            def test_second(self):
                self.assertEqual(1, counter)
      `,
      py`
        from service import create

        created = []

        def test_create():
            created.append(create("a"))    # expect: order-dependent-state
            assert created[0].ready

        def test_created():
            for one in created:
                assert one.name == "a"
            assert len(created) == 1
      `,
      py`
        import unittest
        import uuid

        class TestKeys(unittest.TestCase):
            def make(self, name=uuid.uuid4()):    # expect: order-dependent-state
                return self.client.create_key(name)

            def test_key(self):
                self.assertTrue(self.make())

            def test_twice(self):
                self.assertTrue(self.make())
      `,
    ],
    good: [
      py`
        import unittest
        from service import run

        counter = 0

        class TestRun(unittest.TestCase):
            def setUp(self):
                global counter
                counter = 0

            def test_first(self):
                global counter
                counter = run()
                self.assertEqual(1, counter)

            def test_second(self):
                self.assertEqual(0, counter)
      `,
      py`
        from service import create

        created = []

        def test_create():
            created.append(create("a"))
            assert created[0].ready
            created.clear()

        def test_created():
            assert not created
      `,
      py`
        import unittest
        from service import run

        class TestRun(unittest.TestCase):
            names = ["a", "b"]

            def test_own(self):
                names = []
                names.append(run())
                self.assertEqual(1, len(names))

            def test_names(self):
                self.assertEqual(2, len(self.names))
      `,
      py`
        import pytest
        from service import create

        log = []

        @pytest.fixture(autouse=True)
        def empty_log():
            log.clear()
            yield

        def test_create():
            log.append(create("a"))
            assert log

        def test_nothing():
            assert not log
      `,
      py`
        import unittest
        import uuid

        NAME = str(uuid.uuid4())

        class TestKeys(unittest.TestCase):
            def make(self, name=None, size=len("abc")):
                return self.client.create_key(name or uuid.uuid4(), size)

            def test_key(self):
                self.assertTrue(self.make())
      `,
    ],
    misses: 'State of other modules, and changes made through helpers.',
  },
  check(context, report) {
    const tests = testScopes(context);
    let sites = 0;
    for (const scope of outerScopes(context)) {
      for (const param of scope.fn.params) {
        const made = param.default;
        if (made?.op !== 'described-call') continue;
        sites++;
        const name = context.engine.values.canonical(made.callee, scope) ?? '';
        if (!FRESH_EACH_TIME.test(name) || scope.fn.kind !== 'function') continue;
        report({
          module: scope.module,
          start: param.start,
          end: param.end,
          test: scope.fn.qualifiedName,
          // Who wants a value of its own gives one: nobody has to be wrong.
          severity: 'note',
          message: `the default of ${param.name} is computed once, when the module is loaded: all calls share one value`,
          witnesses: [{ pathKind: 'normal', steps: [step(context, scope, 'use', made.start, `${name} runs once, not once a call`)] }],
        });
      }
    }
    if (tests.length < 2) return sites;
    // What a test may change is a container of the module, or a name that it declares global.
    const own = context.module.ir.functions[0];
    const hasContainers = own !== undefined && [...factsOf(context.module, own).names.values()].some(isOfContainers);
    if (!hasContainers && !context.module.text.includes('global')) return sites;
    const changed = new Map<string, { readonly scope: Scope; readonly changes: Instr[] }[]>();
    for (const scope of tests) {
      const own = new Map<string, Instr[]>();
      forEachInstr(scope.fn.body, (i) => {
        const name = changedGlobal(i, scope);
        if (name === undefined) return;
        const list = own.get(name);
        if (list) list.push(i);
        else own.set(name, [i]);
      });
      for (const [name, changes] of own) {
        sites++;
        // Changed twice in one test, or under finally or a cleanup: it is put back.
        if (changes.length > 1 || /\b(finally|addCleanup|addfinalizer)\b/.test(scope.module.text.slice(scope.fn.start, scope.fn.end))) continue;
        const list = changed.get(name);
        if (list) list.push({ scope, changes });
        else changed.set(name, [{ scope, changes }]);
      }
    }
    if (changed.size === 0) return sites;
    for (const [name, places] of changed) {
      if (isTendedTo(name, context)) continue;
      for (const { scope, changes } of places) {
        const reader = tests.find((t) => t.fn !== scope.fn && readsFirst(name, t));
        const change = changes[0];
        if (!reader?.fn || !change) continue;
        const read = firstMention(name, reader) ?? { start: reader.fn.nameStart };
        report({
          module: scope.module,
          start: change.start,
          end: change.end,
          test: scope.fn.qualifiedName,
          message: `${name} is changed here and not restored; ${reader.fn.name} reads it on line ${context.position(scope.module, read.start).line}`,
          witnesses: [
            {
              pathKind: 'normal',
              steps: [
                step(context, scope, 'use', change.start, `${scope.fn.name} changes ${name}`),
                step(context, reader, 'use', read.start, `${reader.fn.name} reads what it finds in ${name}`),
              ],
            },
          ],
        });
        break;
      }
    }
    return sites;
  },
});

/** The module variable that the instruction changes; only containers that the module makes itself, and names declared global. */
function changedGlobal(instr: Instr, scope: Scope): string | undefined {
  switch (instr.op) {
    case 'assign':
    case 'augment':
    case 'delete': {
      const { target } = instr;
      if (target.op === 'name') return target.scope === 'global' && isOwnVariable(target.name, scope) ? target.name : undefined;
      if (target.op === 'index' && target.of.op === 'name' && target.of.scope === 'global' && isContainer(target.of.name, scope))
        return target.of.name;
      return undefined;
    }
    case 'call': {
      const { callee } = instr;
      if (callee.op !== 'attr' || !MUTATES.test(callee.name) || callee.of.op !== 'name' || callee.of.scope !== 'global') return undefined;
      return isContainer(callee.of.name, scope) ? callee.of.name : undefined;
    }
    default:
      return undefined;
  }
}

function isOwnVariable(name: string, scope: Scope): boolean {
  const module = scope.module.ir.functions[0];
  return module !== undefined && factsOf(scope.module, module).names.has(name) && !scope.module.topLevel.has(name) && !scope.module.imports.has(name);
}

/** A module variable that is bound to a list, dict or set display. */
function isContainer(name: string, scope: Scope): boolean {
  const module = scope.module.ir.functions[0];
  const defs = module && factsOf(scope.module, module).names.get(name);
  return defs !== undefined && isOfContainers(defs);
}

const isOfContainers = (defs: readonly Definition[]): boolean =>
  defs.length > 0 && defs.every((d) => d.kind === 'value' && (d.value.op === 'list' || d.value.op === 'dict' || d.value.op === 'set'));

/** A setup, teardown or fixture of the module mentions it: it looks after the state. */
function isTendedTo(name: string, context: RuleContext): boolean {
  const place = `g:${context.module.path}:${name}`;
  const hooks = [
    ...context.groups.flatMap((g) => [...g.setup, ...g.teardown, ...g.classSetup, ...g.classTeardown, ...g.moduleSetup, ...g.moduleTeardown]),
    ...context.fixtures.map((f) => f.scope),
  ];
  return hooks.some((h) => touches(h, [place], context.engine));
}

/** The test reads the variable before it gives it a value of its own. */
function readsFirst(name: string, scope: Scope): boolean {
  let answer: boolean | undefined;
  const is = (n: NameRef): boolean => n.scope === 'global' && n.name === name;
  forEachInstr(scope.fn.body, (i) => {
    if (answer !== undefined) return;
    if (i.op === 'assign' && i.target.op === 'name' && i.target.scope === 'global' && i.target.name === name)
      answer = nameInOperand(i.value, is) !== undefined;
    else if (changedGlobal(i, scope) === name && i.op === 'call' && i.callee.op === 'attr' && i.callee.name === 'clear') answer = false;
    else if (changedGlobal(i, scope) !== name && nameAnywhere(i, is)) answer = true;
  });
  return answer ?? false;
}

function firstMention(name: string, scope: Scope): NameRef | undefined {
  let found: NameRef | undefined;
  forEachInstr(scope.fn.body, (i) => {
    found ??= nameAnywhere(i, (n) => n.scope === 'global' && n.name === name);
  });
  return found;
}
