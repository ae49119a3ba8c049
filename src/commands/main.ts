/**
 * Which command was asked for, with which options?
 *
 * yargs reads the arguments; a command's own file, loaded only then, does the work and answers with the exit code: 0 clean, 1 findings,
 * 2 wrong usage or configuration, or an internal error.
 */
import yargs, { type Argv } from 'yargs';
import { UsageError } from '../app/options.ts';
import { VERSION } from '../app/version.ts';
import { backendText } from '../syntax/backend.ts';

const CHECK_OPTIONS = {
  select: { type: 'string', array: true, requiresArg: true, describe: 'Rules or pillars to run instead of the default ones' },
  ignore: { type: 'string', array: true, requiresArg: true, describe: 'Rules or pillars not to run' },
  'extend-select': { type: 'string', array: true, requiresArg: true, describe: 'Rules or pillars to run besides' },
  severity: { type: 'string', array: true, requiresArg: true, describe: 'RULE=LEVEL, error, warning, note or off; may be given several times' },
  'output-format': { type: 'string', requiresArg: true, describe: 'Format on standard output' },
  output: { type: 'string', array: true, requiresArg: true, describe: 'FORMAT=FILE, may be given several times' },
  'path-prefix': { type: 'string', requiresArg: true, describe: 'Folder of the repository in which the project lies, put before paths in reports' },
  'sarif-fingerprints': {
    choices: ['campsite', 'github'] as const,
    describe: "github: with GitHub's own line hashes, for logs that are not uploaded by its action",
  },
  'exit-zero': { type: 'boolean', describe: 'Exit 0 even when there are findings' },
  'max-warnings': { type: 'number', requiresArg: true, describe: 'Exit 0 with up to so many warnings, as long as there is no error' },
  baseline: { type: 'string', requiresArg: true, describe: 'File with known findings, which do not count; an entry that is no longer true does' },
  'write-baseline': { type: 'boolean', describe: 'Write all findings into the baseline, and exit 0' },
  'prune-baseline': { type: 'boolean', describe: 'Take entries that are no longer true out of the baseline' },
  'pass-on-stale': { type: 'boolean', describe: 'Entries of the baseline that are no longer true do not count' },
  'new-from': { type: 'string', requiresArg: true, describe: 'Only findings that are new since the branch left this commit, such as origin/main' },
  'add-ignore': { type: 'boolean', describe: 'Write comments that suppress the findings into the files; --add-ignore=REASON says why' },
  reason: { type: 'string', requiresArg: true, describe: 'Why, in the comments of --add-ignore' },
  cache: { type: 'boolean', default: true, describe: 'Use the cache (--no-cache to leave it alone)' },
  'cache-dir': { type: 'string', requiresArg: true, describe: 'Folder of the cache; .campsite_cache in the root when not given' },
  jobs: {
    alias: 'j',
    type: 'number',
    requiresArg: true,
    describe: 'Threads; as many as there are processors when not given, where that is worth their start',
  },
  shard: { type: 'string', requiresArg: true, describe: 'Analyse one part of the tests, i/n; campsite merge joins the results' },
  statistics: { type: 'boolean', describe: 'The table of pillars at the end' },
  timings: { type: 'boolean', describe: 'Say on standard error where the time went' },
  'stdin-filename': { type: 'string', requiresArg: true, describe: 'Analyse standard input as this file (campsite check -)' },
  'show-files': { type: 'boolean', describe: 'List the files that would be analysed, and why others are not' },
  'show-settings': {
    type: 'boolean',
    describe: 'Show for a FILE, or for the run, which packs and rules are on and why, and which line of which file set each value',
  },
  'force-exclude': { type: 'boolean', describe: 'Excludes also hold for paths given here' },
  root: { type: 'string', requiresArg: true, describe: 'Project root' },
  config: { type: 'string', requiresArg: true, describe: 'Configuration file' },
} as const;

const REPORT_OPTIONS = {
  format: { choices: ['html', 'markdown', 'json'] as const, default: 'html', describe: 'What to write' },
  output: {
    alias: 'o',
    type: 'string',
    requiresArg: true,
    describe: 'File, or - for standard output; HTML goes to campsite-report.html when not given',
  },
  from: { type: 'string', array: true, requiresArg: true, describe: 'Report on a saved run (check --output json=FILE), or on all shards of one' },
  against: { type: 'string', requiresArg: true, describe: 'An earlier saved run: shows what is new, fixed and unchanged' },
  open: { type: 'boolean', describe: 'Open the page in a browser' },
  select: CHECK_OPTIONS.select,
  ignore: CHECK_OPTIONS.ignore,
  'extend-select': CHECK_OPTIONS['extend-select'],
  root: CHECK_OPTIONS.root,
  config: CHECK_OPTIONS.config,
} as const;

