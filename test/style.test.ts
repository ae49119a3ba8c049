/**
 * Does the project keep its own house rules? Each check is a row: a sentence, the files it reads, what it finds in a text, and an
 * example that must be found, so no check can rot into one that never fails.
 *
 * What the compiler and the linter say is asked here too, because `npm test` is the one command that everybody runs.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { filesBelow, projectRoot } from './files.ts';

/** More than this and a file answers two questions. */
const MAXIMUM_LINES = 400;
/** A header says which question the file answers, its invariant and what it leaves out: two lines cannot, and an essay hides the code. */
const HEADER_LINES = { least: { src: 3, elsewhere: 1 }, most: 40 };

interface Check {
  readonly sentence: string;
  readonly folders: readonly string[];
  readonly name: RegExp;
  /** What is wrong with the file, one line each. */
  find(text: string, path: string): readonly string[];
  readonly bad: readonly [text: string, path: string];
}

/** Lines that match, outside string literals only as far as `pattern` says; reported as `line: text`. */
function lines(text: string, pattern: RegExp): readonly string[] {
  return text.split('\n').flatMap((line, index) => (pattern.test(line) ? [`${index + 1}: ${line.trim()}`] : []));
}

/** The paragraph of a comment from `Misses:` on, up to the end of the comment or an empty comment line. */
function notes(text: string): readonly string[] {
  return [...text.matchAll(/\b(?:Misses|Overreports):((?:(?!\*\/|\n\s*\*?\s*\n|\n\s*(?!\*|\/\/)\S)[\s\S])*)/g)].map((match) => match[1]);
}

