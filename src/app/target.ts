/**
 * Which functions does `FILE::TEST` name?
 *
 * Opens a session on the file's project and finds them by qualified name or its end, for the commands that explain one function.
 * Without a name, all functions of the file.
 */
import { relative, sep } from 'node:path';
import { loadConfiguration } from '../config/load.ts';
import type { Scope } from '../program/scope.ts';
import { createParser } from '../syntax/parse.ts';
import { FileHost } from './host.ts';
import { UsageError } from './options.ts';
import { Session } from './session.ts';

export interface Opened {
  readonly session: Session;
  readonly scopes: readonly Scope[];
  readonly path: string;
}

/** Throws UsageError where the file cannot be read. */
export async function openTarget(file: string, name: string | undefined, root: string | undefined): Promise<Opened> {
  const configuration = await loadConfiguration({ cwd: process.cwd(), ...(root === undefined ? {} : { root }) });
  const session = new Session(new FileHost(configuration.root, await createParser()), configuration.packs);
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
  return { session, scopes, path };
}
