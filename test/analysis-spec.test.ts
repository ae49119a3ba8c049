/**
 * Does the analysis see in the blocks of test/spec/summaries, states and lifecycles what stands there?
 *
 * A block is analysed as the only file of a project, with the packs that campsite ships. A line `# file: PATH` begins another file of
 * that project. `summary` and `states` print every function that has something to say, `lifecycle` every group of tests.
 */
import { fileURLToPath } from 'node:url';
import { describeStates, describeSummary } from '../src/app/describe.ts';
import { describeLifecycle } from '../src/app/describe-lifecycle.ts';
import { FileHost } from '../src/app/host.ts';
import { Session } from '../src/app/session.ts';
import { loadConfiguration } from '../src/config/load.ts';
import type { ModuleUnit } from '../src/program/module.ts';
import type { Scope } from '../src/program/scope.ts';
import { testGroups } from '../src/suite/discover.ts';
import { createParser } from '../src/syntax/parse.ts';
import { projectRoot } from './files.ts';
import { runSpecs } from './spec.ts';

/** The block's file; no file of this name is on the disk. */
const FILE = 'test_spec.py';

const { packs } = await loadConfiguration({ cwd: projectRoot, root: `${projectRoot}/test`, configPath: null });
const parser = await createParser();

function open(source: string): { session: Session; module: ModuleUnit } {
  const host = new FileHost(`${projectRoot}/test`, parser);
  const parts = source.split(/^# file: (\S+)\n/m);
  host.virtual.set(FILE, parts[0]);
  for (let i = 1; i < parts.length; i += 2) host.virtual.set(parts[i], parts[i + 1]);
  const session = new Session(host, packs);
  const module = session.program.module(FILE);
  if (!module) throw new Error('the block cannot be read');
  return { session, module };
}

function scopeOf(session: Session, module: ModuleUnit, index: number): Scope {
  const fn = module.ir.functions[index];
  let parent = fn.parent === null ? undefined : module.ir.functions[fn.parent];
  while (parent && parent.kind !== 'class' && parent.parent !== null) parent = module.ir.functions[parent.parent];
  const cls = parent?.kind === 'class' ? session.values.classes.get(module, parent.index) : undefined;
  return { module, fn, cls, definedIn: cls };
}

/** The texts of all functions but those that say nothing. */
function each(source: string, print: (session: Session, scope: Scope) => string, isSilent: (text: string) => boolean): string {
  const { session, module } = open(source);
  const texts = module.ir.functions.filter((fn) => fn.kind === 'function').map((fn) => print(session, scopeOf(session, module, fn.index)));
  return texts.filter((text) => !isSilent(text)).join('\n');
}

const printers = {
  states: (source: string) => each(source, describeStates, (text) => !text.includes('\n')),
  summary: (source: string) => each(source, describeSummary, (text) => text.endsWith('brings and registers nothing')),
  lifecycle: (source: string) => {
    const { session, module } = open(source);
    const groups = testGroups(module, session.values, session.engine.options.frameworks);
    return groups.map((g) => describeLifecycle(session, g)).join('\n');
  },
};

for (const folder of ['summaries', 'states', 'lifecycles']) runSpecs(fileURLToPath(new URL(`spec/${folder}`, import.meta.url)), printers);
