/**
 * How do tests run the built program as a user would? Folders of their own with given files, the command in them, and git repositories.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import type { RunResult } from '../src/findings/finding.ts';
import { projectRoot } from './files.ts';

export const CLI = join(projectRoot, 'dist', 'cli.js');

type Files = Readonly<Record<string, string | Buffer>>;

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A folder of its own with these files; gone after the tests of the file. */
export function project(files: Files): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'campsite-cli-')));
  folders.push(folder);
  write(folder, files);
  return folder;
}

/** Writes files into a folder. */
export function write(folder: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

/** How long a command may take, in milliseconds. */
const TIMEOUT = 60_000;

/** Runs the command in `cwd`. Throws where it does not end by itself, with what it had said until then. */
export function campsite(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const clean = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, CI: undefined, GITHUB_ACTIONS: undefined, ...env };
  const ran = spawnSync(process.execPath, [CLI, ...args], { cwd, encoding: 'utf8', env: clean, timeout: TIMEOUT, maxBuffer: 2 ** 28 });
  if (ran.error) throw new Error(`campsite ${args.join(' ')}: ${ran.error.message}, after ${JSON.stringify({ out: ran.stdout, err: ran.stderr })}`);
  return ran;
}

/** The run result of `campsite check`. */
export function json(cwd: string, args: readonly string[]): RunResult {
  return JSON.parse(campsite(cwd, ['check', '--output-format', 'json', ...args]).stdout) as RunResult;
}

/** Exit code of `campsite check`, and the findings as `file:line rule`. */
export function checked(cwd: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = campsite(cwd, ['check', '--output-format', 'concise', ...args], env);
  const found = [...stdout.matchAll(/^(\S+:\d+):\d+: (?:error|warning) (\S+)/gm)].map((match) => `${match[1]} ${match[2]}`);
  return { status, found, stdout, stderr };
}

/** Git in a folder, with nobody's configuration but its own. Throws where it fails. */
export function git(folder: string, ...args: readonly string[]): string {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  const who = ['-c', 'user.name=Tester', '-c', 'user.email=tester@example.org', '-c', 'protocol.file.allow=always'];
  return execFileSync('git', [...who, ...args], { cwd: folder, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** A repository on branch `main` whose first commit holds these files. */
export function repository(files: Files): string {
  const folder = project(files);
  git(folder, 'init', '--quiet', '--initial-branch=main');
  commit(folder, 'first');
  return folder;
}

/** Commits everything that is there. */
export function commit(folder: string, message: string): void {
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--allow-empty', '--message', message);
}

/** A test that leaks a file, on line 2 of it. */
export function leaking(name = 'total'): string {
  return `def test_${name}():\n    file = open("${name}")\n    assert file.read() == "3"\n`;
}

/** One that does not. */
export function clean(name = 'total'): string {
  return `def test_${name}():\n    with open("${name}") as file:\n        assert file.read() == "3"\n`;
}
