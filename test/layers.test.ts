/**
 * May this folder know that one? The layering of the sources as data, one sentence a row; imports are read from the sources.
 *
 * A row names what a folder may import besides itself and base/. `types` may only be imported with `import type`: they are words two
 * layers share, no code. A folder without a row fails, so a new folder needs a decision. Left out: what npm packages a layer uses,
 * except those whose place is an invariant (the parser, the graph library, the file system).
 */
import { readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { filesBelow } from './files.ts';

const source = join(dirname(fileURLToPath(import.meta.url)), '..', 'src');

interface Layer {
  readonly folder: string;
  readonly code: readonly string[];
  readonly types: readonly string[];
  readonly because: string;
}

const EVERYTHING = [
  'graph',
  'config',
  'syntax',
  'ir',
  'lower',
  'cfg',
  'program',
  'suite',
  'learn',
  'dataflow',
  'typestate',
  'findings',
  'rules',
  'report',
  'app',
  'commands',
];

const LAYERS: readonly Layer[] = [
  { folder: 'base', code: [], types: [], because: 'base is a library: it knows nothing of the project' },
  { folder: 'graph', code: [], types: [], because: 'graph is a library: numbers in, numbers out' },
  { folder: 'config', code: [], types: ['findings'], because: 'the configuration shares only words such as reach with the findings' },
  { folder: 'syntax', code: [], types: [], because: 'swapping the parser touches one folder' },
  { folder: 'ir', code: ['graph'], types: [], because: 'instructions are plain data, they do not know what they were made from' },
  { folder: 'cfg', code: ['graph', 'ir'], types: [], because: 'flow is built from instructions alone' },
  { folder: 'dataflow', code: ['graph', 'cfg'], types: ['ir'], because: 'the solver has never heard of a resource or a file' },
  { folder: 'lower', code: ['syntax', 'ir'], types: [], because: 'lowering does not know who reads it' },
  {
    folder: 'program',
    code: ['lower', 'ir', 'cfg', 'graph', 'config'],
    types: ['syntax', 'findings'],
    because: 'who calls whom is known before any resource is',
  },
  {
    folder: 'suite',
    code: ['program', 'lower', 'ir', 'cfg', 'graph', 'config'],
    types: ['syntax', 'findings'],
    because: 'what a test is does not depend on what it creates',
  },
  {
    folder: 'typestate',
    code: ['dataflow', 'cfg', 'ir', 'program', 'suite', 'config', 'graph'],
    types: ['findings'],
    because: 'typestate is the one place where resources meet graphs; it never parses',
  },
  {
    folder: 'learn',
    code: ['suite', 'program', 'ir', 'config'],
    types: [],
    because: 'what is learned from tests is counted before any obligation is known, and written by others',
  },
  { folder: 'findings', code: [], types: [], because: 'findings are the contract: everything may read them, they read nothing' },
  {
    folder: 'rules',
    code: ['typestate', 'suite', 'program', 'findings', 'ir'],
    types: ['cfg', 'config'],
    because: 'a rule reads answers: it never solves and never parses',
  },
  { folder: 'report', code: ['findings'], types: ['rules'], because: 'a report can be made from a saved JSON, on another machine' },
  { folder: 'app', code: EVERYTHING, types: [], because: 'the pipeline puts the layers in order' },
  { folder: 'commands', code: EVERYTHING, types: [], because: 'a command turns options into a pipeline and a report' },
  { folder: 'cli.ts', code: EVERYTHING, types: [], because: 'the entry point' },
];

/** Modules that only some files may import, as prefixes of their path below src/. */
const RESERVED: readonly { readonly module: RegExp; readonly where: readonly string[]; readonly because: string }[] = [
  {
    module: /^(node:)?fs(\/promises)?$/,
    where: ['app/', 'commands/', 'cli.ts', 'config/load', 'config/discover', 'syntax/locate'],
    because: 'only the pipeline, the commands and the loader of the configuration touch files (syntax looks up its own .wasm)',
  },
  {
    module: /^(node:)?(child_process|worker_threads|cluster|net|http|https|dgram|tls)$|^piscina$/,
    where: ['app/', 'commands/', 'cli.ts'],
    because: 'processes and threads belong to the pipeline; nothing talks to a network',
  },
  { module: /^(web-)?tree-sitter(-|$)/, where: ['syntax/'], because: 'swapping the parser touches one folder' },
  {
    module: /^@dagrejs\/graphlib$/,
    where: ['suite/', 'config/', 'program/', 'report/html/'],
    because: 'graphs with names are small; the flow graphs are arrays',
  },
  { module: /^@dagrejs\/dagre$/, where: ['report/html/'], because: 'pictures are made where they are shown' },
  { module: /^cosmiconfig$/, where: ['config/load', 'config/discover'], because: 'the configuration is found in one place' },
  { module: /^yargs/, where: ['cli.ts', 'commands/'], because: 'only the command line knows arguments' },
];

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

const IMPORT = /^\s*(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm;
const DYNAMIC = /\bimport\(\s*'([^']+)'\s*\)/g;

/** Imports of one file; relative ones as paths below src/. */
function importsOf(path: string, text: string): readonly Import[] {
  const resolved = (target: string) => (target.startsWith('.') ? posix.normalize(posix.join(posix.dirname(path), target)) : target);
  return [
    ...[...text.matchAll(IMPORT)].map((match) => ({ from: path, to: resolved(match[2]), typeOnly: match[1] !== undefined })),
    ...[...text.matchAll(DYNAMIC)].map((match) => ({ from: path, to: resolved(match[1]), typeOnly: false })),
  ];
}

const folderOf = (path: string) => path.slice(0, path.includes('/') ? path.indexOf('/') : undefined);

/** One sentence for an import that the table forbids; undefined where it may stand. */
function complaint({ from, to, typeOnly }: Import): string | undefined {
  const reserved = RESERVED.find(({ module }) => module.test(to));
  if (reserved !== undefined && !reserved.where.some((place) => from.startsWith(place))) {
    return typeOnly ? undefined : `${from} imports ${to}, but ${reserved.because}`;
  }
  if (!/\.ts$/.test(to)) return undefined;
  const [here, there] = [folderOf(from), folderOf(to)];
  if (here === there || there === 'base') {
    const isRule = (path: string) => /^rules\/[^/]+\/[^/]+\.ts$/.test(path);
    return isRule(from) && isRule(to) && !typeOnly && !posix.basename(to).startsWith('_') && posix.dirname(from) !== posix.dirname(to)
      ? `${from} imports ${to}, but a rule never imports a rule of another pillar`
      : undefined;
  }
  const layer = LAYERS.find(({ folder }) => folder === here);
  if (layer === undefined) return `${from}: the folder ${here} has no row in the table of layers`;
  if (layer.code.includes(there) || (typeOnly && layer.types.includes(there))) return undefined;
  return `${from} imports ${to}, but ${layer.because}`;
}

const imports = filesBelow(source, /\.ts$/).flatMap((path) => {
  const below = relative(source, path).split('\\').join('/');
  return importsOf(below, readFileSync(path, 'utf8'));
});

describe('layers', () => {
  test.each(LAYERS)('$folder: $because', ({ folder }) => {
    expect(
      imports
        .filter(({ from }) => folderOf(from) === folder)
        .map(complaint)
        .filter((line) => line !== undefined),
    ).toEqual([]);
  });

  test('every folder of src has a row', () => {
    const folders = new Set(filesBelow(source, /\.ts$/).map((path) => folderOf(relative(source, path))));
    expect([...folders].filter((folder) => !LAYERS.some((layer) => layer.folder === folder))).toEqual([]);
  });

  test.each([
    ['cfg/build.ts', "import { lower } from '../lower/module.ts';", 'flow is built from instructions alone'],
    ['report/json.ts', "import { solve } from '../typestate/solve.ts';", 'a report can be made from a saved JSON, on another machine'],
    ['report/json.ts', "import { allRules } from '../rules/index.ts';", 'a report can be made from a saved JSON, on another machine'],
    ['lower/module.ts', "import Parser from 'web-tree-sitter';", 'swapping the parser touches one folder'],
    ['rules/flow/a.ts', "const fs = await import('node:fs');", 'only the pipeline'],
    ['odd/a.ts', "import { b } from '../cfg/cfg.ts';", 'has no row'],
  ])('a violation is seen: %s with %s', (path, text, words) => {
    expect(importsOf(path, text).map(complaint)).toEqual([expect.stringContaining(words)]);
  });

  test('several lines, types and side effects are read', () => {
    const text = "import type {\n  A,\n} from '../ir/ir.ts';\nexport { b } from './b.ts';\nimport './c.ts';\n";
    expect(importsOf('cfg/a.ts', text)).toEqual([
      { from: 'cfg/a.ts', to: 'ir/ir.ts', typeOnly: true },
      { from: 'cfg/a.ts', to: 'cfg/b.ts', typeOnly: false },
      { from: 'cfg/a.ts', to: 'cfg/c.ts', typeOnly: false },
    ]);
  });
});
