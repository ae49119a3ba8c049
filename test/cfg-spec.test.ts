/**
 * Are the graphs of Python code those that the specifications in test/spec/cfg print?
 *
 * Every function of a block is printed, its name first; the module body only where there is no function, or where it is the subject.
 * Each graph is verified on the way.
 */
import { fileURLToPath } from 'node:url';
import { buildCfg } from '../src/cfg/build.ts';
import type { Cfg } from '../src/cfg/cfg.ts';
import { printArrows, printCfg } from '../src/cfg/print.ts';
import { verifyCfg } from '../src/cfg/verify.ts';
import type { IrFunction } from '../src/ir/ir.ts';
import { lowerModule } from '../src/lower/module.ts';
import { createParser } from '../src/syntax/parse.ts';
import { runSpecs } from './spec.ts';

const parser = await createParser();

function isSubject(fn: IrFunction): boolean {
  return fn.kind !== 'module' || (fn.body.op === 'seq' && fn.body.items.some((item) => item.op !== 'run'));
}

function printAll(source: string, print: (cfg: Cfg) => string): string {
  const { functions } = lowerModule(parser.parse(source));
  const printed = functions.filter(isSubject).map((fn) => {
    const cfg = buildCfg(fn);
    const problems = verifyCfg(cfg);
    if (problems.length > 0) throw new Error(`${problems.join('\n')}\n${printCfg(cfg)}`);
    return { name: cfg.name, text: print(cfg) };
  });
  if (printed.length === 1) return printed[0].text;
  return printed.map(({ name, text }) => `== ${name}\n${text}`).join('\n');
}

runSpecs(fileURLToPath(new URL('./spec/cfg', import.meta.url)), {
  cfg: (source) => printAll(source, printCfg),
  arrows: (source) => printAll(source, printArrows),
});
