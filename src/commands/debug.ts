/**
 * What did the analysis see of one function?
 *
 * Prints its IR, its control-flow graph (text or DOT), the ends of each obligation, or its summary. For people who ask why something was
 * or was not reported; nothing here is part of the run result.
 */
import { resolve } from 'node:path';
import { describeStates, describeSummary } from '../app/describe.ts';
import { UsageError } from '../app/options.ts';
import { openTarget } from '../app/target.ts';
import { printCfg, printDot } from '../cfg/print.ts';
import { printFunction } from '../ir/print.ts';

export async function debug(
  what: 'ir' | 'cfg' | 'states' | 'summary',
  target: string,
  options: { readonly root: string | undefined; readonly dot: boolean },
): Promise<number> {
  const [file, name] = target.split('::', 2) as [string, string | undefined];
  const opened = await openTarget(resolve(file), name, options.root);
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
