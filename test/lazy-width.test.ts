/**
 * Does the function that the build puts in front of string-width measure as string-width does, and load it only for texts that need it?
 */
import { build } from 'esbuild';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
// @ts-expect-error: a script of the build, without types.
import { lazyWidth } from '../scripts/lazy-width.mjs';
import { projectRoot } from './files.ts';

const texts = ['', 'plain', 'tab\there', '\u001b[31mred\u001b[39m', '表示', 'e\u0301', '👩‍👧', '\u0000'];

test('widths in a bundle are those of the package, which runs when the first of them is asked for', async () => {
  const { outputFiles } = await build({
    stdin: { contents: "import width from 'string-width'; globalThis.measured = (text) => width(text);", resolveDir: projectRoot },
    bundle: true,
    format: 'esm',
    platform: 'node',
    plugins: [lazyWidth],
    write: false,
  });
  const code = outputFiles[0]?.text ?? '';
  let made = 0;
  const CountingSegmenter = class extends Intl.Segmenter {
    constructor() {
      super();
      made++;
    }
  };
  const scope: { measured?: (text: string) => number } = {};
  new Function('globalThis', 'Intl', code)(scope, { Segmenter: CountingSegmenter });
  expect(scope.measured?.('plain')).toBe(5);
  expect(made).toBe(0);
  expect(texts.map((text) => scope.measured?.(text))).toEqual(texts.map((text) => stringWidth(text)));
  expect(made).toBeGreaterThan(0);
});
