/**
 * Does text of the analysed project, however it is meant, stay text in every format?
 *
 * Each format is read back by a parser of it, and what comes out must be what went in (made visible where the format has no way to say it).
 */

import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import type { Log } from 'sarif';
import { describe, expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { jsonText, markdownCode, markdownText, markupText, pathToUri, visible, visibleLines } from '../src/base/escape.ts';
import { FORMATS, renderReport } from '../src/report/index.ts';
import { renderJobSummary } from '../src/report/markdown.ts';
import { gitlabSchema, rdjsonSchema } from './golden/consumers.ts';
import { hostileRun, hostileText, UNSAFE } from './golden/hostile.ts';

const sources = (text: string) => (): string => `${text.replace(/[\r\n]/g, '')}\nsecond\n`;

const sarifSchema = JSON.parse(readFileSync(new URL('../node_modules/@microsoft/sarif-multitool-linux/sarif-2.1.0.json', import.meta.url), 'utf8'));
const ajv = new Ajv2020({ strict: false, allErrors: true });
(addFormats as unknown as (instance: Ajv2020) => void)(ajv);
const isSarif = ajv.compile<Log>(sarifSchema);

test.each(FORMATS)('%s: no control, bidi or invisible character, no command of a CI system', (format) => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const output = renderReport(format, hostileRun(text), { sources: sources(text), showNotes: true, statistics: true });
      expect(output).not.toMatch(UNSAFE);
      const lines = output.split('\n').filter((line) => line !== '');
      const foreign = format === 'azure' ? lines.map((line) => line.replace(/^##vso\[task\.logissue /, '')) : lines;
      expect(foreign.filter((line) => /##[A-Za-z]*\[/.test(line))).toEqual([]);
      if (format !== 'github') expect(lines.filter((line) => /^\s*::/.test(line))).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

test('full: the number of lines does not depend on the text', () => {
  const lineCount = (text: string): number => renderReport('full', hostileRun(text), {}).split('\n').length;
  fc.assert(fc.property(fc.constantFrom('\n', '\r', '\u2028', '\u001b', '\u0085'), (character) => lineCount(`a${character}b`) === lineCount('a-b')));
});

test('json and json-lines give back the same text', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const run = hostileRun(text);
      expect(JSON.parse(renderReport('json', run))).toEqual(run);
      const records = renderReport('json-lines', run)
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(records.map((record) => record.type)).toEqual(['finding', 'finding', 'problem', 'run']);
      expect(records[0]).toEqual({ type: 'finding', ...run.findings[0] });
    }),
  );
});

test('jsonText may stand in a script element', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const json = jsonText({ [text]: text });
      expect(JSON.parse(json)).toEqual({ [text]: text });
      expect(json).not.toMatch(/<\/|<!--/);
    }),
  );
});

test('sarif: valid against the schema, and the text comes back', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const log: unknown = JSON.parse(renderReport('sarif', hostileRun(text), { sources: sources(text) }));
      const valid = isSarif(log);
      expect(isSarif.errors).toBeNull();
      if (!valid) return;
      const [first] = log.runs[0].results ?? [];
      const message = (first.message.text ?? '').replace(/\\\[/g, '[').replace(/\{\{(\d+)\}\}/g, '{$1}');
      expect(message.startsWith(visible(text))).toBe(true);
      expect(first.message.text).not.toMatch(/(?<!\\)\[[^\]]*\]\(\d/);
      const uri = first.locations?.[0].physicalLocation?.artifactLocation?.uri ?? '';
      expect(decodeURIComponent(uri)).toBe(text.replace(/\p{Cs}/gu, '\ufffd'));
    }),
    { numRuns: 60 },
  );
});

const UNESCAPED: Readonly<Record<string, string>> = {
  '%25': '%',
  '%0D': '\r',
  '%0A': '\n',
  '%3A': ':',
  '%2C': ',',
  '%AZP25': '%',
  '%3B': ';',
  '%5D': ']',
};

