/** Is an iterator walked through again after it has been used up? */
import type { Instr, Operand } from '../../ir/ir.ts';
import { forEachInstr, Kind } from '../../program/module.ts';
import { factsOf, type Scope } from '../../program/scope.ts';
import { calleeScope } from '../../typestate/assertions.ts';
import { bodyOnlyFails, walkFrom } from '../../typestate/onward.ts';
import { defineRule, py, type Report, type RuleContext } from '../define.ts';
import { scopesHolding } from '../scopes.ts';
import { bindsName } from './bindings.ts';
import { canBreak, loopOfNext } from './loops.ts';
import { branchStep, isTestModule, step } from './places.ts';

/** Python's own calls that return an iterator. */
const MAKES_ITERATOR =
  /^(map|filter|zip|iter|reversed|enumerate|csv\.(reader|DictReader)|os\.(walk|scandir)|re\.finditer|glob\.iglob|itertools\.(chain(\.from_iterable)?|islice|starmap|takewhile|dropwhile|product|combinations|permutations|groupby|zip_longest|accumulate|compress|filterfalse))$/;
/** Calls that take all there is. */
const CONSUMES = /^(list|tuple|set|frozenset|sorted|sum|max|min|dict|collections\.Counter)$/;
const CONSUMING_METHODS = /^(join|extend|assertCountEqual|assertItemsEqual)$/;

export const exhaustedIterator = defineRule({
  id: 'exhausted-iterator',
  title: 'Iterator is walked through a second time',
  pillar: 'flow',
  cwe: ['CWE-670'],
  severity: 'warning',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'An iterator can be walked through once. The second loop over it gets nothing, so what it asserts is never checked.',
    fix: 'Keep the elements: `items = list(items)`, and use the list from then on.',
    bad: [
      py`
        import unittest

        class TestZones(unittest.TestCase):
            def test_zones(self):
                zones = map(str.upper, self.client.zones())
                self.assertGreater(len(list(zones)), 0)
                for zone in zones:    # expect: exhausted-iterator
                    self.assertTrue(zone)
      `,
      py`
        import unittest

        def numbers():
            yield 1
            yield 2

        class TestNumbers(unittest.TestCase):
            def test_numbers(self):
                found = numbers()
                for number in found:
                    self.assertGreater(number, 0)
                for number in found:    # expect: exhausted-iterator
                    self.assertLess(number, 3)
      `,
      py`
        def test_squares():
            squares = (n * n for n in range(5))
            assert sum(squares) == 30
            for square in squares:    # expect: exhausted-iterator
                assert square >= 0
      `,
    ],
    good: [
      py`
        import unittest

        class TestZones(unittest.TestCase):
            def test_zones(self):
                zones = list(map(str.upper, self.client.zones()))
                self.assertGreater(len(list(zones)), 0)
                for zone in zones:
                    self.assertTrue(zone)

            def test_range(self):
                numbers = range(3)
                self.assertEqual(3, len(list(numbers)))
                for number in numbers:
                    self.assertTrue(number < 3)
      `,
      py`
        def test_header():
            rows = iter(["a", "b", "c"])
            for row in rows:
                if row == "a":
                    break
            for row in rows:
                assert row != "a"
      `,
      py`
        def test_again():
            for text in ("a", "b"):
                letters = map(str.upper, text)
                assert list(letters)
                letters = map(str.lower, text)
                for letter in letters:
                    assert letter
      `,
      py`
        import unittest

        class TestEmpty(unittest.TestCase):
            def test_used_up(self):
                found = iter([1, 2])
                self.assertEqual([1, 2], list(found))
                self.assertEqual([], list(found))
                for number in found:
                    self.fail("there is nothing left")
      `,
      py`
        def test_either(flag):
            found = map(int, "12")
            if flag:
                assert list(found) == [1, 2]
            else:
                for number in found:
                    assert number
      `,
    ],
    misses: 'Iterators kept in attributes and containers.',
  },
  check(context, report) {
    if (!isTestModule(context)) return 0;
    let sites = 0;
    for (const scope of scopesHolding(context, Kind.loop)) {
      if (!/\bfor\b/.test(scope.module.text.slice(scope.fn.start, scope.fn.end))) continue;
      for (const made of iteratorsOf(scope, context)) {
        sites++;
        const found = secondWalk(made, scope, context);
        if (found) report(found);
      }
    }
    return sites;
  },
});

type Assignment = Extract<Instr, { op: 'assign' }>;

