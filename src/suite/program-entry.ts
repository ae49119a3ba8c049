/**
 * Is this function what a program does, run by `if __name__ == "__main__":` and by nobody else in its file?
 *
 * A script that a test starts as a child, or that people run by hand, stands among the tests. What it opens lives as long as its process:
 * a server listens until it is killed, a log is closed by the interpreter's end. What it leaves on the disk or elsewhere is another matter.
 */
import type { Stmt } from '../ir/ir.ts';
import { callsIn, type ModuleUnit } from '../program/module.ts';
import type { Scope } from '../program/scope.ts';

/** True for a function of the module's own that the guard calls. */
export function isProgramEntry({ module, fn }: Scope): boolean {
  return module.topLevel.get(fn.name) === fn.index && entriesOf(module).has(fn.name);
}

/** Names under which a framework collects tests. */
const COLLECTED = /^test|_tests?$|^tests$|^conftest$/;

const programs = new WeakMap<ModuleUnit, boolean>();

/**
 * The file is run as a program, its tests in a process of their own: it has the guard, and its name is none that is collected. Misses: a file
 * of tests with a name of its own, that people list on the command line (samples/14-process-state).
 */
export function isProgram(module: ModuleUnit): boolean {
  let known = programs.get(module);
  if (known === undefined) {
    const [code] = module.ir.functions;
    const name = module.path.replace(/(\/__init__)?\.py$/, '').replace(/^.*\//, '');
    programs.set(module, (known = !COLLECTED.test(name) && code?.body.op === 'seq' && code.body.items.some(isGuard)));
  }
  return known;
}

const entryCache = new WeakMap<ModuleUnit, ReadonlySet<string>>();

/** The names that are called under the guard, and nowhere else in the file. */
function entriesOf(module: ModuleUnit): ReadonlySet<string> {
  const known = entryCache.get(module);
  if (known) return known;
  const names = new Set<string>();
  const [code, ...functions] = module.ir.functions;
  for (const s of code?.body.op === 'seq' ? code.body.items : []) if (isGuard(s)) for (const name of calledIn(s.then)) names.add(name);
  if (names.size > 0) for (const fn of functions) for (const name of calledIn(fn.body)) names.delete(name);
  entryCache.set(module, names);
  return names;
}

function calledIn(body: Stmt): readonly string[] {
  return callsIn(body).flatMap(({ callee }) => (callee.op === 'name' ? [callee.name] : []));
}

/** `if __name__ == "__main__":` */
function isGuard(s: Stmt): s is Extract<Stmt, { op: 'if' }> {
  if (s.op !== 'if' || s.test.op !== 'compare' || s.test.left.op !== 'name' || s.test.left.name !== '__name__') return false;
  const [only] = s.test.rest;
  return s.test.rest.length === 1 && only?.operator === '==' && only.value.op === 'const' && only.value.value === '__main__';
}
