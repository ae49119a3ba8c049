/**
 * Learns from a project's tests: which files are read, with which packs, and what comes of it as text.
 *
 * Reads what a check would analyse, and besides it the modules of the base classes: what they register for their subclasses is half of
 * what there is to learn. Beyond a limit only every n-th file is read, which the text says. Throws UsageError for wrong configurations.
 */
import { type LineTable, positionAt } from '../base/lines.ts';
import { shippedPacks } from '../config/load-packs.ts';
import { collectPairs } from '../learn/pairs.ts';
import { type Proposal, propose } from '../learn/proposals.ts';
import type { Reading } from '../learn/uses.ts';
import { writeProposals } from '../learn/yaml.ts';
import type { ModuleUnit } from '../program/module.ts';
import { createParser } from '../syntax/parse.ts';
import { plan } from './analyze.ts';
import { FileHost } from './host.ts';
import { type AnalyzeOptions, UsageError } from './options.ts';
import { costsOf } from './partition.ts';
import { Session } from './session.ts';
import { VERSION } from './version.ts';

export interface LearnOptions extends Pick<AnalyzeOptions, 'root' | 'cwd' | 'paths' | 'configPath' | 'onFile'> {
  /** How many proposals are written. */
  readonly limit: number;
}

export interface LearnResult {
  /** YAML that can be pasted. */
  readonly text: string;
  /** What the text holds, the best first. */
  readonly proposals: readonly Proposal[];
  readonly session: Session;
}

/**
 * What is learned from half the files is learned from all of them: beyond this, files are left out evenly. Reading alone takes about 30 bytes of
 * memory a byte of source, and all of it must be there at once: 700 MB.
 */
const MAX_BYTES = 24_000_000;

export async function learn(options: LearnOptions): Promise<LearnResult> {
  const { configuration, root, files } = await plan(options);
  const missing = files.problems.filter((p) => options.paths.includes(p.path));
  if (missing.length > 0) throw new UsageError(missing.map((p) => `${p.path}: ${p.message}`));
  const every = Math.ceil(costsOf(root, files.files).reduce((a, b) => a + b, 0) / MAX_BYTES);
  const wanted = files.files.filter((_path, i) => every <= 1 || i % every === 0);
  const host = new FileHost(root, await createParser());
  const session = new Session(host, configuration.packs, configuration.settings.runner);
  const modules = readModules(session, wanted, options.onFile);
  const frameworks = session.engine.options.frameworks;
  const reading: Reading = {
    values: session.values,
    patternsOf: (module) => session.patternsOf(module),
    teardowns: new Set(frameworks.flatMap((f) => [...f.teardown, ...f.classTeardown, ...f.moduleTeardown])),
  };
  const learned = collectPairs(modules, reading);
  const { packs: shipped } = await shippedPacks();
  const taken = new Set([...configuration.packs, ...shipped].flatMap((p) => [...p.resources, ...p.state].map(({ kind }) => kind)));
  const proposals = propose(learned.acquired, taken).slice(0, options.limit);
  const text = writeProposals({
    proposals,
    registrations: learned.registrations,
    indirections: learned.indirections,
    locate: (module, offset) => lineAt(host.lines(module.path, module.text), module.text, offset),
    files: wanted.length,
    all: files.files.length,
    version: VERSION,
  });
  return { text, proposals, session };
}

/** The files, and below the root the modules of classes that they inherit from. */
function readModules(session: Session, files: readonly string[], onFile: LearnOptions['onFile']): readonly ModuleUnit[] {
  const { program, values } = session;
  const modules: ModuleUnit[] = [];
  const queue = [...files];
  const known = new Set(queue);
  for (let i = 0; i < queue.length; i++) {
    onFile?.(i, queue.length);
    const module = program.module(queue[i] as string);
    if (!module) continue;
    modules.push(module);
    for (const fn of module.ir.functions) {
      if (fn.kind !== 'class') continue;
      for (const base of values.classes.get(module, fn.index).externalBases) {
        const name = base.slice(0, Math.max(base.lastIndexOf('.'), 0));
        const path = name === '' || program.isOpaque(name) ? undefined : program.locate(name, module);
        if (path === undefined || known.has(path)) continue;
        known.add(path);
        queue.push(path);
      }
    }
  }
  return modules;
}

function lineAt(table: LineTable, text: string, offset: number): { readonly line: number; readonly text: string } {
  const { line } = positionAt(table, offset);
  return { line, text: text.slice(table.starts[line - 1], table.starts[line] ?? text.length) };
}
