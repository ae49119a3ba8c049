/**
 * What holds for a project? Finds its configuration file, follows `extends`, merges settings, and lists the packs that may switch on.
 *
 * Nothing throws for what a file says: problems are data, and what could be read is still returned. `extends` names packs or files inside
 * the root; a ring is a problem that names its members. Packs that a file extends are on whatever is imported; all others keep their
 * `applies-to`. The order of `packs` is the order of precedence: the project's own first.
 */
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import type { FoundFile } from './discover.ts';
import { describeFile, findConfiguration, isFile } from './discover.ts';
import type { ReadDocument } from './document.ts';
import { shippedPacks } from './load-packs.ts';
import type { Pack } from './model.ts';
import { type ConfigProblem, nearest, problemAt } from './problems.ts';
import type { OwnPack } from './references.ts';
import type { Sections } from './schema-pack.ts';
import type { ProjectFile } from './schema-project.ts';
import type { Settings } from './settings.ts';
import { applySettings, DEFAULT_SETTINGS } from './settings.ts';
import type { Statement } from './statements.ts';

export interface LoadOptions {
  /** Where relative paths of the command line start. */
  readonly cwd: string;
  /** Where the search for a file starts; default cwd. */
  readonly from?: string;
  /** The project's root, if it is given; else the configuration file's folder, else cwd. */
  readonly root?: string;
  /** A file named on the command line, relative to cwd; null: read none. */
  readonly configPath?: string | null;
  /** The running version, checked against `required-version`. */
  readonly version?: string;
}

export interface Configuration {
  /** Absolute. */
  readonly root: string;
  readonly settings: Settings;
  /** All packs that are on or may switch on (`selectPacks`), the project's own first. */
  readonly packs: readonly Pack[];
  /** Files that were read, absolute, the main file first. */
  readonly files: readonly string[];
  readonly problems: readonly ConfigProblem[];
  /** What each file says, setting by setting, in the order of merging. */
  readonly statements: readonly Statement[];
  /** The packs among `packs` that the project's own files describe, with the files, in the order of merging. */
  readonly own: readonly OwnPack[];
  /** Where a setting of the main file stands, for complaints of those who know more (rule ids). */
  locate(key: readonly PropertyKey[]): { readonly file: string; readonly line: number; readonly column: number };
}

interface Loading {
  readonly root: string;
  readonly shipped: readonly Pack[];
  readonly files: string[];
  readonly problems: ConfigProblem[];
  /** Packs in the order of merging: what is extended first. */
  readonly own: OwnPack[];
  readonly extendedPacks: Set<string>;
  readonly statements: Statement[];
  readonly version: string | undefined;
  settings: Settings;
}

/** Reads the configuration of a project. */
export async function loadConfiguration(options: LoadOptions): Promise<Configuration> {
  const cwd = resolve(options.cwd);
  const givenRoot = options.root === undefined ? null : resolve(cwd, options.root);
  const { packs: shipped, problems } = await shippedPacks();
  const main = mainFile(options, cwd, givenRoot);
  const root = givenRoot ?? main?.folder ?? cwd;
  const loading: Loading = {
    root,
    shipped,
    files: [],
    problems: [...problems],
    own: [],
    extendedPacks: new Set(),
    statements: [],
    version: options.version,
    settings: DEFAULT_SETTINGS,
  };
  let document: ReadDocument | undefined;
  if (main !== undefined) {
    if (isFile(main.path)) document = await loadFile(loading, main, []);
    else loading.problems.push({ file: main.path, line: 1, column: 1, key: '', message: 'there is no such file' });
  }
  if (loading.own.length > 0) {
    const { checkReferences } = await import('./references.ts');
    loading.problems.push(...checkReferences(loading.own, shipped, loading.settings.disableKinds, loading.extendedPacks));
  }
  if (loading.statements.length > 0) {
    const { checkStatements } = await import('./contradictions.ts');
    loading.problems.push(...checkStatements(loading.statements, [...loading.own.map(({ pack }) => pack), ...shipped], shipped));
  }
  const file = main?.path ?? '';
  return {
    root,
    settings: loading.settings,
    packs: joinPacks(loading),
    files: loading.files,
    problems: loading.problems,
    statements: loading.statements,
    own: loading.own,
    locate: (key) => ({ file, ...(document?.placeOf(key) ?? { line: 1, column: 1 }) }),
  };
}

function mainFile(options: LoadOptions, cwd: string, root: string | null): FoundFile | undefined {
  if (options.configPath === null) return undefined;
  if (options.configPath !== undefined) return describeFile(resolve(cwd, options.configPath));
  return findConfiguration(resolve(cwd, options.from ?? '.'), root);
}

