/**
 * What does the build do with `for (const x of list)`? It counts.
 *
 * The analysis is so wide that most of it never gets optimised code, and there an array's iterator makes an object for each element: a fifth of
 * everything the analysis allocated were such objects. A loop over an array becomes one with an index, and `const [a, b] = pair` reads the
 * elements; whatever is no array is iterated as before. Sources stay as they are written. The same in meaning but for one thing: an iterator
 * is not closed where a loop is left early, so only files without generators are rewritten.
 */
import { readFile } from 'node:fs/promises';
import { parse } from '@babel/parser';
import { transform } from 'esbuild';

/** An esbuild plugin that rewrites the files of `folder` (absolute). */
export function plainLoops(folder) {
  return {
    name: 'plain-loops',
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        if (!path.startsWith(folder)) return undefined;
        const { code } = await transform(await readFile(path, 'utf8'), { loader: 'ts', target: 'node20', sourcefile: path });
        return { contents: withPlainLoops(code), loader: 'js' };
      });
    },
  };
}

/** A module's JavaScript with its loops and array patterns rewritten; the text itself where it has generators. */
export function withPlainLoops(code) {
  const { program } = parse(code, { sourceType: 'module' });
  let made = 0;
  let generators = false;
  const written = (node) => {
    if (node.generator === true) generators = true;
    if (node.type === 'ForOfStatement' && !node.await) return loop(node);
    if (node.type === 'VariableDeclaration' && node.declarations.some(isPair)) return declaration(node);
    let text = '';
    let at = node.start;
    for (const child of childrenOf(node)) {
      if (child.start < at) continue; // `{ a }` is key and value in one place.
      text += code.slice(at, child.start) + written(child);
      at = child.end;
    }
    return text + code.slice(at, node.end);
  };
  const loop = (node) => {
    const [list, other, index, step, one] = ['list', 'other', 'index', 'step', 'one'].map((name) => `${name}$${made}`);
    made++;
    const element = `${other} === undefined ? ${list}[${index}] : ${step}.value`;
    const [only] = node.left.type === 'VariableDeclaration' ? node.left.declarations : [];
    const binding =
      only !== undefined && isNames(only.id)
        ? `${node.left.kind} ${one} = ${element}, ${one}a = Array.isArray(${one}) ? ${one} : [...${one}]${elementsOf(only.id, `${one}a`)}`
        : `${written(node.left)} = ${element}`;
    return (
      `for (let ${list} = (${written(node.right)}), ${other} = Array.isArray(${list}) ? undefined : ${list}[Symbol.iterator](), ${index} = 0, ${step}; ` +
      `${other} === undefined ? ${index} < ${list}.length : !(${step} = ${other}.next()).done; ${index}++) { ` +
      `${binding}; ${written(node.body)} }`
    );
  };
  const declaration = (node) => {
    const parts = node.declarations.map((one) => {
      if (!isPair(one)) return written(one);
      const all = `all$${made}`;
      const list = `pair$${made++}`;
      return `${all} = (${written(one.init)}), ${list} = Array.isArray(${all}) ? ${all} : [...${all}]${elementsOf(one.id, list)}`;
    });
    return `${node.kind} ${parts.join(', ')}${code[node.end - 1] === ';' ? ';' : ''}`;
  };
  const text = written(program);
  return generators ? code : text;
}

/** `[a, b] = value` with nothing but names. */
function isPair({ id, init }) {
  return init !== null && isNames(id);
}

function isNames(pattern) {
  return pattern.type === 'ArrayPattern' && pattern.elements.every((element) => element === null || element.type === 'Identifier');
}

/** `, a = list[0], b = list[1]`. */
function elementsOf({ elements }, list) {
  return elements.map((element, i) => (element === null ? '' : `, ${element.name} = ${list}[${i}]`)).join('');
}

/** The nodes directly below, in source order. */
function childrenOf(node) {
  const found = [];
  for (const [key, value] of Object.entries(node)) {
    if (key === 'loc' || key.endsWith('Comments') || key === 'extra' || key === 'errors') continue;
    for (const one of Array.isArray(value) ? value : [value]) if (typeof one?.type === 'string') found.push(one);
  }
  return found.sort((a, b) => a.start - b.start);
}
