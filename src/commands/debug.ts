/**
 * What did the analysis see of one function?
 *
 * Prints its IR, its control-flow graph (text or DOT), the ends of each obligation, or its summary. For people who ask why something was
 * or was not reported; nothing here is part of the run result. `lifecycle` prints what runs around the tests of a class or module.
 */
import { resolve } from 'node:path';
import { describeStates, describeSummary } from '../app/describe.ts';
import { describeLifecycle } from '../app/describe-lifecycle.ts';
import { UsageError } from '../app/options.ts';
import { type Opened, openTarget } from '../app/target.ts';
import { printCfg, printDot } from '../cfg/print.ts';
import { printFunction } from '../ir/print.ts';
import { type TestGroup, testGroups } from '../suite/discover.ts';

export async function debug(
  what: 'ir' | 'cfg' | 'states' | 'summary' | 'lifecycle',
  target: string,
  options: { readonly root: string | undefined; readonly dot: boolean },
): Promise<number> {
  const cut = target.indexOf('::');
  const file = cut < 0 ? target : target.slice(0, cut);
  const name = cut < 0 ? undefined : target.slice(cut + 2);
  const opened = await openTarget(resolve(file), name, options.root);
  if (what === 'lifecycle') return lifecycle(opened, name);
  if (opened.scopes.length === 0) throw new UsageError([`${file} has no function ${name ?? ''}`]);
  for (const scope of opened.scopes) {
    const text =
      what === 'ir'
        ? printFunction(scope.fn)
        : what === 'cfg'
          ? options.dot
            ? printDot(scope.module.cfg(scope.fn.index))
            : printCfg(scope.module.cfg(scope.fn.index))
          : what === 'states'
            ? describeStates(opened.session, scope)
            : describeSummary(opened.session, scope);
    process.stdout.write(`${text.trimEnd()}\n\n`);
  }
  return 0;
}

/** Prints the lifecycles of the test class that `name` is, or in which it is a test; of all groups of the module without a name. */
function lifecycle(opened: Opened, name: string | undefined): number {
  const { session, path } = opened;
  const module = session.program.module(path);
  const groups = module ? testGroups(module, session.values, session.engine.options.frameworks) : [];
  const wanted = name?.replaceAll('::', '.');
  const fits = (candidate: string): boolean => wanted === undefined || candidate === wanted || candidate.endsWith(`.${wanted}`);
  const shown = groups.filter((g: TestGroup) => (g.cls !== undefined && fits(g.cls.body.qualifiedName)) || g.tests.some((t) => fits(t.name)));
  if (shown.length === 0) throw new UsageError([`${path} has no tests ${name === undefined ? '' : `in ${name}`}`.trimEnd()]);
  for (const group of shown) process.stdout.write(`${describeLifecycle(session, group)}\n\n`);
  return 0;
}
