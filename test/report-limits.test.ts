/**
 * Does each format keep its reader's limits and avoid its traps?
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Log, Result, Run } from 'sarif';
import { describe, expect, test } from 'vitest';
import type { Finding, RuleInfo, RunResult, Severity } from '../src/findings/finding.ts';
import { withFingerprints } from '../src/findings/fingerprint.ts';
import { ANNOTATIONS } from '../src/report/github.ts';
import { DEFAULT_FORMAT, FORMATS, isFormat, renderReport } from '../src/report/index.ts';
import { renderJobSummary, SUMMARY_BYTES } from '../src/report/markdown.ts';
import { mostImportant, SARIF_RESULTS } from '../src/report/sarif.ts';
import { CODE_FLOWS, FLOW_STEPS, RELATED_LOCATIONS } from '../src/report/sarif-result.ts';
import { findingAt, runWith, witnessOver } from './golden/build.ts';
import { gitlabSchema, rdjsonSchema } from './golden/consumers.ts';
import { exampleRun, exampleSource } from './golden/run.ts';

function runOf(...findings: Omit<Finding, 'fingerprint'>[]): RunResult {
  return runWith({ findings: withFingerprints(findings) });
}

function manyFindings(count: number, severity: Severity): Omit<Finding, 'fingerprint'>[] {
  return Array.from({ length: count }, (_, at) => findingAt({ line: at + 1, severity }));
}

function sarifRun(result: RunResult, sources?: (path: string) => string | undefined): Run {
  return (JSON.parse(renderReport('sarif', result, { sources })) as Log).runs[0];
}

function sarifResults(result: RunResult, sources?: (path: string) => string | undefined): Result[] {
  return sarifRun(result, sources).results ?? [];
}

describe('all formats', () => {
  test('the names, and the default among them', () => {
    expect([...FORMATS].sort()).toEqual([
      'azure',
      'concise',
      'full',
      'github',
      'gitlab',
      'html',
      'json',
      'json-lines',
      'junit',
      'markdown',
      'rdjson',
      'sarif',
    ]);
    expect(isFormat(DEFAULT_FORMAT)).toBe(true);
    expect(isFormat('constructor')).toBe(false);
  });

  const silent = ['azure', 'github'];
  test.each(FORMATS)('%s: an empty run writes what its reader takes', (format) => {
    const output = renderReport(format, runWith({}));
    if (silent.includes(format)) expect(output).toBe('');
    else expect(output.endsWith('\n')).toBe(true);
  });

  test.each([
    ['full', false],
    ['concise', false],
    ['github', false],
    ['junit', false],
    ['azure', false],
    ['json', true],
    ['json-lines', true],
    ['sarif', true],
    ['gitlab', true],
    ['rdjson', true],
    ['markdown', true],
  ] as const)('%s: notes by default: %s; always as asked', (format, usual) => {
    const result = runOf(findingAt({ severity: 'note', message: 'the note itself' }));
    const has = (showNotes?: boolean): boolean => renderReport(format, result, { showNotes }).includes('the note itself');
    expect([has(), has(true), has(false)]).toEqual([usual, true, false]);
  });

  test.each(FORMATS.filter((format) => !['json', 'json-lines', 'sarif', 'html'].includes(format)))(
    '%s: suppressed and known findings are not shown',
    (format) => {
      const result = runOf(
        findingAt({ line: 1, message: 'hushed', suppressed: { kind: 'inline', reason: 'r' } }),
        findingAt({ line: 2, message: 'hushed', suppressed: { kind: 'baseline', reason: 'r' }, baseline: 'known' }),
      );
      expect(renderReport(format, result)).not.toContain('hushed');
    },
  );
});

describe('sarif', () => {
  test('flows, steps and related locations are limited, and the message says so', () => {
    const long = witnessOver(Array.from({ length: 130 }, (_, at) => at + 2));
    const [result] = sarifResults(runOf(findingAt({ witnesses: [long, ...[3, 4, 5, 6, 7].map((line) => witnessOver([line]))] })));
    expect(result.codeFlows).toHaveLength(CODE_FLOWS);
    expect(result.codeFlows?.[0].threadFlows[0].locations).toHaveLength(FLOW_STEPS);
    expect(result.relatedLocations).toHaveLength(RELATED_LOCATIONS);
    expect(result.message.text).toContain('4 of 6 paths are shown.');
    expect(result.message.text).toContain('32 of 132 steps of a path are left out.');
    const steps = result.codeFlows?.[0].threadFlows[0].locations ?? [];
    expect(steps[0].location?.message?.text).toBe('acquired here.');
    expect(steps[FLOW_STEPS - 1].location?.message?.text).toBe('leaves.');
  });

  test('the graph is the union of the paths, each of them a traversal over its edges', () => {
    const [result] = sarifResults(runOf(findingAt({ witnesses: [witnessOver([3]), witnessOver([3, 4])] })));
    const graph = result.graphs?.[0];
    expect(graph?.nodes?.map((node) => node.label?.text)).toEqual(['acquired here.', 'raises.', 'leaves.', 'raises.', 'leaves.']);
    const ids = new Set(graph?.nodes?.map((node) => node.id));
    for (const edge of graph?.edges ?? []) expect([ids.has(edge.sourceNodeId), ids.has(edge.targetNodeId)]).toEqual([true, true]);
    const edges = new Map(graph?.edges?.map((edge) => [edge.id, edge]));
    expect(result.graphTraversals).toHaveLength(2);
    for (const traversal of result.graphTraversals ?? []) {
      const taken = (traversal.edgeTraversals ?? []).map(({ edgeId }) => edges.get(edgeId));
      taken.slice(1).forEach((edge, at) => expect(edge?.sourceNodeId).toBe(taken[at]?.targetNodeId));
    }
  });

  test('a skipped release is no step of the path, but a related location', () => {
    const result = sarifResults(exampleRun, exampleSource).find(
      (one) => one.partialFingerprints?.['campsite/v1'] === fingerprintOf('TestResize.test_resize'),
    );
    expect(result?.codeFlows?.[0].threadFlows[0].locations.map(({ location }) => location?.message?.text)).not.toContain('skipped.');
    expect(result?.relatedLocations?.map((location) => location.message?.text)).toContain('skipped.');
  });

  function fingerprintOf(test: string): string | undefined {
    return exampleRun.findings.find((finding) => finding.test === test)?.fingerprint;
  }

  test('the primary region is one line with all four numbers; the whole extent is its context', () => {
    const [result] = sarifResults(runOf(findingAt({ line: 1, column: 3, endLine: 4, endColumn: 2 })), () => 'f(a,\n b,\n c\n)\n');
    const location = result.locations?.[0].physicalLocation;
    expect(location?.region).toEqual({ startLine: 1, startColumn: 3, endLine: 1, endColumn: 5, snippet: { text: 'f(a,' } });
    expect(location?.contextRegion).toEqual({ startLine: 1, startColumn: 1, endLine: 4, endColumn: 2 });
  });

  test('messages end with a full stop, and what looks like a link or a placeholder is none', () => {
    const [result] = sarifResults(runOf(findingAt({ message: 'see [here](1) and {0}' })));
    expect(result.message.text).toBe('see \\[here](1) and {{0}}.');
  });

  test('fingerprints are ours alone, and no line hash of GitHub is pretended', () => {
    expect(Object.keys(sarifResults(exampleRun)[0].partialFingerprints ?? {})).toEqual(['campsite/v1']);
  });

  test('rules: CWE as tags and as taxonomy, a tag that is none, no security severity', () => {
    const run = sarifRun(exampleRun);
    const rule = run.tool.driver.rules?.find(({ id }) => id === 'leak-on-failure');
    expect(rule?.properties?.tags).toEqual(['test', 'maintainability', 'lifecycle', 'external/cwe/cwe-664', 'external/cwe/cwe-460']);
    expect(rule?.properties).not.toHaveProperty('security-severity');
    const taxa = run.taxonomies?.[0].taxa ?? [];
    for (const relationship of rule?.relationships ?? []) expect(taxa[relationship.target.index ?? -1].id).toBe(relationship.target.id);
    for (const result of run.results ?? []) {
      expect(run.tool.driver.rules?.[result.ruleIndex ?? -1].id).toBe(result.ruleId);
      for (const { id, index } of result.taxa ?? []) expect(taxa[index ?? -1].id).toBe(id);
    }
    expect(run.automationDetails?.id).toBe('campsite/');
  });

  test('a rule with long or missing texts, many CWE ids, or that the result does not list', () => {
    const rule: RuleInfo = {
      id: 'leak-on-failure',
      title: 't'.repeat(3000),
      pillar: 'lifecycle',
      severity: 'warning',
      precision: 'high',
      help: '',
      cwe: Array.from({ length: 30 }, (_, at) => `CWE-${at + 1}`),
    };
    const run = sarifRun({ ...runOf(findingAt({}), findingAt({ rule: 'unlisted' })), rules: [rule] });
    const [first, second] = run.tool.driver.rules ?? [];
    expect(first.shortDescription?.text.length).toBeLessThanOrEqual(1024);
    expect(first.properties?.tags?.length).toBeLessThanOrEqual(10);
    for (const text of [first.shortDescription, first.fullDescription, first.help, second.shortDescription, second.help])
      expect(text?.text).not.toBe('');
    expect(run.results?.map((result) => result.ruleIndex)).toEqual([0, 1]);
  });

  test('suppressions and baseline states', () => {
    const byTest = new Map(sarifResults(exampleRun).map((result) => [result.locations?.[0].logicalLocations?.[0].fullyQualifiedName, result]));
    expect(byTest.get('test_page')?.suppressions).toMatchObject([{ kind: 'inSource', justification: 'the process ends right after' }]);
    expect(sarifResults(exampleRun).find((result) => result.baselineState === 'unchanged')?.suppressions).toMatchObject([{ kind: 'external' }]);
    expect(byTest.get('test_sum')).toMatchObject({ suppressions: [], baselineState: 'new' });
    expect(sarifResults(runOf(findingAt({})))[0]).not.toHaveProperty('suppressions');
  });

  test('problems are notifications; only an internal one makes the run unsuccessful', () => {
    const [invocation] = sarifRun(exampleRun).invocations ?? [];
    expect(invocation.executionSuccessful).toBe(true);
    expect(invocation.toolExecutionNotifications?.map(({ descriptor }) => descriptor?.id)).toEqual(['syntax']);
    expect(invocation.toolConfigurationNotifications?.map(({ descriptor }) => descriptor?.id)).toEqual(['configuration']);
    const broken = sarifRun(runWith({ problems: [{ path: 'a.py', message: 'gave up', kind: 'internal' }] }));
    expect(broken.invocations?.[0].executionSuccessful).toBe(false);
  });

  test('no more results than GitHub takes, and what is left out is said', () => {
    const findings = manyFindings(SARIF_RESULTS + 2, 'note').map((finding, at) => ({ ...finding, fingerprint: at.toString(16).padStart(16, '0') }));
    const run = sarifRun(runWith({ findings }));
    expect(run.results).toHaveLength(SARIF_RESULTS);
    expect(run.invocations?.[0].toolExecutionNotifications?.[0].message.text).toBe('2 findings left out: a log may have 25000.');
  }, 30_000);

  test('the least important are left out, and the others keep their order', () => {
    const { findings } = runOf(
      ...manyFindings(3, 'note'),
      findingAt({ line: 9 }),
      findingAt({ line: 10, severity: 'error', suppressed: { kind: 'inline', reason: '' } }),
      findingAt({ line: 11, severity: 'error' }),
    );
    expect(mostImportant(findings, 4).map((finding) => finding.line)).toEqual([1, 2, 9, 11]);
    expect(mostImportant(findings, 2).map((finding) => finding.line)).toEqual([9, 11]);
  });

  test('edits become fixes; a cure in words alone does not', () => {
    const edits = [{ path: 'a b.py', startLine: 2, startColumn: 1, endLine: 2, endColumn: 1, text: 'x\n' }];
    const [one, two] = sarifResults(
      runOf(
        findingAt({ line: 1, fix: { title: 'add x', safety: 'safe', edits } }),
        findingAt({ line: 2, fix: { title: 'think', safety: 'display-only', edits: [] } }),
      ),
    );
    expect(one.fixes?.[0].artifactChanges).toEqual([
      {
        artifactLocation: { uri: 'a%20b.py' },
        replacements: [{ deletedRegion: { startLine: 2, startColumn: 1, endLine: 2, endColumn: 1 }, insertedContent: { text: 'x\n' } }],
      },
    ]);
    expect(two).not.toHaveProperty('fixes');
  });

  test("Microsoft's validator, with GitHub's rules, has no error and no warning", () => {
    const folder = mkdtempSync(join(tmpdir(), 'campsite-sarif-'));
    try {
      const file = join(folder, 'run.sarif');
      writeFileSync(file, renderReport('sarif', exampleRun, { sources: exampleSource, homepage: 'https://campsite.example/' }));
      const validator = new URL('../node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool', import.meta.url).pathname;
      const output = execFileSync(validator, ['validate', file, '--rule-kind', 'Sarif;Ghas', '--level', 'Error;Warning'], {
        encoding: 'utf8',
        cwd: folder,
      });
      expect(output).toContain('Analysis completed successfully');
      expect(output.split('\n').filter((line) => /: (?:error|warning) /.test(line))).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 30_000);
});

describe('github', () => {
  const commands = (result: RunResult): string[] => renderReport('github', result).trimEnd().split('\n');

  test('ten of a level are all annotated', () => {
    expect(commands(runOf(...manyFindings(ANNOTATIONS, 'error')))).toHaveLength(ANNOTATIONS);
  });

  test('of more, nine are annotated, the tenth says how many there are, and the log has the rest', () => {
    const lines = commands(runOf(...manyFindings(14, 'error'), ...manyFindings(12, 'warning')));
    const errors = lines.filter((line) => line.startsWith('::error'));
    expect(errors).toHaveLength(ANNOTATIONS);
    expect(errors[ANNOTATIONS - 1]).toBe('::error title=campsite::5 more of this level, see the summary or the log');
    expect(lines.filter((line) => line.startsWith('::warning'))).toHaveLength(ANNOTATIONS);
    const group = lines.slice(lines.indexOf('::group::campsite: findings without an annotation') + 1, lines.indexOf('::endgroup::'));
    expect(group).toHaveLength(5 + 3);
    expect(group[0]).toMatch(/^ {2}tests\/test_a\.py:10:5: error leak-on-failure /);
  });

  test('columns only where the finding ends on its line', () => {
    const [line] = commands(runOf(findingAt({ line: 3, endLine: 5 })));
    expect(line).toMatch(/,line=3,endLine=5::/);
  });
});

describe('job summary', () => {
  test('stays below the limit and says what was left out', () => {
    const findings = Array.from({ length: 9000 }, (_, at) =>
      findingAt({ line: at + 1, severity: at === 8999 ? 'error' : 'warning', message: `${'名'.repeat(60)} ${at}` }),
    );
    const result = runWith({
      findings: findings.map((finding) => ({ ...finding, fingerprint: '0'.repeat(16) })),
      problems: exampleRun.problems,
      pillars: exampleRun.pillars,
    });
    const summary = renderJobSummary(result, {});
    expect(Buffer.byteLength(summary)).toBeLessThan(SUMMARY_BYTES);
    expect(Buffer.byteLength(summary)).toBeGreaterThan(SUMMARY_BYTES * 0.9);
    const shown = summary.match(/^- \*\*/gm)?.length ?? 0;
    expect(summary).toContain(`- ${9000 - shown} more findings, left out for want of room\n`);
    expect(summary).toContain('- **error**');
    expect(summary).toContain('### Problems');
  });

  test('has no notes', () => {
    expect(renderJobSummary(exampleRun, {})).not.toContain('**note**');
  });
});

