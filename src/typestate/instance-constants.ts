/**
 * Which attributes of a test's instance are the same for as long as a test runs?
 *
 * `slow = int(os.environ.get("SLOW", 0))` in the class body, or what `setUp` gives once: a hook that acquires `if self.slow:` and one that releases
 * `if self.slow:` agree. So do properties that only ask for such attributes and for what the platform has. What is a collection may be filled meanwhile.
 */
import type { Operand, Stmt } from '../ir/ir.ts';
import { forEachInside, operandsOf } from '../ir/operands.ts';
import { callBehind } from '../program/call-site.ts';
import type { ClassUnit } from '../program/classes.ts';
import { callsIn } from '../program/module.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import { methodScope, type Values } from '../program/values.ts';

/** Functions that run once for an instance, before its test. */
const ONCE = /^(__init__|(async)?set_?up(_?class|_method)?)$/i;
/** Questions to what does not change. */
const STABLE = /^(hasattr|isinstance|bool|callable)$/;
/** Properties that ask properties. */
const MAX_DEPTH = 3;

/** `self.name` where the name is given one value, once, before the test. */
export function isSettledAttribute(test: Operand, scope: Scope, values: Values, depth = 0): boolean {
  if (test.op !== 'attr' || test.of.op !== 'name' || !scope.cls || depth > MAX_DEPTH) return false;
  if (test.of.name !== factsOf(scope.module, scope.fn).receiver?.name) return false;
  const given = values.assignedTo(scope.cls, test.name);
  if (given.some((g) => isCollection(g.value, g.scope))) return false;
  if (given.length > 0) return given.every((g) => g.scope.fn.kind === 'class') || (given.length === 1 && ONCE.test(given[0]?.scope.fn.name ?? ''));
  return isSettledProperty(scope.cls, test.name, values, depth);
}

/** The key of a fact about an instance of that class: in the functions of another class the attribute is another one. */
export function keyOfInstance(key: string, cls: ClassUnit | undefined): string {
  return cls && key.includes('@.') ? `${cls.module.name}.${cls.body.qualifiedName} ${key}` : key;
}

function isCollection(value: Operand, scope: Scope): boolean {
  if (value.op === 'list' || value.op === 'dict' || value.op === 'set') return true;
  const call = callBehind(value, scope);
  return call?.callee.op === 'name' && /^(list|dict|set|deque|defaultdict|OrderedDict)$/.test(call.callee.name);
}

function isSettledProperty(cls: ClassUnit, name: string, values: Values, depth: number): boolean {
  const ref = values.classes.method(cls, name);
  if (!ref) return false;
  const scope = methodScope(ref, cls);
  const { fn } = scope;
  if (fn.decorators.length !== 1 || !fn.decorators.every((d) => d.op === 'name' && /^(cached_)?property$/.test(d.name))) return false;
  const receiver = factsOf(scope.module, fn).receiver?.name;
  let isSettled = callsIn(fn.body).every((c) => c.callee.op === 'name' && STABLE.test(c.callee.name));
  const visit = (o: Operand): void => {
    if (o.op === 'attr' && o.of.op === 'name' && o.of.name === receiver) isSettled &&= isSettledAttribute(o, scope, values, depth + 1);
    else forEachInside(o, (inner) => visit(inner as Operand));
  };
  const todo: Stmt[] = [fn.body];
  for (let s = todo.pop(); s && isSettled; s = todo.pop()) {
    if (s.op === 'seq') todo.push(...s.items);
    else if (s.op === 'run') for (const instr of s.instrs) operandsOf(instr).forEach((o) => visit(o as Operand));
    else if (s.op === 'return') operandsOf(s.instr).forEach((o) => visit(o as Operand));
    else if (s.op === 'if') {
      visit(s.test);
      todo.push(s.then, ...(s.otherwise ? [s.otherwise] : []));
    } else return false;
  }
  return isSettled;
}
