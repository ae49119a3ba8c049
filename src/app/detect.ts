/**
 * What kind of tests does a project have? Where they are, which frameworks they use, which packs would switch themselves on.
 *
 * Reads the test files as a check would, and pytest's settings; decides nothing that a check without configuration would not do, but where
 * to look for tests.
 */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { compareText } from '../base/text.ts';
import { loadConfiguration } from '../config/load.ts';
import type { FrameworkHooks } from '../config/model.ts';
import { testGroups } from '../suite/discover.ts';
import { createParser } from '../syntax/parse.ts';
import { MAX_SESSION_UNITS } from './file-result.ts';
import { listFiles } from './files.ts';
import { FileHost } from './host.ts';
import { UsageError } from './options.ts';
import { type PytestSettings, pytestSettings } from './pytest-settings.ts';
import { Session } from './session.ts';

export interface Detected {
  /** Files and folders with tests, relative to the root. */
  readonly paths: readonly string[];
  /** Globs of what pytest does not look into. */
  readonly exclude: readonly string[];
  readonly runner: 'auto' | 'unittest' | 'pytest';
  /** Why the runner is that one. */
  readonly because: string;
  readonly pytest: PytestSettings | undefined;
  readonly files: number;
  /** Tests by framework, the most first. */
  readonly tests: readonly { readonly framework: string; readonly count: number }[];
  /** Packs that switch themselves on, with the number of files. */
  readonly packs: readonly { readonly id: string; readonly description: string; readonly files: number }[];
  /** The hooks of plain pytest functions, for projects whose tests have other names. */
  readonly plain: FrameworkHooks | undefined;
}

/** Folders named after tests, as the first such one on the way to a test file. */
const TEST_FOLDER = /^(tests?|testing|.+[_-]tests?)$/i;
const TEST_FILE = /^(test.*|.*_test|tests)\.py$/i;
/** More folders than this are not listed: the root stands for them. */
const MAX_PATHS = 8;
/** What pytest never looks into, whatever a project says; campsite does not either. */
const NEVER = /^([.{].*|build|dist|CVS|_darcs|node_modules|venv|\*\.egg|\*\.egg-info|__pycache__)$/;

/** Reads the project below `root` (absolute); `given` are paths to read instead of those found, relative to the root. Throws UsageError for those that are not there. */
export async function detect(root: string, given: readonly string[]): Promise<Detected> {
  const pytest = pytestSettings(root);
  const list = (paths: readonly string[]): readonly string[] => {
    const { files, problems } = listFiles({ root, cwd: root, paths, exclude: [], forceExclude: false, respectGitignore: true });
    const missing = problems.filter((p) => given.includes(p.path));
    if (missing.length > 0) throw new UsageError(missing.map((p) => `${p.path}: ${p.message}`));
    return files;
  };
  const literal = (pytest?.testpaths ?? []).map((p) => p.replace(/\/+$/, '')).filter((p) => isFolder(join(root, p)));
  const paths = given.length > 0 ? given : literal.length > 0 ? literal : testFolders(list(['.']));
  const files = list(paths);
  const { packs } = await loadConfiguration({ cwd: root, root, configPath: null });
  const parser = await createParser();
  const begin = (): Session => new Session(new FileHost(root, parser), packs);
  let session = begin();
  const frameworks = packs.flatMap((p) => p.frameworks);
  const tests = new Map<string, number>();
  const on = new Map<string, number>();
  for (const path of files) {
    if (session.host.units > MAX_SESSION_UNITS) session = begin();
    const module = session.program.module(path);
    if (!module) continue;
    for (const g of testGroups(module, session.values, frameworks)) {
      const name = g.framework?.framework ?? 'pytest';
      if (g.tests.length > 0) tests.set(name, (tests.get(name) ?? 0) + g.tests.length);
    }
    for (const p of session.patternsOf(module).packs)
      if (p.appliesTo.imports.length + p.appliesTo.bases.length > 0) on.set(p.id, (on.get(p.id) ?? 0) + 1);
  }
  const byCount = (counts: ReadonlyMap<string, number>) => [...counts].sort((a, b) => b[1] - a[1] || compareText(a[0], b[0]));
  return {
    paths,
    exclude: (pytest?.norecursedirs ?? []).filter((name) => !NEVER.test(name) && !name.includes('/')).map((name) => `**/${name}/**`),
    ...runnerOf(root, pytest, files, tests),
    pytest,
    files: files.length,
    tests: byCount(tests).map(([framework, count]) => ({ framework, count })),
    packs: byCount(on).map(([id, count]) => ({ id, description: packs.find((p) => p.id === id)?.description ?? '', files: count })),
    plain: frameworks.find((f) => f.bases.length === 0),
  };
}

function runnerOf(
  root: string,
  pytest: PytestSettings | undefined,
  files: readonly string[],
  tests: ReadonlyMap<string, number>,
): { readonly runner: Detected['runner']; readonly because: string } {
  if (existsSync(join(root, '.stestr.conf'))) return { runner: 'unittest', because: '.stestr.conf: stestr runs the tests as unittest does' };
  if (pytest) return { runner: 'pytest', because: `${pytest.file} has settings of pytest` };
  const conftest = files.find((path) => /(^|\/)conftest\.py$/.test(path));
  if (conftest !== undefined) return { runner: 'pytest', because: conftest };
  if (tests.has('pytest')) return { runner: 'pytest', because: 'there are test functions outside of classes' };
  return { runner: 'auto', because: 'nothing says which runner it is' };
}

/** The outermost folders named after tests, and those of test files elsewhere. */
function testFolders(files: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const path of files) {
    const parts = path.split('/');
    if (!TEST_FILE.test(parts.at(-1) as string)) continue;
    const at = parts.findIndex((part, i) => i < parts.length - 1 && TEST_FOLDER.test(part));
    const folder = at >= 0 ? parts.slice(0, at + 1) : parts.slice(0, -1);
    found.add(folder.length === 0 ? '.' : folder.join('/'));
  }
  const outer = [...found].filter(
    (path) => path === '.' || ![...found].some((other) => other !== path && (other === '.' || path.startsWith(`${other}/`))),
  );
  return outer.length === 0 || outer.length > MAX_PATHS ? ['.'] : outer.sort(compareText);
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