/** Assignments of a fresh iterator to a local that is walked through somewhere. */
function iteratorsOf(scope: Scope, context: RuleContext): readonly Assignment[] {
  const walked = new Set<string>();
  const assigned: Assignment[] = [];
  forEachInstr(scope.fn.body, (i) => {
    if (i.op === 'next' && i.iterable.op === 'name' && i.iterable.scope === 'local') walked.add(i.iterable.name);
    else if (i.op === 'assign' && i.target.op === 'name' && i.target.scope === 'local' && i.value.op === 'temp') assigned.push(i);
  });
  if (walked.size === 0) return [];
  return assigned.filter((a) => a.target.op === 'name' && walked.has(a.target.name) && isIterator(a.value, scope, context));
}

function isIterator(value: Operand, scope: Scope, context: RuleContext): boolean {
  if (value.op !== 'temp') return false;
  const def = factsOf(scope.module, scope.fn).temps[value.id];
  if (def?.kind === 'value') return scope.module.text[def.instr.start] === '(' && def.value.op === 'list' && def.value.items.length === 0; // A generator expression.
  if (def?.kind !== 'result' || def.instr.op !== 'call') return false;
  const call = def.instr;
  const info = context.engine.calls.info(call, scope);
  const target = calleeScope(info, context.engine);
  if (target) return target.fn.isGenerator && !target.fn.isAsync && target.fn.decorators.length === 0;
  if (info.value?.kind === 'external' && MAKES_ITERATOR.test(info.view.importPath ?? '')) return true;
  return context.engine.patternsFor(scope).isIterator(info.view);
}

const FRESH = 0;
const USED = 1;

function secondWalk(made: Assignment, scope: Scope, context: RuleContext): Report | undefined {
  const { engine } = context;
  const name = made.target.op === 'name' ? made.target.name : '';
  const is = (o: Operand | undefined): boolean => o?.op === 'name' && o.scope === 'local' && o.name === name;
  const uses: Instr[] = [];
  let found: Report | undefined;
  walkFrom<number>(made, FRESH, scope, engine, {
    key: (s) => s,
    visit(instr, state, branches) {
      if (found) return null;
      switch (instr.op) {
        case 'assign':
        case 'augment':
        case 'delete':
          return bindsName(instr.target as Operand, name) ? null : state;
        case 'enter':
          return instr.target && bindsName(instr.target as Operand, name) ? null : state;
        case 'call': {
          if (state === USED || !instr.args.some((a) => is(a.value))) return state;
          const path = engine.calls.info(instr, scope).view.importPath;
          const method = instr.callee.op === 'attr' ? instr.callee.name : '';
          if (!(path !== undefined && CONSUMES.test(path)) && !CONSUMING_METHODS.test(method)) return state;
          uses.push(instr);
          return USED;
        }
        case 'next':
          if (bindsName(instr.target as Operand, name)) return null;
          if (state !== USED || !is(instr.iterable)) return state;
          if (!bodyOnlyFails(instr, scope, engine)) found = finding(instr, branches());
          return null;
        default:
          return state;
      }
    },
    exhausted(next, state) {
      if (state !== FRESH || !is(next.iterable) || !takesAll(next, scope)) return state;
      uses.push(next);
      return USED;
    },
  });
  return found;

  function finding(next: Extract<Instr, { op: 'next' }>, branches: readonly { readonly test: Operand; readonly outcome: boolean }[]): Report {
    const loop = loopOfNext(scope.fn, next);
    // Used up before the loop, by a loop inside it, or by itself in the round before of a loop around it.
    const usedBy =
      uses.find((u) => u.start < next.start) ??
      uses.find((u) => u.start > next.start && loop !== undefined && u.end <= loop.end) ??
      uses.find((u) => u === next);
    const line = usedBy ? ` on line ${context.position(scope.module, usedBy.start).line}` : '';
    const isWithin = usedBy !== undefined && usedBy.start > next.start;
    const steps = [step(context, scope, 'acquire', made.start, `${name} is made: an iterator`)];
    if (usedBy) steps.push(step(context, scope, 'use', usedBy.start, `${name} is used up`));
    for (const b of branches) steps.push(branchStep(context, scope, b.test, b.outcome));
    steps.push(step(context, scope, 'use', next.start, `${name} has nothing left: the loop body ${isWithin ? 'does not run again' : 'never runs'}`));
    return {
      module: scope.module,
      start: next.start,
      end: next.end,
      test: scope.fn.qualifiedName,
      message: isWithin
        ? `${name} is an iterator that is used up${line}, inside this loop: it runs only once`
        : usedBy === next
          ? `${name} is an iterator that this loop uses up: in the next round of the loop around it, it does not run`
          : `${name} is an iterator that has been used up${line}; this loop never runs`,
      witnesses: [{ pathKind: 'normal', steps }],
    };
  }
}

/** A loop without break takes every element; one with a break is often followed by another for the rest. */
function takesAll(next: Instr, scope: Scope): boolean {
  const loop = loopOfNext(scope.fn, next);
  return loop !== undefined && !canBreak(loop);
}
