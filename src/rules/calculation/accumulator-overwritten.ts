/** Is a total or verdict set anew in each round of a loop, so that only the last round counts? */

import type { Step } from '../../findings/finding.ts';
import type { Instr, Operand, Stmt } from '../../ir/ir.ts';
import { forEachInstr, Kind } from '../../program/module.ts';
import type { Scope } from '../../program/scope.ts';
import { operandsIn, operandsOfInstr } from '../../suite/operands.ts';
import { hasName, localWalk, sets } from '../../typestate/local-walk.ts';
import { textOf } from '../../typestate/naming.ts';
import { defineRule, py, type Report, type RuleContext } from '../define.ts';
import { scopesHolding } from '../scopes.ts';

type Loop = Extract<Stmt, { op: 'loop' }>;

/** Names that say that the last one is meant. */
const LAST = /last|prev|curr|final|latest|newest|recent|^_|\bline\b|^i$|^n$|^x$|^y$/i;

export const accumulatorOverwritten = defineRule({
  id: 'accumulator-overwritten',
  title: 'Each round of the loop throws the others’ result away',
  pillar: 'calculation',
  cwe: ['CWE-682'],
  severity: 'warning',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'The name begins as a total or verdict (0, True, an empty list) and each round assigns it anew, without looking at what it was: after the loop it holds the last round only.',
    fix: 'Collect: `total += …`, `ok = ok and …`, `rows.extend(…)`; or assert in the loop.',
    bad: [
      py`
        def test_all_up(cloud):
            ok = True
            for server in cloud.servers():
                ok = server.ping()    # expect: accumulator-overwritten [a]
            assert ok    # step [a]: use
      `,
      py`
        import unittest

        class TestTotal(unittest.TestCase):
            def test_total(self):
                total = 0
                for row in self.client.rows():
                    total = row.price * row.count    # expect: accumulator-overwritten
                self.assertEqual(30, total)
      `,
      py`
        def test_pages(client):
            rows = []
            for page in client.pages():
                rows = page.rows()    # expect: accumulator-overwritten
            assert len(rows) == 30
      `,
    ],
    good: [
      py`
        def test_all_up(cloud):
            ok = True
            total = 0
            for server in cloud.servers():
                ok = ok and server.ping()
                total = total + server.load
            assert ok
            assert total
      `,
      py`
        def test_found(cloud):
            found = False
            for server in cloud.servers():
                if server.name == "a":
                    found = server.ping()
            assert found
            up = False
            for server in cloud.servers():
                up = server.ping()
                if up:
                    break
            assert up
      `,
      py`
        def test_last(client):
            last = 0
            for page in client.pages():
                last = page.number
            assert last == 3
            state = None
            for reply in client.replies():
                state = reply.state
            assert state == "done"
      `,
      py`
        def test_each(client):
            total = 0
            for row in client.rows():
                total = row.price * 2
                assert total < 30
            for attempt in range(3):
                total = client.total()
            assert total == 30
      `,
      py`
        def test_growing(client):
            total = 0
            for row in client.rows():
                total = client.add(row.price, total)
            assert total == 30
            text = ""
            for row in client.rows():
                text = f"{text}{row.name}"
            assert text
      `,
    ],
    misses: 'Attributes, loops with `break`, and `while` loops.',
  },
  check(context, report) {
    let sites = 0;
    for (const scope of scopesHolding(context, Kind.loop)) {
      const text = context.module.text.slice(scope.fn.start, scope.fn.end);
      if (!/\bfor\b/.test(text) || !/=\s*(0|0\.0|True|False|\[\]|\{\}|""|'')\s*(#.*)?$/m.test(text)) continue;
      for (const loop of loopsIn(scope.fn.body)) {
        for (const [name, instr] of overwritten(loop, scope)) {
          sites++;
          const found = judge(name, instr, loop, scope, context);
          if (found) report(found);
        }
      }
    }
    return sites;
  },
});

function loopsIn(body: Stmt): readonly Loop[] {
  const out: Loop[] = [];
  const visit = (s: Stmt): void => {
    switch (s.op) {
      case 'seq':
        s.items.forEach(visit);
        break;
      case 'if':
        visit(s.then);
        if (s.otherwise) visit(s.otherwise);
        break;
      case 'loop':
        if (s.kind === 'for') out.push(s);
        visit(s.body);
        break;
      case 'try':
        visit(s.body);
        if (s.otherwise) visit(s.otherwise);
        if (s.final) visit(s.final);
        break;
      case 'with':
        visit(s.body);
        break;
      default:
    }
  };
  visit(body);
  return out;
}

/** Locals that every round assigns plainly (in the loop's own straight line), and that nothing in the loop reads. */
function overwritten(loop: Loop, scope: Scope): readonly (readonly [string, Extract<Instr, { op: 'assign' }>])[] {
  const plain: Extract<Instr, { op: 'assign' }>[] = [];
  const straight = (s: Stmt): void => {
    if (s.op === 'seq') s.items.forEach(straight);
    else if (s.op === 'with') straight(s.body);
    else if (s.op === 'run')
      for (const i of s.instrs)
        if (i.op === 'assign' && i.target.op === 'name' && i.target.scope === 'local' && i.value.op !== 'const') plain.push(i);
  };
  straight(loop.body);
  if (plain.length === 0 || leavesEarly(loop.body)) return [];
  const read = operandsIn(loop.body).concat(operandsIn(loop.head));
  return plain.flatMap((instr) => {
    const { name } = instr.target as Extract<Operand, { op: 'name' }>;
    let assignments = 0;
    forEachInstr(loop.body, (i) => {
      if (sets(i, name)) assignments++;
    });
    const reads = read.filter((o) => o.op === 'name' && o.name === name && !(o.start === instr.target.start && o.end === instr.target.end));
    const isNested = scope.module.ir.functions.some(
      (f) => f.parent === scope.fn.index && new RegExp(`\\b${name}\\b`).test(scope.module.text.slice(f.start, f.end)),
    );
    return assignments === 1 && reads.length === 0 && !isNested && dependsOnRound(instr.value, loop, scope) ? [[name, instr] as const] : [];
  });
}

/** break, return, raise or continue: the loop is a search, or not every round gets to the assignment. */
function leavesEarly(body: Stmt): boolean {
  switch (body.op) {
    case 'break':
    case 'continue':
    case 'return':
    case 'raise':
      return true;
    case 'seq':
      return body.items.some(leavesEarly);
    case 'if':
      return leavesEarly(body.then) || (body.otherwise !== null && leavesEarly(body.otherwise));
    case 'loop':
      return leavesEarly(body.body);
    case 'with':
      return leavesEarly(body.body);
    case 'try':
      return true; // What the handlers make of it is not followed.
    case 'match':
      return body.cases.some((c) => leavesEarly(c.body));
    default:
      return false;
  }
}

/** The value is made of the loop's element: by name, or through what the round calls with it. */
function dependsOnRound(value: Operand, loop: Loop, scope: Scope): boolean {
  const names = new Set<string>();
  const temps = new Set<number>();
  const touches = (o: Operand): boolean =>
    (o.op === 'name' && names.has(o.name)) || (o.op === 'temp' && temps.has(o.id)) || operandsOfInstr(o).some(touches);
  forEachInstr(loop.head, (i) => {
    if (i.op === 'next') for (const n of scope.fn.locals) if (hasName(i.target, n)) names.add(n);
  });
  forEachInstr(loop.body, (i) => {
    if (i.op === 'call' && operandsOfInstr(i).some(touches)) temps.add(i.result);
    else if (i.op === 'await' && touches(i.value)) temps.add(i.result);
    else if (i.op === 'assign' && i.target.op === 'name' && touches(i.value)) names.add(i.target.name);
  });
  return touches(value);
}

function judge(name: string, instr: Extract<Instr, { op: 'assign' }>, loop: Loop, scope: Scope, context: RuleContext): Report | undefined {
  if (LAST.test(name)) return undefined;
  const cfg = context.engine.cfg(scope);
  const begin = cfg.instrs.findIndex(
    (i) => i.op === 'assign' && i.target.op === 'name' && i.target.name === name && i.end <= loop.start && startsTotal(i.value),
  );
  const from = cfg.instrs.indexOf(instr);
  if (begin < 0 || from < 0) return undefined;
  const reads = (o: Operand): boolean => (o.op === 'name' && o.name === name) || operandsOfInstr(o).some(reads);
  const goal = (i: Instr | undefined, test: Operand | undefined): Operand | undefined => {
    const at =
      i && i.start >= loop.end
        ? operandsOfInstr(i).find((o) => reads(o) && !(i.op === 'assign' && o === i.target))
        : test && test.start >= loop.end && reads(test)
          ? test
          : undefined;
    return at;
  };
  // What the loop begins with must get to the assignment, and what it assigns to a reader behind the loop.
  const start = localWalk({ cfg, scope, name, from: begin, truthy: true, goal: (i) => (i === instr ? instr.value : undefined) });
  const path = start && localWalk({ cfg, scope, name, from, truthy: true, goal });
  const end = path?.at(-1);
  if (!start || !path || !end) return undefined;
  const step = (kind: Step['kind'], at: { readonly start: number }, message: string): Step => ({
    kind,
    path: scope.module.path,
    ...context.position(scope.module, at.start),
    message,
  });
  const [first] = start;
  return {
    module: scope.module,
    start: instr.start,
    end: instr.end,
    test: scope.fn.qualifiedName,
    message: `each round sets ${name} anew: behind the loop it is that of the last round only`,
    pathKind: 'normal',
    witnesses: [
      {
        pathKind: 'normal',
        steps: [
          ...(first ? [step('acquire', first.at, `${name} begins here`)] : []),
          step('branch', loop, `each round sets ${textOf(scope.module, instr)}`),
          step('use', end.at, `reads what the last round left in ${name}`),
        ],
      },
    ],
  };
}

/** 0, True, False or something empty: what a total or verdict begins with. */
function startsTotal(value: Operand): boolean {
  if (value.op === 'const') return value.value === 0 || value.kind === 'bool';
  return (value.op === 'list' && value.items.length === 0) || (value.op === 'dict' && value.entries.length === 0);
}
