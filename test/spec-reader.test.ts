/**
 * Are specifications read as spec.ts says?
 *
 * That an output block belongs to the ```py block before it, and that none is overlooked, cannot be seen from specifications that hold.
 */
import { expect, test } from 'vitest';
import { outputBlocks } from './spec.ts';

const text = ['# T', '```ir', 'before any source', '```', '## One', 'prose', '```py', 'a', '', 'b', '```', '```ir', 'A', '```', '```cfg', '```'];

test('an output block has the heading and the source before it', () => {
  expect(outputBlocks(text.join('\n'))).toEqual([
    { heading: 'One', language: 'ir', source: 'a\n\nb\n', expected: 'A', from: 12, to: 13 },
    { heading: 'One', language: 'cfg', source: 'a\n\nb\n', expected: '', from: 15, to: 15 },
  ]);
});

test('text blocks are prose, and a new source replaces the old', () => {
  const blocks = outputBlocks('```py\na\n```\n```text\nx\n```\n# Two\n```py\nb\n```\n```ir-spans\nB\n```\n');
  expect(blocks.map(({ heading, language, source }) => [heading, language, source])).toEqual([['Two', 'ir-spans', 'b\n']]);
});