const header = (text: string) => /^(?:#!.*\n)?\/\*\*([\s\S]*?)\*\//.exec(text)?.[1];
/** Spelt in two halves, so that this file does not find itself. */
const UNFINISHED = new RegExp(`\\b(${'TO'}DO|${'FIX'}ME)\\b`);

const CHECKS: readonly Check[] = [
  {
    sentence: `no file has more than ${MAXIMUM_LINES} lines`,
    folders: ['src', 'test', 'scripts'],
    name: /\.(ts|mjs)$/,
    find: (text, path) =>
      text.split('\n').length > MAXIMUM_LINES + 1 && !path.startsWith('test/golden/') ? [`${text.split('\n').length - 1} lines`] : [],
    bad: ['\n'.repeat(MAXIMUM_LINES + 1), 'src/a.ts'],
  },
  {
    sentence: 'a file opens with the question it answers',
    folders: ['src', 'test', 'scripts'],
    name: /\.(ts|mjs)$/,
    find: (text, path) => {
      const comment = header(text);
      if (comment === undefined) return ['no header comment'];
      const length = comment.trim().split('\n').length;
      // A rule's file is its own documentation: title, why and cure are its first fields.
      const least = path.startsWith('src/') && !/^src\/rules\/[^/]+\//.test(path) ? HEADER_LINES.least.src : HEADER_LINES.least.elsewhere;
      return length < least || length > HEADER_LINES.most ? [`header of ${length} lines`] : [];
    },
    bad: ['/**\n * Tools.\n */\n', 'src/a.ts'],
  },
  {
    sentence: 'no any',
    folders: ['src', 'test'],
    name: /\.ts$/,
    find: (text) => lines(text, /^(?!\s*(\*|\/\/|\/\*)).*(:\s*|\bas\s+|<|\|\s*)any(?=\s*([;,)\]>=|[{]|$))/),
    bad: [`const a = b as ${'any'};`, 'src/a.ts'],
  },
  {
    sentence: 'no default exports',
    folders: ['src', 'test'],
    name: /\.ts$/,
    find: (text) => lines(text, /^export default\b/),
    bad: [`${'export'} default 1;`, 'src/a.ts'],
  },
  {
    sentence: 'no file is called utils, common, helpers or types',
    folders: ['src', 'test', 'scripts'],
    name: /./,
    find: (_text, path) => (/(^|\/)(utils?|common|helpers?|types|misc|shared)(\.|\/)/.test(path) && !/(^|\/)(spec|bench)\//.test(path) ? [path] : []),
    bad: ['', 'src/base/utils.ts'],
  },
  {
    sentence: 'nothing is left to be done later',
    folders: ['src', 'test', 'scripts', 'config', 'samples'],
    name: /./,
    find: (text) => lines(text, UNFINISHED),
    bad: [`// ${'TO'}DO: later`, 'src/a.ts'],
  },
  {
    sentence: 'no test is switched off',
    folders: ['test'],
    name: /\.ts$/,
    find: (text) => lines(text, /\b(test|it|describe|suite)\.(skip|only|todo|fails)\s*\(/),
    bad: [`${'test'}.only('a', () => {});`, 'test/a.ts'],
  },
  {
    sentence: 'every approximation names a sample that shows it',
    folders: ['src'],
    name: /\.ts$/,
    find: (text) =>
      notes(text).flatMap((note) => {
        const paths = note.match(/samples\/[\w./-]*\w/g) ?? [];
        if (paths.length === 0) return [`names no sample: ${note.trim().slice(0, 80)}`];
        return paths.filter((path) => !existsSync(join(projectRoot, path))).map((path) => `${path} does not exist`);
      }),
    bad: ['// Misses: a file held by a weak reference, see samples/no/such.py\n', 'src/a.ts'],
  },
  {
    sentence: 'the engine has no library in it',
    folders: ['src'],
    name: /\.ts$/,
    // A rule's examples are Python that people write: they import what they need.
    find: (text) =>
      lines(
        text.replace(/py`[^`]*`/g, (example) => example.replace(/[^\n]/g, ' ')),
        /\b(nova|tempest|openstack|openstacksdk|boto3|moto|selenium|docker|testcontainers|kubernetes|aiohttp)\b/i,
      ),
    bad: ["const base = 'tempest.test.BaseTestCase';", 'src/a.ts'],
  },
  {
    sentence: 'no path of a machine',
    folders: ['src', 'test', 'scripts', 'config', 'samples', '.ci'],
    name: /./,
    find: (text) => lines(text, /(^|[\s'"`(=:])\/(root|home|Users|work)\/\w/),
    bad: [`see '${'/ho'}me/me/x'`, 'src/a.ts'],
  },
  {
    sentence: 'a limit is a named constant with the reason for its number',
    folders: ['src'],
    name: /\.ts$/,
    find: (text) => {
      const all = text.split('\n');
      return all.flatMap((line, index) =>
        /^(export )?const [A-Z][A-Z0-9_]*(LIMIT|MAXIMUM|MAX|BUDGET)[A-Z0-9_]*\b.*= [\d_]+;/.test(line) &&
        !/(\*\/|\/\/.*)\s*$/.test(`${all[index - 1] ?? ''}`) &&
        !/\/\/ \S/.test(line)
          ? [`${index + 1}: ${line.trim()}`]
          : [],
      );
    },
    bad: ['import a;\nconst STEP_LIMIT = 5;\n', 'src/a.ts'],
  },
];

describe('house rules', () => {
  test.each(CHECKS)('$sentence', ({ folders, name, find, bad }) => {
    expect(find(...bad), 'the example of the check itself').not.toEqual([]);
    const complaints = folders.flatMap((folder) =>
      filesBelow(join(projectRoot, folder), name).flatMap((path) => {
        const below = relative(projectRoot, path);
        return find(readFileSync(path, 'utf8'), below).map((line) => `${below}: ${line}`);
      }),
    );
    expect(complaints).toEqual([]);
  });

  test('a note ends where its comment ends', () => {
    expect(notes('// Misses: one\n// goes on\nconst a = 1;\n/* Overreports: two */ more')).toEqual([' one\n// goes on', ' two ']);
  });

  test('the changelog says what is new', () => {
    const text = readFileSync(join(projectRoot, 'CHANGELOG.md'), 'utf8');
    const newest = text.split(/^## /m)[1] ?? '';
    expect(newest).toMatch(/^\[(Unreleased|\d+\.\d+\.\d+)\]/);
    expect(newest).toMatch(/^- \S/m);
  });

  test.each([
    ['the compiler', 'tsc', ['-p', '.']],
    ['the linter', 'biome', ['lint', '.']],
    ['the formatter', 'biome', ['check', '--linter-enabled=false', '--reporter=summary', '.']],
  ])('%s has no complaint', (_name, tool, options) => {
    expect(said(join(projectRoot, 'node_modules', '.bin', tool), options)).toBe('');
  });
});

/** What a tool complains of; '' where it exits with 0. */
function said(tool: string, options: readonly string[]): string {
  try {
    execFileSync(tool, options, { cwd: projectRoot, encoding: 'utf8', stdio: 'pipe' });
    return '';
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    return `${stdout}${stderr}` || String(error);
  }
}