describe('gitlab', () => {
  const validate = new Ajv2020({ strict: false }).compile(gitlabSchema);

  test('the example is valid, paths have no ./ and fingerprints are unique', () => {
    const entries = JSON.parse(renderReport('gitlab', exampleRun));
    expect(validate(entries)).toBe(true);
    expect(new Set(entries.map((entry: { fingerprint: string }) => entry.fingerprint)).size).toBe(entries.length);
  });

  test('repeated fingerprints are told apart, for the widget would show one of them', () => {
    const finding = { ...findingAt({}), fingerprint: '0123456789abcdef' };
    const entries = JSON.parse(renderReport('gitlab', runWith({ findings: [finding, finding] })));
    expect(entries.map((entry: { fingerprint: string }) => entry.fingerprint)).toEqual(['0123456789abcdef', '0123456789abcdef-1']);
  });

  test('an empty run is an empty list, without a byte order mark', () => {
    expect(renderReport('gitlab', runWith({}))).toBe('[]\n');
  });
});

describe('rdjson', () => {
  const validate = new Ajv2020({ strict: false }).compile(rdjsonSchema);
  const first = (result: RunResult, text: string) => JSON.parse(renderReport('rdjson', result, { sources: () => text })).diagnostics[0];

  test('the example is valid', () => {
    expect(validate(JSON.parse(renderReport('rdjson', exampleRun, { sources: exampleSource, helpUri: (rule) => `https://e.example/${rule}` })))).toBe(
      true,
    );
  });

  test('columns are bytes of UTF-8: 2 for é, 3 for 名, 4 for an emoji (two UTF-16 units)', () => {
    const range = first(runOf(findingAt({ column: 6, endColumn: 7 })), 'é名😀 x').location.range;
    expect(range).toEqual({ start: { line: 1, column: 11 }, end: { line: 1, column: 12 } });
  });

  test('a line that is shorter than the column keeps the distance', () => {
    expect(first(runOf(findingAt({ column: 5, endColumn: 20 })), 'éa').location.range.start.column).toBe(6);
  });

  test('the steps are related locations; edits that are only shown are no suggestions', () => {
    const edits = [{ path: 'tests/test_a.py', startLine: 1, startColumn: 1, endLine: 1, endColumn: 1, text: 'x' }];
    const of = (safety: 'unsafe' | 'display-only') =>
      first(runOf(findingAt({ witnesses: [witnessOver([2])], fix: { title: 't', safety, edits } })), 'a\nb');
    expect(of('unsafe').related_locations).toHaveLength(3);
    expect(of('unsafe').suggestions).toHaveLength(1);
    expect(of('display-only').suggestions).toBeUndefined();
  });
});

test('azure: a note becomes a warning, there is nothing less', () => {
  expect(renderReport('azure', runOf(findingAt({ severity: 'note' })), { showNotes: true })).toMatch(/^##vso\[task\.logissue type=warning;/);
});

test('junit: a run without findings has one case that passed', () => {
  const output = renderReport('junit', runWith({}));
  expect(output).toContain('tests="1" failures="0"');
  expect(output).not.toContain('<failure');
});

test('the end of a run counts what is shown, and names what is not', () => {
  expect(renderReport('concise', exampleRun).trimEnd().split('\n').pop()).toBe(
    '5 findings (3 errors and 2 warnings); 1 note, 1 suppressed, 1 known from before',
  );
  expect(renderReport('concise', runWith({}))).toBe('no findings\n');
});
