/** Does a test change what a fixture gives to other tests too? */
import type { Instr, Operand } from '../../ir/ir.ts';
import { forEachInstr } from '../../program/module.ts';
import { factsOf } from '../../program/scope.ts';
import { type Fixture, fixturesOf } from '../../suite/discover.ts';
import { fixtureModules } from '../../suite/fixture-modules.ts';
import { textOf } from '../../typestate/naming.ts';
import { behind } from '../boundaries.ts';
import { defineRule, py, type RuleContext } from '../define.ts';
import { functionScopes } from '../scopes.ts';

const MUTATES = /^(append|extend|insert|add|update|setdefault|pop|popitem|remove|discard|clear|sort|reverse|appendleft|popleft)$/;
const MAKES = /^(list|dict|set|bytearray|collections\.(deque|defaultdict|OrderedDict|Counter))$/;

export const sharedMutableFixture = defineRule({
  id: 'shared-mutable-fixture',
  title: 'A test changes the value of a fixture that other tests get too',
  pillar: 'interaction',
  cwe: ['CWE-435'],
  severity: 'warning',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'The fixture is made once for a class, module or session. After this test the others get the changed value: they pass or fail by the order in which they run.',
    fix: 'Give the fixture the scope of a function, let it return a copy, or change a copy: `dict(settings, debug=True)`.',
    misses: 'Fixtures of plug-ins, and changes that helpers make.',
    bad: [
      py`
        import pytest

        @pytest.fixture(scope="module")
        def users():
            return ["ann"]

        def test_add(users):
            users.append("bob")    # expect: shared-mutable-fixture "users"
            assert len(users) == 2

        def test_first(users):
            assert users == ["ann"]
      `,
      py`
        import pytest

        @pytest.fixture(scope="session")
        def settings():
            values = {"debug": False}
            yield values

        def test_debug(settings):
            settings["debug"] = True    # expect: shared-mutable-fixture
      `,
      py`
        import pytest

        @pytest.fixture(scope="class", name="tags")
        def make_tags():
            return set()

        class TestTags:
            def test_tags(self, tags):
                tags.add("a")    # expect: shared-mutable-fixture
                assert tags
      `,
    ],
    good: [
      py`
        import pytest

        @pytest.fixture
        def users():
            return ["ann"]

        def test_add(users):
            users.append("bob")
      `,
      py`
        import pytest

        @pytest.fixture(scope="module")
        def users():
            return ["ann"]

        def test_add(users):
            users = list(users)
            users.append("bob")
      `,
      py`
        import pytest

        @pytest.fixture(scope="module")
        def settings():
            return {"debug": False}

        def test_debug(settings):
            settings["debug"] = True
            try:
                assert settings
            finally:
                settings["debug"] = False
      `,
      py`
        import pytest

        @pytest.fixture(scope="session")
        def settings():
            return {"debug": False}

        def test_debug(settings, monkeypatch):
            monkeypatch.setitem(settings, "debug", True)
            own = dict(settings)
            own["debug"] = None
      `,
      py`
        import pytest

        @pytest.fixture(scope="session")
        def make_users():
            made = []
            yield made.append
            made.clear()

        def test_make(make_users):
            make_users("ann")
      `,
    ],
  },
  check(context, report) {
    const shared = new Map<string, Fixture>();
    for (const f of fixturesAround(context))
      if (/^(class|module|package|session)$/.test(f.fixtureScope) && isMutable(f, context)) shared.set(f.name, f);
    // A nearer fixture of the same name with its own scope hides the shared one.
    for (const f of context.fixtures) if (f.fixtureScope === 'function') shared.delete(f.name);
    if (shared.size === 0) return 0;
    const { module } = context;
    for (const scope of functionScopes(context)) {
      const { fn } = scope;
      if (fn.kind !== 'function' || !fn.name.startsWith('test')) continue;
      for (const param of fn.params) {
        const fixture = shared.get(param.name);
        if (!fixture || (factsOf(module, fn).names.get(param.name)?.length ?? 0) > 1) continue;
        const changes: { instr: Instr; how: string }[] = [];
        forEachInstr(fn.body, (instr) => {
          const how = changeOf(instr, param.name);
          if (how !== undefined) changes.push({ instr, how });
        });
        const [first] = changes;
        // A second change of the same thing is the way back, until shown otherwise.
        if (!first || changes.length > 1) continue;
        report({
          module,
          start: first.instr.start,
          end: first.instr.end,
          test: fn.qualifiedName,
          message: `${textOf(module, first.instr)} changes ${param.name}, which the ${fixture.fixtureScope}'s other tests get too`,
        });
      }
    }
    return shared.size;
  },
});

/** The fixtures of the module, of the conftest.py files above it and of plug-ins that they name, the nearest last. */
function fixturesAround({ module, fixtures, engine }: RuleContext): readonly Fixture[] {
  if (!/\bfixture\b|\bdef test\w*\([^)]*\w/.test(module.text)) return [];
  const out: Fixture[] = [];
  for (const unit of fixtureModules(module, engine.values.program).toReversed())
    if (unit.text.includes('scope=')) out.push(...fixturesOf(unit, engine.values));
  return [...out, ...fixtures];
}

/** The fixture returns or yields a list, dictionary or set that it has just made. */
function isMutable({ scope }: Fixture, { engine }: RuleContext): boolean {
  let mutable = false;
  let other = false;
  const look = (value: Operand | null): void => {
    if (value === null) return;
    const at = behind(value, scope, engine);
    if (at.operand.op === 'list' || at.operand.op === 'dict' || at.operand.op === 'set') mutable = true;
    else {
      const def = at.operand.op === 'temp' ? factsOf(at.scope.module, at.scope.fn).temps[at.operand.id] : undefined;
      const path = def?.kind === 'result' && def.instr.op === 'call' ? engine.values.canonical(def.instr.callee, at.scope) : undefined;
      if (path !== undefined && MAKES.test(path)) mutable = true;
      else other = true;
    }
  };
  forEachInstr(scope.fn.body, (instr) => {
    if (instr.op === 'return' || instr.op === 'yield') look(instr.value);
  });
  return mutable && !other;
}

/** What the instruction changes in the named value; undefined where it changes nothing. */
function changeOf(instr: Instr, name: string): string | undefined {
  const is = (operand: Operand): boolean => operand.op === 'name' && operand.name === name && operand.scope === 'local';
  if (instr.op === 'call' && instr.callee.op === 'attr' && is(instr.callee.of) && MUTATES.test(instr.callee.name)) return instr.callee.name;
  if ((instr.op === 'assign' || instr.op === 'augment') && instr.target.op === 'index' && is(instr.target.of)) return 'item';
  return instr.op === 'delete' && instr.target.op === 'index' && is(instr.target.of) ? 'item' : undefined;
}
