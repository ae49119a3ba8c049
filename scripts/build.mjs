/**
 * How do the sources become the package? `npm ci` runs this through `prepare`; `npm test` runs it again, so that tests never see old code.
 *
 * One bundle with code splitting: what a command does not need it does not load. Packages in `dependencies` and `optionalDependencies`
 * stay outside (piscina starts a worker from its own folder, the native parser is a binary); everything else is bundled, because one file
 * opens faster than two hundred, and its licence texts are collected beside it. All files lie flat in dist/, so `import.meta.url` of any
 * chunk is the folder of the two .wasm files.
 * Files are written only where they differ, by rename: a test run beside a build never reads half a file. Left out: type declarations.
 */

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { lazyWidth } from './lazy-width.mjs';
import { listedRules } from './listed-rules.mjs';
import { plainLoops } from './plain-loops.mjs';
import { runBuilt } from './run-built.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
const external = [...Object.keys(manifest.dependencies ?? {}), ...Object.keys(manifest.optionalDependencies ?? {})];

/** Entry points; the worker is one, because a thread starts from a file of its own. */
const ENTRIES = ['src/cli.ts', 'src/app/worker.ts'];

/** Its `snapshotOf` makes the shipped packs one validated file. */
const PACK_LOADER = 'src/config/load-packs.ts';

/** Grammar and parser that the package carries: they load everywhere, the native parser does not. */
const WASM = ['web-tree-sitter/web-tree-sitter.wasm', 'tree-sitter-python/tree-sitter-python.wasm'];

/** A wasm file's path, or an end with the reason: an optional dependency that failed to install leaves no trace but its absence. */
function wasmFile(name) {
  const packageName = name.slice(0, name.indexOf('/'));
  const folder = createRequire(import.meta.url)
    .resolve.paths(packageName)
    ?.map((path) => join(path, name))
    .find((path) => existsSync(path));
  if (folder !== undefined) return folder;
  console.error(
    `campsite cannot be built: ${name} is not installed.\n` +
      `${packageName} is ${packageName in (manifest.optionalDependencies ?? {}) ? 'an optional dependency: npm goes on without it when its install script fails, or under --omit=optional' : 'a dependency'}.\n` +
      'Run: npm install --ignore-scripts --include=optional',
  );
  process.exit(1);
}

/** Licence texts of the packages that went into the bundle; MIT and ISC ask for them in every copy. */
async function licences(inputs) {
  const packages = new Map();
  for (const input of Object.keys(inputs)) {
    const match = /^(.*node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(input);
    if (match !== null) packages.set(match[2], join(root, match[1]));
  }
  for (const name of WASM) packages.set(name.slice(0, name.indexOf('/')), dirname(wasmFile(name)));
  const texts = [];
  for (const [name, folder] of [...packages].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const { version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    texts.push(
      `${name} ${version} (${license})\n\n${file === undefined ? 'The package has no licence file.' : (await readFile(join(folder, file), 'utf8')).trim()}\n`,
    );
  }
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}

/** Writes a file of dist/ if its bytes differ from what lies there. */
async function place(name, bytes) {
  const path = join(dist, name);
  const before = await readFile(path).catch(() => undefined);
  if (before?.equals(bytes)) return;
  const fresh = `${path}.${process.pid}.tmp`;
  await writeFile(fresh, bytes);
  await rename(fresh, path);
}

/** The shipped packs, validated, as one JSON file: reading YAML at every start would cost more than everything else a start does. */
async function packSnapshot() {
  const { snapshotOf } = await runBuilt(common, PACK_LOADER, dist);
  return snapshotOf(join(root, 'config'));
}

/** A hash of everything the bundle is made from. */
async function buildId() {
  const hash = createHash('sha256');
  for (const folder of ['src', 'config']) {
    for (const entry of (await readdir(join(root, folder), { recursive: true })).sort()) {
      const bytes = await readFile(join(root, folder, entry)).catch(() => undefined);
      if (bytes !== undefined) hash.update(`${entry}\0${bytes.length}\0`).update(bytes);
    }
  }
  return hash
    .update(await readFile(join(root, 'package-lock.json')))
    .digest('hex')
    .slice(0, 16);
}

const entries = ENTRIES.filter((entry) => existsSync(join(root, entry)));
/** What every bundle of this project is built with. */
const common = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: [...external, 'typescript'],
  // Bundled CommonJS packages call require() for Node's own modules and name their file (write-file-atomic), which ESM has not.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; import { fileURLToPath as __toPath } from 'node:url'; const require = __createRequire(import.meta.url), __filename = __toPath(import.meta.url);",
  },
  define: { __CAMPSITE_BUILD__: JSON.stringify(await buildId()) },
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  plugins: [plainLoops(join(root, 'src')), lazyWidth],
  metafile: true,
  write: false,
  logLevel: 'warning',
};
await mkdir(dist, { recursive: true });
const result = await build({
  ...common,
  plugins: [await listedRules(common, dist), ...common.plugins],
  entryPoints: entries,
  entryNames: '[name]',
  chunkNames: 'chunk-[name]-[hash]',
  outdir: 'dist',
  splitting: true,
});

const written = new Set(['LICENSES.txt', 'packs.json', ...WASM.map((name) => name.slice(name.indexOf('/') + 1))]);
for (const file of result.outputFiles) {
  const name = relative(dist, file.path);
  written.add(name);
  await place(name, Buffer.from(file.contents));
}
for (const name of WASM) await place(name.slice(name.indexOf('/') + 1), await readFile(wasmFile(name)));
await place('packs.json', Buffer.from(await packSnapshot()));
await place('LICENSES.txt', Buffer.from(await licences(result.metafile.inputs)));
if (existsSync(join(dist, 'cli.js'))) await chmod(join(dist, 'cli.js'), 0o755);
for (const name of await readdir(dist)) if (!written.has(name) && !name.includes('.tmp')) await rm(join(dist, name), { recursive: true });
if (process.argv.includes('--sizes')) {
  for (const [name, output] of Object.entries(result.metafile.outputs)) console.log(String(output.bytes).padStart(9), name);
}