/** Reads a file and, before it, what it extends. `chain` are the files that led here. */
async function loadFile(loading: Loading, file: FoundFile, chain: readonly string[]): Promise<ReadDocument> {
  const [{ readDocument, tableOf }, { validatePack, validateProject }, { packOf, sectionShape }] = await Promise.all([
    import('./document.ts'),
    import('./validate.ts'),
    import('./schema-pack.ts'),
  ]);
  const whole = readDocument(readFileSync(file.path, 'utf8'), file.format);
  const document = file.table.length === 0 ? whole : tableOf(whole, file.table);
  loading.files.push(file.path);
  // First, and from the text as it stands: what this version does not know may be the reason why the file asks for another.
  await checkVersion(loading, file.path, document);
  if (chain.length > 0 && hasId(document.value)) {
    const result = validatePack(file.path, document);
    if (result.value === undefined) loading.problems.push(...result.problems);
    else loading.own.push({ pack: result.value, file: file.path, document });
    return document;
  }
  const result = validateProject(file.path, document);
  if (result.value === undefined) {
    loading.problems.push(...result.problems);
    return document;
  }
  await followExtends(loading, file, document, result.value, [...chain, file.path]);
  const { statementsOf } = await import('./statements.ts');
  const relocate = (path: string): string => toRoot(loading.root, file.folder, path);
  loading.statements.push(...statementsOf(file.path, document, result.value, relocate));
  loading.settings = applySettings(loading.settings, result.value, relocate);
  const sections = sectionsOf(result.value, Object.keys(sectionShape));
  if (Object.keys(sections).length > 0) {
    const name = toRoot(loading.root, file.folder, relative(file.folder, file.path));
    loading.own.push({
      pack: packOf(chain.length === 0 ? 'project' : name, "The project's own resources.", name, { imports: [], bases: [] }, sections),
      file: file.path,
      document,
    });
  }
  return document;
}

function hasId(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'id' in value;
}

async function followExtends(loading: Loading, file: FoundFile, document: ReadDocument, value: ProjectFile, chain: readonly string[]): Promise<void> {
  for (const [index, entry] of (value.extends ?? []).entries()) {
    const complain = (message: string, suggestion?: string) =>
      loading.problems.push(problemAt(file.path, document, ['extends', index], message, suggestion));
    if (!looksLikePath(entry)) {
      if (loading.shipped.some((pack) => pack.id === entry)) loading.extendedPacks.add(entry);
      else
        complain(
          `there is no pack \`${entry}\``,
          nearest(
            entry,
            loading.shipped.map((pack) => pack.id),
          ),
        );
      continue;
    }
    const path = resolve(dirname(file.path), entry);
    const ring = chain.indexOf(path);
    if (ring >= 0) {
      const names = [...chain.slice(ring), path].map((member) => toRoot(loading.root, loading.root, member));
      complain(`files extend each other in a ring: ${names.join(' → ')}`);
    } else if (!isFile(path)) complain(`there is no file ${entry}`, nearestFile(entry, path));
    else if (!isInside(loading.root, path)) complain(`${entry} lies outside the root`);
    else if (!loading.files.includes(path)) await loadFile(loading, describeFile(path), chain);
  }
}

/** `entry` with the name of the file beside `path` that is nearest to it; undefined where none is near. */
function nearestFile(entry: string, path: string): string | undefined {
  try {
    const stem = (name: string): string => name.replace(/\.\w+$/, '');
    const names = readdirSync(dirname(path)).filter(looksLikePath);
    const near = nearest(stem(basename(path)), names.map(stem));
    const name = names.find((one) => stem(one) === near);
    return name === undefined ? undefined : entry.slice(0, entry.length - basename(path).length) + name;
  } catch {
    return undefined;
  }
}

/** A name with a slash or an ending is a file; other names are packs. */
function looksLikePath(entry: string): boolean {
  return /[/\\]|\.(?:ya?ml|json|toml|cfg)$/.test(entry);
}

/** True where the file, links resolved, lies in the root. */
function isInside(root: string, path: string): boolean {
  try {
    const inner = relative(realpathSync(root), realpathSync(path));
    return inner !== '' && !inner.startsWith(`..${sep}`) && inner !== '..' && !isAbsolute(inner);
  } catch {
    return false;
  }
}

/** A path written in a file of `folder`, relative to the root, POSIX. */
function toRoot(root: string, folder: string, path: string): string {
  return relative(root, resolve(folder, path)).split(sep).join('/') || '.';
}

/** The sections that are there, without the settings. */
function sectionsOf(file: ProjectFile, names: readonly string[]): Sections {
  return Object.fromEntries(Object.entries(file).filter(([name, value]) => value !== undefined && names.includes(name))) as Sections;
}

/** The project's packs before the shipped ones, without kinds and packs that are switched off or described anew. */
function joinPacks(loading: Loading): readonly Pack[] {
  const own = loading.own.map(({ pack }) => pack).reverse();
  const ownKinds = new Set(own.flatMap((pack) => [...pack.resources, ...pack.state].map(({ kind }) => kind)));
  const { disableKinds, disablePacks } = loading.settings;
  const shipped = loading.shipped
    .filter((pack) => !disablePacks.includes(pack.id))
    .map((pack) => (loading.extendedPacks.has(pack.id) ? { ...pack, appliesTo: { imports: [], bases: [] } } : pack))
    .map((pack) => {
      const stays = ({ kind }: { readonly kind: string }): boolean => !disableKinds.includes(kind) && !ownKinds.has(kind);
      return pack.resources.every(stays) && pack.state.every(stays)
        ? pack
        : { ...pack, resources: pack.resources.filter(stays), state: pack.state.filter(stays) };
    });
  return [...own, ...shipped];
}

async function checkVersion(loading: Loading, file: string, document: ReadDocument): Promise<void> {
  const value: unknown = document.value;
  const required = typeof value === 'object' && value !== null && 'required-version' in value ? value['required-version'] : undefined;
  if (typeof required !== 'string' || loading.version === undefined) return;
  const { checkRequirement } = await import('./required-version.ts');
  const message = checkRequirement(required, loading.version);
  if (message !== null) loading.problems.push({ file, ...document.placeOf(['required-version']), key: 'required-version', message });
}
