/**
 * Makes findings, acquisitions and runs for tests that care about a few fields only.
 */
import type { Acquisition, Finding, RunResult, Witness } from '../../src/findings/finding.ts';
import { SCHEMA_VERSION } from '../../src/findings/finding.ts';

/** A finding of leak-on-failure in tests/test_a.py with the given fields in place of its own; no fingerprint yet. */
export function findingAt(fields: Partial<Finding>): Omit<Finding, 'fingerprint'> {
  const line = fields.line ?? 1;
  return {
    rule: 'leak-on-failure',
    pillar: 'lifecycle',
    cwe: ['CWE-460'],
    severity: 'warning',
    message: 'file is not closed when it raises',
    path: 'tests/test_a.py',
    line,
    column: 5,
    endLine: line,
    endColumn: 20,
    test: 'test_a',
    tests: { count: 1, examples: ['test_a'] },
    witnesses: [],
    ...fields,
  };
}

/** From an acquisition on line 1 over the given lines, which raise, to an exit on the last. */
export function witnessOver(lines: readonly number[], pathKind: Witness['pathKind'] = 'failure'): Witness {
  const path = 'tests/test_a.py';
  return {
    pathKind,
    steps: [
      { kind: 'acquire', path, line: 1, column: 5, message: 'acquired here' },
      ...lines.map((line) => ({ kind: 'raise' as const, path, line, column: 5, message: 'raises' })),
      { kind: 'exit', path, line: lines[lines.length - 1] ?? 1, column: 5, message: 'leaves' },
    ],
  };
}

export function acquisitionAt(fields: Partial<Acquisition>): Acquisition {
  return { kind: 'file', reach: 'host', path: 'tests/test_a.py', line: 1, owner: '', releases: [], status: 'released', leaks: [], ...fields };
}

/** An empty run with the given fields in place of its own. */
export function runWith(fields: Partial<RunResult>): RunResult {
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: { name: 'campsite', version: '0.1.0' },
    invocation: {
      paths: ['tests'],
      configFiles: [],
      startedAt: '2026-03-01T09:30:00.000Z',
      durationMs: 10,
      files: 1,
      lines: 10,
      tests: 1,
      parserBackend: 'wasm',
    },
    rules: [],
    findings: [],
    ledger: [],
    pillars: [],
    problems: [],
    ...fields,
  };
}
