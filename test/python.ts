/**
 * Which Python here has these modules? For tests that compare with what the real frameworks do.
 *
 * Debian's own interpreter is asked first: that is where `apt-get install python3-pytest` puts the modules, and another `python3` may
 * stand before it in PATH. Answers are remembered. Nothing is installed here.
 */
import { spawnSync } from 'node:child_process';

const CANDIDATES = ['/usr/bin/python3', 'python3', 'python'];
/** Importing a framework takes a second on a busy machine; an interpreter that hangs is none. */
const ASKING_TIMEOUT_MS = 20_000;

const answers = new Map<string, string | undefined>();

/** An interpreter that can import all `modules`, or undefined where there is none. */
export function python(modules: readonly string[]): string | undefined {
  const key = modules.join(',');
  if (!answers.has(key))
    answers.set(
      key,
      CANDIDATES.find((candidate) => canImport(candidate, modules)),
    );
  return answers.get(key);
}

function canImport(interpreter: string, modules: readonly string[]): boolean {
  const program = modules.map((name) => `import ${name}`).join('\n');
  return spawnSync(interpreter, ['-c', program], { stdio: 'ignore', timeout: ASKING_TIMEOUT_MS }).status === 0;
}