const MERGE_OPTIONS = {
  'max-warnings': CHECK_OPTIONS['max-warnings'],
  'pass-on-stale': CHECK_OPTIONS['pass-on-stale'],
  'output-format': { type: 'string', requiresArg: true, describe: 'Format on standard output; json when nothing else is asked for' },
  output: CHECK_OPTIONS.output,
  'path-prefix': CHECK_OPTIONS['path-prefix'],
  'sarif-fingerprints': CHECK_OPTIONS['sarif-fingerprints'],
  'exit-zero': CHECK_OPTIONS['exit-zero'],
  statistics: CHECK_OPTIONS.statistics,
  root: { type: 'string', requiresArg: true, describe: 'Where the sources lie, for formats that show them' },
} as const;

const INIT_OPTIONS = {
  learn: { type: 'boolean', describe: 'Propose acquire/release pairs seen in the tests, as YAML on standard output' },
  limit: { type: 'number', requiresArg: true, default: 20, describe: 'How many proposals --learn writes' },
  force: { type: 'boolean', describe: 'Write over an existing file' },
  output: { alias: 'o', type: 'string', requiresArg: true, describe: 'File to write, or - for standard output' },
  root: CHECK_OPTIONS.root,
  config: { type: 'string', requiresArg: true, describe: 'Configuration whose patterns --learn does not propose again' },
} as const;

/** What standard input is called where no name is given. */
const STDIN_NAME = 'test_stdin.py';

/** `check -` in a form that yargs, which drops a lone dash, hands on. */
function withStandardInput(args: readonly string[]): string[] {
  if (args[0] !== 'check' || !args.includes('-')) return [...args];
  const named = args.some((arg) => arg === '--stdin-filename' || arg.startsWith('--stdin-filename='));
  return [...args.filter((arg) => arg !== '-'), ...(named ? [] : ['--stdin-filename', STDIN_NAME])];
}

