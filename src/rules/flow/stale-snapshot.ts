/** Is something read from a snapshot that was taken before it changed? */
import type { Instr, Operand } from '../../ir/ir.ts';
import { forEachInstr, instrsIn } from '../../program/module.ts';
import { factsOf, type Scope } from '../../program/scope.ts';
import { soundsLikeAssertion } from '../../typestate/assertions.ts';
import { textOf } from '../../typestate/naming.ts';
import { walkFrom } from '../../typestate/onward.ts';
import { changeOf, knowsState, mayBeSnapshot, type Snapshot, snapshotOf } from '../../typestate/snapshots.ts';
import { defineRule, py, type Report, type RuleContext } from '../define.ts';
import { callsThat } from '../placed.ts';
import { patternsOf } from '../scopes.ts';
import { bindsName } from './bindings.ts';
import { branchStep, isOuter, isTestModule, step } from './places.ts';

export const staleSnapshot = defineRule({
  id: 'stale-snapshot',
  title: 'Assertion about a snapshot that is out of date',
  pillar: 'flow',
  cwe: ['CWE-367'],
  severity: 'warning',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'The object was fetched before an action or a wait; what it says of values that change by themselves is the past. The assertion passes or fails by the moment of the fetch.',
    fix: 'Fetch it again after the wait, or use what the wait returns.',
    bad: [
      py`
        import oslotest
        import unittest

        class TestResize(unittest.TestCase):
            def test_fault(self):
                server = self._wait_for_server_parameter(self.server, {"status": "ERROR"})
                self._wait_for_migration_status(server, ["error"])
                self.assertIn("fault", server)    # expect: stale-snapshot
      `,
      py`
        import oslotest
        import unittest

        class TestStop(unittest.TestCase):
            def test_stop(self):
                server = self.api.get_server(self.server_id)
                self.api.post_server_action(server["id"], {"os-stop": None})
                self._wait_for_state_change(server, "SHUTOFF")
                self.assertEqual("SHUTOFF", server["status"])    # expect: stale-snapshot
      `,
      py`
        import oslotest
        import unittest

        class TestMove(unittest.TestCase):
            def test_move(self):
                server = self.api.get_server(self.server_id)
                server_id = server["id"]
                if self.live:
                    self._live_migrate(server_id)
                else:
                    self._wait_for_migration_status(server_id, ["done"])
                assert server.get("progress") == 100    # expect: stale-snapshot
      `,
    ],
    good: [
      py`
        import oslotest
        import unittest

        class TestResize(unittest.TestCase):
            def test_fault(self):
                server = self._wait_for_server_parameter(self.server, {"status": "ERROR"})
                self._wait_for_migration_status(server, ["error"])
                server = self.api.get_server(server["id"])
                self.assertIn("fault", server)
      `,
      py`
        import oslotest
        import unittest

        class TestStop(unittest.TestCase):
            def test_id(self):
                server = self.api.get_server(self.server_id)
                self._wait_for_state_change(server, "SHUTOFF")
                self.assertEqual(self.server_id, server["id"])
      `,
      py`
        import oslotest
        import unittest

        class TestMove(unittest.TestCase):
            def test_move(self):
                before = self.api.get_server(self.server_id)
                self._live_migrate(before)
                after = self.api.get_server(self.server_id)
                self.assertNotEqual(before["OS-EXT-SRV-ATTR:host"], after["OS-EXT-SRV-ATTR:host"])
      `,
      py`
        import oslotest
        import unittest

        class TestOther(unittest.TestCase):
            def test_other(self):
                first = self.api.get_server(self.first_id)
                second = self.api.get_server(self.second_id)
                self._wait_for_state_change(second, "ACTIVE")
                self.assertEqual("ACTIVE", first["status"])
      `,
      py`
        import oslotest
        import unittest

        class TestHost(unittest.TestCase):
            def test_host(self):
                server = self._wait_for_state_change(self.server, "ACTIVE")
                host = server["OS-EXT-SRV-ATTR:host"]
                self._live_migrate(server)
                server = self._wait_for_state_change(server, "ACTIVE")
                self.assertNotEqual(host, server["OS-EXT-SRV-ATTR:host"])
      `,
    ],
    misses: 'Snapshots kept in attributes and containers, and reads outside of assertions.',
  },
  check(context, report) {
    let sites = 0;
    const patterns = patternsOf(context);
    if (!isTestModule(context) || !knowsState(patterns)) return 0;
    for (const scope of new Set(callsThat(context, ({ callee }) => mayBeSnapshot(callee, context.module, patterns)).map((c) => c.scope))) {
      if (!isOuter(scope)) continue;
      const found: Snapshot[] = [];
      forEachInstr(scope.fn.body, (i) => {
        const snapshot = i.op === 'assign' ? snapshotOf(i, scope, context.engine) : undefined;
        if (snapshot) found.push(snapshot);
      });
      sites += found.length;
      const reported = new Set<number>();
      for (const snapshot of found) {
        for (const r of staleReads(snapshot, scope, context)) {
          if (reported.has(r.start)) continue;
          reported.add(r.start);
          report(r);
          break; // What follows on the same snapshot has the same cause.
        }
      }
    }
    return sites;
  },
});

interface Stale {
  readonly by: Instr | null;
}

