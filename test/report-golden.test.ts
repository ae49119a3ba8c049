/**
 * Does every format write what its golden file says?
 *
 * The golden files are made by `UPDATE=1 npx vitest run test/report-golden.test.ts` and reviewed in the diff, never written by hand.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { FORMATS, type Format, renderReport } from '../src/report/index.ts';
import type { ReportOptions } from '../src/report/options.ts';
import { exampleRun, exampleSource } from './golden/run.ts';

const EXTENSION: Readonly<Record<string, string>> = {
  json: 'json',
  'json-lines': 'jsonl',
  sarif: 'sarif',
  gitlab: 'json',
  junit: 'xml',
  rdjson: 'json',
  markdown: 'md',
  html: 'html',
};

/** The page as people review it: packed findings unpacked (their bytes depend on the version of zlib), without its style, its script and their hashes. */
function reviewable(format: Format, text: string): string {
  if (format !== 'html') return text;
  const unpack = (piece: string): string => (JSON.parse(inflateRawSync(Buffer.from(piece, 'base64')).toString()) as string[]).join('\n');
  return text
    .replace(/(<script type="text\/plain" id="piece-\d+">)([^<]*)/g, (_, start: string, piece: string) => `${start}\n${unpack(piece)}\n`)
    .replace(/<style>[^<]*/, '<style>')
    .replace(/<script>'use strict'[\s\S]*?<\/script>/, '<script></script>')
    .replace(/'sha256-[^']+'/g, "'sha256'");
}

function compare(file: string, text: string): void {
  const url = new URL(`golden/${file}`, import.meta.url);
  if (process.env.UPDATE === '1') writeFileSync(url, text);
  expect(existsSync(url), `${file} is missing: run with UPDATE=1`).toBe(true);
  expect(text).not.toBe('');
  expect(text).toBe(readFileSync(url, 'utf8'));
}

const helpUri = (rule: string): string => `https://campsite.example/rules/${rule}`;

test.each(FORMATS)('%s', (format) => {
  compare(
    `${format}.${EXTENSION[format] ?? 'txt'}`,
    reviewable(format, renderReport(format, exampleRun, { sources: exampleSource, helpUri, homepage: 'https://campsite.example/' })),
  );
});

const variants: readonly [name: string, format: Format, options: ReportOptions][] = [
  ['full-notes-statistics', 'full', { sources: exampleSource, showNotes: true, statistics: true, frames: 2 }],
  ['full-without-sources', 'full', {}],
  ['full-color', 'full', { sources: exampleSource, color: true }],
  ['full-narrow', 'full', { sources: exampleSource, width: 50 }],
  ['concise-statistics', 'concise', { statistics: true }],
];

test.each(variants)('%s', (name, format, options) => {
  compare(`${name}.txt`, renderReport(format, exampleRun, options));
});
