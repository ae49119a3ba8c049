/**
 * Was something called before a change of process state after which the state is put back wherever it goes from there?
 *
 * `monkeypatch.chdir(folder)` notes the folder that it leaves; what the test does afterwards with `os.chdir` is undone with it. The call
 * stands before the change in the same function, or in a fixture around it. Which calls do that is configuration (`managed: … calls`); one
 * that names a part (`monkeypatch.setenv("HOME", …)`) has only that part put back, and any part where the name is computed.
 */
import type { ManagedScope } from '../config/model.ts';
import { forEachInstr } from '../program/module.ts';
import type { Scope } from '../program/scope.ts';
import { operandAt } from './call-transfer.ts';
import type { Engine } from './engine.ts';
import type { Site } from './sites.ts';

/** `around`: the fixtures that are set up before. */
export function isPutBack({ scope, instr, after }: Site, scopes: readonly ManagedScope[], around: readonly Scope[], engine: Engine): boolean {
  const place = after[0]?.holders[0] ?? '';
  return scopes.some((m) =>
    m.calls.some((c) => calls(c, place, scope, instr.start, engine) || around.some((f) => calls(c, place, f, Number.POSITIVE_INFINITY, engine))),
  );
}

/** The function makes the call before `until`. */
function calls(pattern: ManagedScope['calls'][number], place: string, scope: Scope, until: number, engine: Engine): boolean {
  const patterns = engine.patternsFor(scope);
  let found = false;
  forEachInstr(scope.fn.body, (i) => {
    if (found || i.op !== 'call' || i.start >= until || !patterns.matches(engine.calls.info(i, scope).view, [pattern])) return;
    const part = pattern.part && operandAt(pattern.part, i.args, undefined);
    found = part?.op !== 'const' || place.endsWith(`[${JSON.stringify(part.value)}]`);
  });
  return found;
}