describe('workflow commands', () => {
  test('github: exactly our commands, whose values come back', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const lines = renderReport('github', hostileRun(text)).slice(0, -1).split('\n');
        expect(lines).toHaveLength(1);
        const match = /^::(error|warning|notice) ([^:]*)::(.*)$/.exec(lines[0]);
        expect(match).not.toBeNull();
        const properties = Object.fromEntries(
          (match?.[2] ?? '').split(',').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
        );
        const unescape = (value: string): string => value.replace(/%(?:25|0D|0A|3A|2C)/g, (code) => UNESCAPED[code]);
        expect(Object.keys(properties)).toEqual(['title', 'file', 'line', 'endLine', 'col', 'endColumn']);
        expect(unescape(properties.file)).toBe(visibleLines(text));
        expect(unescape(match?.[3] ?? '').split('\n')[0]).toBe(visible(text));
      }),
    );
  });

  test('azure: exactly our commands, whose values come back', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const lines = renderReport('azure', hostileRun(text)).slice(0, -1).split('\n');
        expect(lines).toHaveLength(1);
        const match = /^##vso\[task\.logissue ([^\]]*)\](.*)$/.exec(lines[0]);
        expect(match).not.toBeNull();
        const unescape = (value: string): string => value.replace(/%(?:AZP25|0D|0A|3B|5D)/g, (code) => UNESCAPED[code]);
        const properties = (match?.[1] ?? '')
          .split(';')
          .filter((pair) => pair !== '')
          .map((pair) => [pair.slice(0, pair.indexOf('=')), unescape(pair.slice(pair.indexOf('=') + 1))]);
        expect(properties.map(([name]) => name)).toEqual(['type', 'sourcepath', 'linenumber', 'columnnumber', 'code']);
        expect(properties[1][1]).toBe(visibleLines(text));
        expect(unescape(match?.[2] ?? '')).toBe(visible(text));
      }),
    );
  });
});

describe('junit', () => {
  const schema = readFileSync(new URL('golden/junit.xsd', import.meta.url), 'utf8');
  const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };

  test('valid against the schema', async () => {
    const texts = fc.sample(hostileText, { numRuns: 60, seed: 7 });
    const files = texts.map((text, at) => ({ fileName: `${at}.xml`, contents: renderReport('junit', hostileRun(text)) }));
    const { valid, errors } = await validateXML({ xml: files, schema });
    expect(errors).toEqual([]);
    expect(valid).toBe(true);
  });

  test('the schema refuses what is no report', async () => {
    const { valid } = await validateXML({ xml: '<testsuites name="a" tests="0" failures="0" errors="0"></testsuites>', schema });
    expect(valid).toBe(false);
  });

  test('the text comes back', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const message = /<failure message="([^"<]*)"/.exec(renderReport('junit', hostileRun(text)))?.[1] ?? '';
        expect(message.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity])).toBe(visible(text));
      }),
    );
  });
});

test('gitlab and rdjson: valid, and paths come back as they are', () => {
  const isGitlab = ajv.compile(gitlabSchema);
  const isRdjson = ajv.compile(rdjsonSchema);
  fc.assert(
    fc.property(hostileText, (text) => {
      const gitlab = JSON.parse(renderReport('gitlab', hostileRun(text)));
      expect(isGitlab(gitlab)).toBe(true);
      expect(gitlab[0].location.path).toBe(text);
      const rdjson = JSON.parse(renderReport('rdjson', hostileRun(text)));
      expect(isRdjson(rdjson)).toBe(true);
      expect(rdjson.diagnostics[0].location.path).toBe(text);
      expect(rdjson.diagnostics[0].suggestions[0].text).toBe(text);
    }),
  );
});

describe('markdown', () => {
  test('the number of lines does not depend on the text, and no markup of it is left', () => {
    const plainLines = renderReport('markdown', hostileRun('a')).split('\n').length;
    fc.assert(
      fc.property(hostileText, (text) => {
        for (const output of [renderReport('markdown', hostileRun(text)), renderJobSummary(hostileRun(text), {})]) {
          expect(output.split('\n')).toHaveLength(plainLines);
          const outsideCode = output.replace(/(`+)(?!`)[^\n]*?[^`]\1(?!`)/g, '');
          expect(outsideCode.replace(/<!-- -->/g, '')).not.toMatch(/<[a-z/!]/i);
        }
      }),
    );
  });

  test('text: what was escaped is the text', () => {
    const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&#58;': ':' };
    const read = (markdown: string): string =>
      markdown
        .replace(/<!-- -->/g, '')
        .replace(/\\([!-/:-@[-`{-~])/g, '$1')
        .replace(/&(?:amp|lt|gt|#58);/g, (entity) => ENTITIES[entity]);
    fc.assert(fc.property(hostileText, (text) => read(markdownText(text)) === visible(text)));
  });

  test('code: the fence is longer than any run inside, and pipes are escaped', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const code = markdownCode(text);
        const fence = /^`+/.exec(code)?.[0] ?? '';
        const inside = code.slice(fence.length, code.length - fence.length);
        expect(code.endsWith(fence)).toBe(true);
        expect(inside.split(/[^`]+/)).not.toContain(fence);
        expect(inside.startsWith('`') || inside.endsWith('`')).toBe(false);
        expect(inside.replace(/\\\|/g, '')).not.toContain('|');
      }),
    );
  });
});

test('markupText is safe in elements and in quoted attributes', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      expect(markupText(text)).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
      expect(markupText(text)).not.toMatch(UNSAFE);
    }),
  );
});

test('pathToUri never begins a scheme or an absolute reference', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const uri = pathToUri(text);
      expect(uri).toMatch(/^[A-Za-z0-9\-_.!~*'()%/]*$/);
      expect(() => decodeURIComponent(uri)).not.toThrow();
    }),
  );
});