/** Runs one command line (without node and script). Returns the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
    process.stdout.write(`${VERSION} (parser: ${backendText()})\n`);
    return 0;
  }
  let code = 0;
  const parser: Argv = yargs(withStandardInput(args).flatMap(withReason))
    .scriptName('campsite')
    .usage('$0 <command>\n\nLeave every test the way you found it.')
    .parserConfiguration({ 'greedy-arrays': false, 'camel-case-expansion': true })
    .command(
      'check [paths..]',
      'Analyse tests and report what they leave behind',
      (y) => y.positional('paths', { type: 'string', array: true }).options(CHECK_OPTIONS),
      async (argv) => {
        const { startAhead } = await import('../app/ahead.ts');
        const ahead = await startAhead(argv as unknown as Parameters<typeof startAhead>[0]);
        try {
          const { check } = await import('./check.ts');
          code = await check(argv as unknown as Parameters<typeof check>[0], ahead);
        } finally {
          ahead?.stop();
        }
      },
    )
    .command(
      'rule [id]',
      "A rule's page; all pages with --all; what covers a CWE with --cwe",
      (y) =>
        y
          .positional('id', { type: 'string' })
          .option('all', { type: 'boolean', describe: 'The pages of all rules' })
          .option('cwe', { type: 'string', requiresArg: true, describe: 'What covers this CWE, and what does not' })
          .option('output-format', { type: 'string', requiresArg: true, describe: 'text, markdown or json' }),
      async (argv) => {
        const { rule } = await import('./rule.ts');
        code = await rule(argv as unknown as Parameters<typeof rule>[0]);
      },
    )
    .command(
      'report [paths..]',
      'Write the cleanup report: what the tests leave behind, where, and why',
      (y) => y.positional('paths', { type: 'string', array: true }).options(REPORT_OPTIONS),
      async (argv) => {
        const { report } = await import('./report.ts');
        code = await report(argv as unknown as Parameters<typeof report>[0]);
      },
    )
    .command(
      'merge <runs..>',
      'Join the JSON results of all shards of a run into one',
      (y) =>
        y
          .positional('runs', {
            type: 'string',
            array: true,
            demandOption: true,
            describe: 'Results written by check --shard i/n --output json=FILE',
          })
          .options(MERGE_OPTIONS),
      async (argv) => {
        const { merge } = await import('./merge.ts');
        code = await merge(argv as unknown as Parameters<typeof merge>[0]);
      },
    )
    .command(
      'debug <what> <target>',
      'Show what the analysis saw: ir, cfg, states or summary of FILE::TEST, lifecycle of FILE::CLASS',
      (y) =>
        y
          .positional('what', { choices: ['ir', 'cfg', 'states', 'summary', 'lifecycle'] as const, demandOption: true })
          .positional('target', { type: 'string', demandOption: true })
          .option('root', CHECK_OPTIONS.root)
          .option('dot', { type: 'boolean', describe: 'cfg as DOT' }),
      async (argv) => {
        const { debug } = await import('./debug.ts');
        code = await debug(argv.what, argv.target, { root: argv.root, dot: argv.dot ?? false });
      },
    )
    .command(
      'trace <place>',
      'Why an acquisition counts as released, leaking, managed, transferred or escaped: FILE:LINE',
      (y) =>
        y
          .positional('place', { type: 'string', demandOption: true, describe: 'FILE:LINE of the acquisition' })
          .option('root', CHECK_OPTIONS.root)
          .option('config', CHECK_OPTIONS.config),
      async (argv) => {
        const { trace } = await import('./trace.ts');
        code = await trace(argv.place, argv.root, argv.config);
      },
    )
    .command(
      'init [paths..]',
      'Write a first configuration for what is found; with --learn, propose resources seen in the tests',
      (y) => y.positional('paths', { type: 'string', array: true, describe: 'Files and folders with tests' }).options(INIT_OPTIONS),
      async (argv) => {
        const { init } = await import('./init.ts');
        code = await init(argv as unknown as Parameters<typeof init>[0]);
      },
    )
    .command('config', 'What has to do with the configuration', (y) =>
      y
        .command(
          'test [paths..]',
          "Run the project's snippets against its own patterns: comments say what should be found",
          (z) =>
            z
              .positional('paths', {
                type: 'string',
                array: true,
                describe: 'Snippets or folders of them; those that the configuration names when not given',
              })
              .option('root', CHECK_OPTIONS.root)
              .option('config', CHECK_OPTIONS.config),
          async (argv) => {
            const { configTest } = await import('./config-test.ts');
            code = await configTest(argv as unknown as Parameters<typeof configTest>[0]);
          },
        )
        .demandCommand(1, 'Say what to do with the configuration: campsite config test'),
    )
    .command(
      'clean',
      'Remove the cache',
      (y) => y.option('cache-dir', CHECK_OPTIONS['cache-dir']).option('root', CHECK_OPTIONS.root),
      async (argv) => {
        const { clean } = await import('./clean.ts');
        code = await clean(argv as unknown as Parameters<typeof clean>[0]);
      },
    )
    .command(
      'doctor',
      'What a bug report should say: versions, parser, configuration, cache, git',
      (y) => y.option('root', CHECK_OPTIONS.root),
      async (argv) => {
        const { doctor } = await import('./doctor.ts');
        code = await doctor(argv.root);
      },
    )
    .completion('completion', 'Write a script for the shell that completes commands and options')
    .demandCommand(1, 'Say what to do: campsite check [paths..]')
    .strict()
    .recommendCommands()
    .version(`${VERSION} (parser: ${backendText()})`)
    .epilog(`Parser: ${backendText()}; CAMPSITE_PARSER=native uses the native one where it is installed.`)
    .help()
    .exitProcess(false)
    .fail((message, error) => {
      // Thrown and not noted: a command must not run with options that were refused.
      throw error ?? new UsageError([message, 'Try campsite --help']);
    });
  withoutHelpInAdvance(parser);
  try {
    await parser.parseAsync();
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

/**
 * yargs lays out the help of every command that it runs, in case that the command fails and wants to show it; none here does, and it takes 20 ms.
 * The method is one of those that yargs shares between its own modules; where it is not there any more, help is laid out as before.
 */
function withoutHelpInAdvance(parser: Argv): void {
  const { getInternalMethods } = parser as unknown as { getInternalMethods?: () => { getUsageInstance?: () => { cacheHelpMessage?: () => void } } };
  const usage = getInternalMethods?.call(parser).getUsageInstance?.();
  if (usage?.cacheHelpMessage) usage.cacheHelpMessage = () => undefined;
}

/** An option that may have a value: `--add-ignore=REASON` is two, because `--add-ignore tests` names a folder and no reason. */
function withReason(arg: string): readonly string[] {
  const match = /^--add-ignore=(.*)$/s.exec(arg);
  return match ? ['--add-ignore', `--reason=${match[1]}`] : [arg];
}
