/**
 * Which command was asked for, with which options? yargs reads the arguments; a command's own file does the work and answers with the
 * exit code: 0 clean, 1 findings, 2 wrong usage or configuration, or an internal error.
 */
import yargs, { type Argv } from 'yargs';
import { UsageError } from '../app/options.ts';
import { VERSION } from '../app/version.ts';

const CHECK_OPTIONS = {
  select: { type: 'string', array: true, requiresArg: true, describe: 'Rules or pillars to run instead of the default ones' },
  ignore: { type: 'string', array: true, requiresArg: true, describe: 'Rules or pillars not to run' },
  'extend-select': { type: 'string', array: true, requiresArg: true, describe: 'Rules or pillars to run besides' },
  'output-format': { type: 'string', requiresArg: true, describe: 'Format on standard output' },
  output: { type: 'string', array: true, requiresArg: true, describe: 'FORMAT=FILE, may be given several times' },
  'exit-zero': { type: 'boolean', describe: 'Exit 0 even when there are findings' },
  cache: { type: 'boolean', default: true, describe: 'Use the cache (--no-cache to leave it alone)' },
  statistics: { type: 'boolean', describe: 'The table of pillars at the end' },
  'show-files': { type: 'boolean', describe: 'List the files that would be analysed, and why others are not' },
  'force-exclude': { type: 'boolean', describe: 'Excludes also hold for paths given here' },
  root: { type: 'string', requiresArg: true, describe: 'Project root' },
  config: { type: 'string', requiresArg: true, describe: 'Configuration file' },
} as const;

/** Runs one command line (without node and script). Returns the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
    process.stdout.write(`${VERSION}\n`);
    return 0;
  }
  let code = 0;
  let failed: string | undefined;
  const parser: Argv = yargs([...args])
    .scriptName('campsite')
    .usage('$0 <command>\n\nLeave every test the way you found it.')
    .parserConfiguration({ 'greedy-arrays': false, 'camel-case-expansion': true })
    .command('check [paths..]', 'Analyse tests and report what they leave behind', (y) => y.positional('paths', { type: 'string', array: true }).options(CHECK_OPTIONS), async (argv) => {
      const { check } = await import('./check.ts');
      code = await check(argv as unknown as Parameters<typeof check>[0]);
    })
    .command('debug <what> <target>', 'Show what the analysis saw: ir, cfg, states or summary of FILE::TEST', (y) => y.positional('what', { choices: ['ir', 'cfg', 'states', 'summary'] as const, demandOption: true }).positional('target', { type: 'string', demandOption: true }).option('root', CHECK_OPTIONS.root).option('dot', { type: 'boolean', describe: 'cfg as DOT' }), async (argv) => {
      const { debug } = await import('./debug.ts');
      code = await debug(argv.what, argv.target, { root: argv.root, dot: argv.dot ?? false });
    })
    .demandCommand(1, 'Say what to do: campsite check [paths..]')
    .strict()
    .recommendCommands()
    .version(VERSION)
    .help()
    .exitProcess(false)
    .fail((message, error) => {
      if (error) throw error;
      failed = message;
    });
  try {
    await parser.parseAsync();
    if (failed !== undefined) throw new UsageError([failed, 'Try campsite --help']);
    return code;
  } catch (error) {
    if (error instanceof UsageError) {
      for (const line of error.lines) process.stderr.write(`campsite: ${line}\n`);
      return 2;
    }
    process.stderr.write(`campsite: internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return 2;
  }
}
