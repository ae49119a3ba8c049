/** Is there a path on which a count that is still zero is divided by? */

import type { Step } from '../../findings/finding.ts';
import { type Instr, type Operand, Operator, type Stmt } from '../../ir/ir.ts';
import { callBehind } from '../../program/call-site.ts';
import { forEachInstr } from '../../program/module.ts';
import type { Scope } from '../../program/scope.ts';
import { operandsOfInstr } from '../../suite/operands.ts';
import { hasName, localWalk, type WalkStep } from '../../typestate/local-walk.ts';
import { textOf } from '../../typestate/naming.ts';
import { defineRule, py, type RuleContext } from '../define.ts';
import { functionScopes } from '../scopes.ts';

export const unguardedDivision = defineRule({
  id: 'unguarded-division',
  title: 'A count that may still be zero is divided by',
  pillar: 'calculation',
  cwe: ['CWE-369'],
  severity: 'warning',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'The count begins at zero and there is a way to the division on which it was not raised: nothing matched, the loop had no element. The test then ends with ZeroDivisionError instead of saying what is missing.',
    fix: 'Assert first that there is something to count: `self.assertTrue(count)`.',
    bad: [
      py`
        def test_mean(client):
            total = 0
            count = 0    # expect: unguarded-division [a]
            for row in client.rows():    # step [a]: branch
                total += row.value
                count += 1
            assert total / count < 10    # step [a]: raise
      `,
      py`
        import unittest

        class TestLatency(unittest.TestCase):
            def test_mean(self):
                times = []    # expect: unguarded-division
                for reply in self.client.replies():
                    if reply.ok:
                        times.append(reply.time)
                mean = sum(times) / len(times)
                self.assertLess(mean, 3)
      `,
      py`
        def test_rate(jobs):
            done = 0    # expect: unguarded-division
            if jobs.ready:
                done += 1
            rate = 100 // done
            assert rate
      `,
    ],
    good: [
      py`
        def test_mean(client):
            total = count = 0
            for row in client.rows():
                total += row.value
                count += 1
            assert count
            assert total / count < 10
      `,
      py`
        def test_mean(client):
            count = 0
            for row in (1, 2, 3):
                count += 1
            assert 6 / count == 2
            seen = 0
            while seen < 3:
                seen += 1
            assert 6 / seen == 2
      `,
      py`
        import unittest

        class TestLatency(unittest.TestCase):
            def test_mean(self):
                times = []
                for reply in self.client.replies():
                    times.append(reply.time)
                self.assertEqual(3, len(times))
                self.assertLess(sum(times) / len(times), 3)
      `,
      py`
        def test_rate(jobs):
            done = 0
            for job in jobs:
                done += job.done
            rate = 100 // done if done else 0
            if done > 0:
                rate = 100 / done
            try:
                rate = 1 / done
            except ZeroDivisionError:
                rate = 0
            text = "%d" % done
            assert rate, text
      `,
      py`
        def test_filled_by_a_callback(server):
            times = []
            server.on_reply(times.append)
            server.run()
            seen = []
            server.collect(seen)
            assert sum(times) / len(times) < 3
            assert sum(seen) / len(seen) < 3
      `,
    ],
    misses: 'Counts that come from elsewhere, and attributes.',
  },
  check(context, report) {
    let sites = 0;
    const dividing = functionScopes(context).filter((s) => (s.fn.operators & Operator.division) !== 0);
    if (dividing.length === 0 || !/\s(=)\s*(0|0\.0|\[\]|set\(\)|\{\})\s*(#.*)?$/m.test(context.module.text)) return 0;
    for (const scope of dividing) {
      const text = context.module.text.slice(scope.fn.start, scope.fn.end);
      if (!/=\s*(0|0\.0|\[\])\s*(#.*)?$/m.test(text) || !/[^/]\/[^/=]|\/\/|%\s*[a-z(]/.test(text)) continue;
      for (const name of divisors(scope)) {
        sites++;
        const found = zeroPath(name, scope, context);
        if (!found) continue;
        const [first] = found;
        const last = found.at(-1) as WalkStep;
        report({
          module: scope.module,
          start: (first as WalkStep).at.start,
          end: (first as WalkStep).at.end,
          test: scope.fn.qualifiedName,
          message: `${name} may still be ${first && isList(first, scope) ? 'empty' : 'zero'} where ${textOf(scope.module, last.at)} divides by ${isList(first as WalkStep, scope) ? 'its length' : 'it'}`,
          pathKind: 'normal',
          witnesses: [{ pathKind: 'normal', steps: found.map((s) => stepOf(s, name, scope, context)) }],
        });
      }
    }
    return sites;
  },
});

const isList = (first: WalkStep, scope: Scope): boolean => scope.module.text.slice(first.at.start, first.at.end).trimEnd().endsWith(']');

/** The local that a divisor is, or whose length it is. */
function divisorName(divisor: Operand, scope: Scope): string | undefined {
  if (divisor.op === 'name' && divisor.scope === 'local') return divisor.name;
  const call = divisor.op === 'temp' ? callBehind(divisor, scope) : undefined;
  if (divisor.op === 'temp' && call?.callee.op === 'name' && /^(float|len|int)$/.test(call.callee.name) && call.args.length === 1)
    return divisorName((call.args[0] as { value: Operand }).value, scope);
  return undefined;
}

/** Divisions by a local in an operand, but for those that a conditional expression or `and` guards. */
function divisionsIn(operand: Operand, visit: (division: Extract<Operand, { op: 'binary' }>) => void): void {
  if (operand.op === 'choice') return;
  if (operand.op === 'boolean') {
    const [head] = operand.items;
    if (head) divisionsIn(head, visit);
    return;
  }
  if (operand.op === 'binary') {
    const isText = (operand.left.op === 'const' && operand.left.kind !== 'int' && operand.left.kind !== 'float') || operand.left.op === 'format';
    if (/^(\/|\/\/|%)$/.test(operand.operator) && !isText && !(operand.operator === '%' && operand.left.op !== 'const' && operand.left.op !== 'name'))
      visit(operand);
    divisionsIn(operand.left, visit);
    divisionsIn(operand.right, visit);
    return;
  }
  for (const inner of operandsOfInstr(operand)) divisionsIn(inner, visit);
}

function divisors(scope: Scope): ReadonlySet<string> {
  const out = new Set<string>();
  forEachInstr(scope.fn.body, (i) => {
    for (const o of operandsOfInstr(i)) {
      divisionsIn(o, (d) => {
        const name = divisorName(d.right, scope);
        if (name !== undefined && !(d.operator === '%' && d.left.op === 'name')) out.add(name);
      });
    }
    if (i.op === 'augment' && /^(\/|\/\/)=?$/.test(i.operator)) {
      const name = divisorName(i.value, scope);
      if (name !== undefined) out.add(name);
    }
  });
  return out;
}

function zeroPath(name: string, scope: Scope, context: RuleContext): readonly WalkStep[] | undefined {
  const defs = context.engine.facts(scope).names.get(name) ?? [];
  if (context.engine.facts(scope).assignedInside.has(name) || isCaught(scope.fn.body)) return undefined;
  const zero = defs.filter(
    (d) =>
      d.kind === 'value' &&
      ((d.value.op === 'const' && d.value.value === 0 && d.value.kind !== 'bool') || (d.value.op === 'list' && d.value.items.length === 0)),
  );
  if (zero.length === 0) return undefined;
  const cfg = context.engine.cfg(scope);
  for (const d of zero) {
    const from = d.instr === null ? -1 : cfg.instrs.indexOf(d.instr);
    if (from < 0 || d.kind !== 'value') continue;
    const list = d.value.op === 'list';
    if (list ? !isFilledHere(name, scope) : !defs.some((o) => o.instr?.op === 'augment' || (o.kind === 'value' && o !== d && hasName(o.value, name))))
      continue;
    const path = localWalk({
      cfg,
      scope,
      name,
      from,
      truthy: false,
      goal(instr) {
        let found: Operand | undefined;
        if (instr)
          for (const o of operandsOfInstr(instr))
            divisionsIn(o, (div) => {
              if (!found && divisorName(div.right, scope) === name && isLength(div.right, scope) === list) found = div;
            });
        return found;
      },
      changes: (instr) => list && fills(instr, name),
    });
    if (path) return path;
  }
  return undefined;
}

const isLength = (o: Operand, scope: Scope): boolean => {
  const call = o.op === 'temp' ? callBehind(o, scope) : undefined;
  if (call?.callee.op !== 'name') return false;
  return call.callee.name === 'len' || isLength((call.args[0] as { value: Operand }).value, scope);
};

/** `times.append(x)`: the list has something now. */
function fills(instr: Instr, name: string): boolean {
  return (
    instr.op === 'call' &&
    instr.callee.op === 'attr' &&
    instr.callee.of.op === 'name' &&
    instr.callee.of.name === name &&
    /^(append|add|extend|insert|appendleft|update)$/.test(instr.callee.name)
  );
}

/** The list is only appended to in plain sight: handed to nobody, used in no nested function. */
function isFilledHere(name: string, scope: Scope): boolean {
  let filled = false;
  let shared = false;
  forEachInstr(scope.fn.body, (i) => {
    if (fills(i, name)) filled = true;
    else if (i.op === 'call') {
      const known =
        i.callee.op === 'name' &&
        /^(any|len|sum|min|max|sorted|print|str|repr|float|abs|all|set|tuple|list|map|filter|zip|enumerate)$/.test(i.callee.name);
      if (!known && i.args.some((a) => hasName(a.value, name) || (a.value.op === 'attr' && hasName(a.value.of, name))))
        shared ||= !(i.callee.op === 'attr' && /^(mean|median|average|stdev|assert\w*|debug|info)$/.test(i.callee.name));
    } else if (i.op === 'assign' && i.target.op !== 'name' && hasName(i.value, name)) shared = true;
    else if (i.op === 'augment' && i.target.op === 'name' && i.target.name === name) shared = true;
  });
  const nested = scope.module.ir.functions.some(
    (f) =>
      f.index !== scope.fn.index &&
      f.start >= scope.fn.start &&
      f.end <= scope.fn.end &&
      new RegExp(`\\b${name}\\b`).test(scope.module.text.slice(f.start, f.end)),
  );
  return filled && !shared && !nested;
}

/** A handler that waits for the division by zero. */
function isCaught(body: Stmt): boolean {
  const todo: Stmt[] = [body];
  while (todo.length > 0) {
    const s = todo.pop() as Stmt;
    if (s.op === 'try') {
      if (s.handlers.some((h) => h.types === null || JSON.stringify(h.types).match(/ZeroDivisionError|ArithmeticError|"Exception"|BaseException/)))
        return true;
      todo.push(s.body, ...(s.otherwise ? [s.otherwise] : []), ...(s.final ? [s.final] : []), ...s.handlers.map((h) => h.body));
    } else if (s.op === 'seq') todo.push(...s.items);
    else if (s.op === 'if') todo.push(s.then, ...(s.otherwise ? [s.otherwise] : []));
    else if (s.op === 'loop' || s.op === 'with') todo.push(s.body);
  }
  return false;
}

function stepOf(step: WalkStep, name: string, scope: Scope, context: RuleContext): Step {
  const { line, column } = context.position(scope.module, step.at.start);
  const at = { path: scope.module.path, line, column };
  if (step.kind === 'set') return { ...at, kind: 'acquire', message: `${name} is set here` };
  if (step.kind === 'reach') return { ...at, kind: 'raise', message: 'raises ZeroDivisionError' };
  if (step.isLoop) return { ...at, kind: 'branch', message: step.outcome ? 'has an element' : 'has no more elements' };
  return { ...at, kind: 'branch', message: step.outcome ? 'is true' : 'is false' };
}
