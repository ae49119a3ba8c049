/**
 * How do the Markdown specifications under test/spec become tests?
 *
 * A file has headings, prose and code blocks. A ```py block is the input; each block after it, in another language, must equal what the
 * printer of that language makes of the input. The heading names the test. `UPDATE=1 npx vitest run` rewrites the output blocks; the
 * difference is then reviewed like code. An output block that is empty fails, so that none is forgotten. Blocks before the first ```py block
 * and ```text blocks are prose.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

/** Turns the source of a ```py block into the text that the output block must hold. */
export type SpecPrinter = (source: string) => string;

/** An output block of a specification, and where it stands. */
export interface OutputBlock {
  readonly heading: string;
  readonly language: string;
  readonly source: string;
  readonly expected: string;
  /** Lines of the content: [from, to), 0-based. */
  readonly from: number;
  readonly to: number;
}

/** Registers one vitest test for each output block in the Markdown files under `folder`. */
export function runSpecs(folder: string, printers: Readonly<Record<string, SpecPrinter>>): void {
  for (const file of markdownFiles(folder)) {
    describe(relative(folder, file), () => {
      if (process.env.UPDATE) {
        test('is rewritten', () => rewrite(file, printers));
        return;
      }
      const blocks = outputBlocks(readFileSync(file, 'utf8'));
      test('has specifications', () => expect(blocks.length).toBeGreaterThan(0));
      for (const block of blocks) {
        test(`${block.heading} (${block.language})`, () => {
          expect(block.expected.trim(), 'the output block is empty: run with UPDATE=1 and review it').not.toBe('');
          expect(printed(block, printers)).toBe(block.expected);
        });
      }
    });
  }
}

function printed(block: OutputBlock, printers: Readonly<Record<string, SpecPrinter>>): string {
  const printer = printers[block.language];
  if (!printer) throw new Error(`no printer is registered for \`\`\`${block.language} blocks`);
  return printer(block.source).trimEnd();
}

function rewrite(file: string, printers: Readonly<Record<string, SpecPrinter>>): void {
  const text = readFileSync(file, 'utf8');
  const lines = text.split('\n');
  for (const block of outputBlocks(text).reverse()) lines.splice(block.from, block.to - block.from, ...printed(block, printers).split('\n'));
  const after = lines.join('\n');
  if (after !== text) writeFileSync(file, after);
}

/** The output blocks of a Markdown text, each with the ```py block before it. */
export function outputBlocks(text: string): OutputBlock[] {
  const lines = text.split('\n');
  const blocks: OutputBlock[] = [];
  let heading = '';
  let source: string | null = null;
  for (let i = 0; i < lines.length; i++) {
    const title = /^#+ (.*)$/.exec(lines[i]);
    if (title) heading = title[1];
    const fence = /^```(\w[\w-]*)$/.exec(lines[i]);
    if (!fence) continue;
    const from = i + 1;
    let to = from;
    while (to < lines.length && lines[to] !== '```') to++;
    const content = lines.slice(from, to).join('\n');
    if (fence[1] === 'py') source = `${content}\n`;
    else if (source !== null && fence[1] !== 'text') blocks.push({ heading, language: fence[1], source, expected: content, from, to });
    i = to;
  }
  return blocks;
}

function markdownFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return markdownFiles(path);
      return entry.name.endsWith('.md') ? [path] : [];
    })
    .sort();
}
