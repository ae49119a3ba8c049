/**
 * Which functions does `FILE::TEST` name?
 *
 * Opens a session on the file's project and finds them by qualified name or its end, for the commands that explain one function.
 * Without a name, all functions of the file.
 */
import { relative, sep } from 'node:path';
import { type Configuration, loadConfiguration } from '../config/load.ts';
import type { Scope } from '../program/scope.ts';
import { createParser } from '../syntax/parse.ts';
import { problemLine } from './config-problems.ts';
import { FileHost } from './host.ts';
import { UsageError } from './options.ts';
import { Session } from './session.ts';
import { VERSION } from './version.ts';

export interface Opened {
  readonly configuration: Configuration;
  readonly session: Session;
  readonly scopes: readonly Scope[];
  readonly path: string;
}

/** Throws UsageError where the configuration is wrong or the file cannot be read. */
export async function openTarget(file: string, name: string | undefined, root: string | undefined, configPath?: string): Promise<Opened> {
  const configuration = await loadConfiguration({
    cwd: process.cwd(),
    version: VERSION,
    ...(root === undefined ? {} : { root }),
    ...(configPath === undefined ? {} : { configPath }),
  });
  if (configuration.problems.length > 0) throw new UsageError(configuration.problems.map(problemLine));
  const session = new Session(new FileHost(configuration.root, await createParser()), configuration.packs, configuration.settings.runner);
  const path = relative(configuration.root, file).split(sep).join('/');
  const module = session.program.module(path);
  if (!module) throw new UsageError([`${path} cannot be read`]);
  const wanted = name?.replaceAll('::', '.');
  const scopes: Scope[] = [];
  for (const fn of module.ir.functions) {
    if (wanted !== undefined && fn.qualifiedName !== wanted && !fn.qualifiedName.endsWith(`.${wanted}`)) continue;
    let parent = fn.parent === null ? undefined : module.ir.functions[fn.parent];
    while (parent && parent.kind !== 'class' && parent.parent !== null) parent = module.ir.functions[parent.parent];
    const cls = parent?.kind === 'class' ? session.values.classes.get(module, parent.index) : undefined;
    scopes.push({ module, fn, cls, definedIn: cls });
  }
  return { configuration, session, scopes, path };
}