function staleReads(snapshot: Snapshot, scope: Scope, context: RuleContext): readonly Report[] {
  const { engine } = context;
  const name = snapshot.name.op === 'name' ? snapshot.name.name : '';
  const out: Report[] = [];
  // Most snapshots are asked for ids and the like: then it does not matter what changes them.
  const isRead = instrsIn(scope.fn.body).some((i) => (i.op === 'assert' || i.op === 'call') && volatileRead(i, snapshot, name, scope) !== undefined);
  if (!isRead) return out;
  const seenAt = new Set<Instr>();
  walkFrom<Stale>(snapshot.instr, { by: null }, scope, engine, {
    key: (s) => (s.by ? s.by.start : -1),
    visit(instr, state, branches) {
      if ((instr.op === 'assign' || instr.op === 'next' || instr.op === 'augment') && bindsName(instr.target as Operand, name)) return null;
      if (instr.op === 'enter' && instr.target && bindsName(instr.target as Operand, name)) return null;
      if (state.by && !seenAt.has(instr)) {
        const read = volatileRead(instr, snapshot, name, scope);
        if (read) {
          seenAt.add(instr);
          out.push(finding(read, instr, state.by, branches()));
        }
      }
      if (instr.op !== 'call' || state.by) return state;
      const change = changeOf(instr, scope, engine);
      return change?.subjects.some((s) => snapshot.subjects.has(s)) ? { by: instr } : state;
    },
  });
  return out;

  function finding(key: string, instr: Instr, by: Instr, branches: readonly { readonly test: Operand; readonly outcome: boolean }[]): Report {
    const line = (i: Instr): number => context.position(scope.module, i.start).line;
    return {
      module: scope.module,
      start: instr.start,
      end: instr.end,
      test: scope.fn.qualifiedName,
      message: `'${key}' is read from ${name} as it was on line ${line(snapshot.instr)}, before ${textOf(scope.module, by)} on line ${line(by)}`,
      witnesses: [
        {
          pathKind: 'normal',
          steps: [
            step(context, scope, 'acquire', snapshot.instr.start, `${name} is fetched`),
            step(context, scope, 'call', by.start, `${textOf(scope.module, by)}: what ${name} shows may be over`),
            ...branches.map((b) => branchStep(context, scope, b.test, b.outcome)),
            step(context, scope, 'use', instr.start, `'${key}' is read from the old ${name}`),
          ],
        },
      ],
    };
  }
}

/** The volatile key of the snapshot that an assertion reads; undefined where it reads none, or compares it with another object's. */
function volatileRead(instr: Instr, snapshot: Snapshot, name: string, scope: Scope): string | undefined {
  const operands: Operand[] = instr.op === 'assert' ? [instr.test] : [];
  let isMembership = false;
  if (instr.op === 'call') {
    const method = instr.callee.op === 'attr' || instr.callee.op === 'name' ? instr.callee.name : '';
    if (!soundsLikeAssertion(method)) return undefined;
    isMembership = /In$/.test(method);
    operands.push(...instr.args.map((a) => a.value));
  }
  const mine: string[] = [];
  const others: string[] = [];
  for (const o of operands) keysIn(o, name, scope, mine, others, 0);
  const [member, holder] = operands;
  if (isMembership && member?.op === 'const' && holder?.op === 'name' && holder.name === name) mine.push(String(member.value));
  return mine.find((k) => snapshot.isVolatile(k) && !others.includes(k));
}

/** Constant keys and attributes read from local `name` (into `mine`) and from anything else (into `others`). */
function keysIn(operand: Operand, name: string, scope: Scope, mine: string[], others: string[], depth: number): void {
  if (depth > 6) return; // Expressions in assertions are not deeper.
  const into = (of: Operand, key: string): void => {
    (of.op === 'name' && of.name === name ? mine : others).push(key);
  };
  switch (operand.op) {
    case 'index':
      if (operand.key.op === 'const') into(operand.of, String(operand.key.value));
      keysIn(operand.of, name, scope, mine, others, depth + 1);
      break;
    case 'attr':
      into(operand.of, operand.name);
      keysIn(operand.of, name, scope, mine, others, depth + 1);
      break;
    case 'temp': {
      const def = factsOf(scope.module, scope.fn).temps[operand.id];
      if (def?.kind === 'value') keysIn(def.value, name, scope, mine, others, depth + 1);
      else if (def?.kind === 'result' && def.instr.op === 'call') {
        const { callee, args } = def.instr;
        const key = args[0]?.value;
        if (callee.op === 'attr' && callee.name === 'get' && key?.op === 'const') into(callee.of, String(key.value));
        else for (const a of args) keysIn(a.value, name, scope, mine, others, depth + 1);
      }
      break;
    }
    case 'compare': {
      const only = operand.rest[0];
      if (only && /in$/.test(only.operator) && operand.left.op === 'const' && only.value.op === 'name') into(only.value, String(operand.left.value));
      for (const o of [operand.left, ...operand.rest.map((r) => r.value)]) keysIn(o, name, scope, mine, others, depth + 1);
      break;
    }
    case 'boolean':
    case 'tuple':
    case 'list':
      for (const o of operand.items) keysIn(o, name, scope, mine, others, depth + 1);
      break;
    case 'unary':
      keysIn(operand.of, name, scope, mine, others, depth + 1);
      break;
    case 'binary':
      keysIn(operand.left, name, scope, mine, others, depth + 1);
      keysIn(operand.right, name, scope, mine, others, depth + 1);
      break;
    default:
  }
}
