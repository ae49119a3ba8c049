/** `campsite debug`: what the analysis saw of one function, as text: its IR, its graph, the ends of each obligation, its summary. */
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
