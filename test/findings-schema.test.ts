/**
 * Is the published JSON Schema fresh, does it accept what we write, and does reading back refuse what is damaged?
 *
 * `UPDATE=1 npx vitest run test/findings-schema.test.ts` rewrites the published file.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import type { RunResult } from '../src/findings/finding.ts';
import { parseRunResult, runResultJsonSchema, schemaMatchesContract } from '../src/findings/schema.ts';
import { renderJson } from '../src/report/json.ts';
import { exampleRun } from './golden/run.ts';

const published = new URL('../config/run-result.schema.json', import.meta.url);

const validate = new Ajv2020({ strict: true, allErrors: true }).compile(JSON.parse(runResultJsonSchema()));

test('the published schema is what the code says', () => {
  if (process.env.UPDATE === '1') writeFileSync(published, runResultJsonSchema());
  expect(readFileSync(published, 'utf8')).toBe(runResultJsonSchema());
  expect(schemaMatchesContract).toBe(true);
});

test('the example, as JSON writes it, is valid', () => {
  const valid = validate(JSON.parse(renderJson(exampleRun, {})));
  expect(validate.errors).toBeNull();
  expect(valid).toBe(true);
});

test('the example has every field that the schema knows', () => {
  const names = new Set<string>();
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(collect);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value)) {
        names.add(key);
        collect(member);
      }
    }
  };
  collect(exampleRun);
  const known = [...runResultJsonSchema().matchAll(/"required": \[([^\]]*)\]|"properties": \{/g)];
  expect(known.length).toBeGreaterThan(5);
  const properties: string[] = [];
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('properties' in node) properties.push(...Object.keys(node.properties as object));
    Object.values(node).forEach(walk);
  };
  walk(JSON.parse(runResultJsonSchema()));
  expect(properties.filter((name) => !names.has(name))).toEqual([]);
});

test.each<[string, (run: Record<string, never>) => unknown]>([
  ['an unknown field', (run) => ({ ...run, extra: 1 })],
  ['a missing list', ({ findings: _, ...run }) => run],
  ['line 0', (run) => ({ ...run, problems: [{ path: 'a', line: 0, message: 'm', kind: 'syntax' }] })],
  ['an unknown kind of problem', (run) => ({ ...run, problems: [{ path: 'a', message: 'm', kind: 'odd' }] })],
])('the schema and the reader refuse %s', (_, damage) => {
  const damaged = damage(JSON.parse(JSON.stringify(exampleRun)));
  expect(validate(damaged)).toBe(false);
  expect(parseRunResult(JSON.stringify(damaged)).result).toBeUndefined();
});

describe('reading a saved run', () => {
  test('gives what was written', () => {
    const { result, problems } = parseRunResult(renderJson(exampleRun, {}));
    expect(problems).toEqual([]);
    expect(result).toEqual(exampleRun satisfies RunResult);
  });

  test('says what is wrong, in a sentence', () => {
    expect(parseRunResult('{"a"').problems[0]).toMatch(/^this is not JSON/);
    expect(parseRunResult('[]').problems).toEqual(['this is not a run result of campsite: it has no schemaVersion']);
    expect(parseRunResult('{"schemaVersion": 99}').problems[0]).toMatch(/schema version 99, this campsite reads 1/);
    expect(parseRunResult(JSON.stringify({ ...exampleRun, ledger: 3 })).problems).toEqual([expect.stringMatching(/^ledger: /)]);
  });
});
