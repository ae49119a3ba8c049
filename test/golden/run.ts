/**
 * One run result, written by hand, that has every field of the contract at least once: several pillars, a finding with many witnesses, a
 * path through two files, a note, a suppressed and a known finding, problems with and without a line, and text that means harm.
 * The golden files beside it are what the formats make of it.
 */
import { readFileSync } from 'node:fs';
import type { Finding, RuleInfo, RunResult, Step } from '../../src/findings/finding.ts';
import { withFingerprints } from '../../src/findings/fingerprint.ts';
import { orderRun } from '../../src/findings/order.ts';
import { PILLARS, pillarVerdict } from '../../src/findings/pillars.ts';

const RESIZE = 'tests/api/test_resize.py';
const BASE = 'tests/api/base.py';
const UNITS = 'tests/unit/test_units.py';

/** The text of a file that the example speaks of. */
export function exampleSource(path: string): string | undefined {
  if (![RESIZE, BASE, UNITS].includes(path)) return undefined;
  return readFileSync(new URL(`sources/${path}`, import.meta.url), 'utf8');
}

function step(kind: Step['kind'], path: string, line: number, column: number, message: string): Step {
  return { kind, path, line, column, message };
}

const rules: RuleInfo[] = [
  {
    id: 'leak-on-failure',
    title: 'Resource is released only when nothing raises',
    pillar: 'lifecycle',
    cwe: ['CWE-460'],
    severity: 'warning',
    precision: 'high',
    help: 'A failed assertion is an exception. Cleanup written after it does not run.\n\nRegister the release right after the acquisition: `self.addCleanup(self.api.delete_server, server["id"])`.',
  },
  {
    id: 'leak-on-setup-failure',
    title: 'A later step of the setup loses the resource when it raises',
    pillar: 'lifecycle',
    cwe: ['CWE-460'],
    severity: 'error',
    precision: 'very-high',
    help: 'When `setUp` raises, `tearDown` does not run. Use `addCleanup`.',
  },
  {
    id: 'never-released',
    title: 'No path releases the resource',
    pillar: 'lifecycle',
    cwe: ['CWE-772'],
    severity: 'error',
    precision: 'high',
    help: 'What a test creates it must remove. Use `addCleanup`.',
  },
  {
    id: 'assert-two-values',
    title: 'The second value of assertTrue is the message',
    pillar: 'comparison',
    cwe: ['CWE-683'],
    severity: 'error',
    precision: 'very-high',
    help: '`assertTrue(a, b)` never looks at `b`. Use `assertEqual(a, b)`.',
  },
  {
    id: 'float-equality',
    title: 'Floats are compared for equality',
    pillar: 'calculation',
    cwe: ['CWE-1339'],
    severity: 'warning',
    precision: 'medium',
    help: 'Use `pytest.approx`.',
  },
  {
    id: 'unbounded-poll',
    title: 'A loop waits without an end',
    pillar: 'flow',
    cwe: ['CWE-835'],
    severity: 'warning',
    precision: 'high',
    help: 'Give the loop a deadline.',
  },
  {
    id: 'live-credential',
    title: 'A key that looks real',
    pillar: 'access',
    cwe: ['CWE-798'],
    severity: 'error',
    precision: 'medium',
    help: 'Use a key that cannot work.',
  },
];

const leakOnFailure: Omit<Finding, 'fingerprint'> = {
  rule: 'leak-on-failure',
  pillar: 'lifecycle',
  cwe: ['CWE-664', 'CWE-460'],
  severity: 'warning',
  message: 'server is not deleted when the assertion on line 11 fails',
  path: RESIZE,
  line: 9,
  column: 18,
  endLine: 9,
  endColumn: 52,
  test: 'TestResize.test_resize',
  resource: { kind: 'server', reach: 'remote', name: 'server' },
  tests: { count: 1, examples: ['TestResize.test_resize'] },
  pathKind: 'failure',
  witnesses: [
    {
      pathKind: 'failure',
      steps: [
        step('acquire', RESIZE, 9, 18, 'acquired here: server, remote'),
        step('raise', RESIZE, 11, 9, 'raises'),
        step('release', RESIZE, 12, 9, 'skipped'),
        step('exit', RESIZE, 11, 9, 'test_resize leaves with server held; tearDown (base.py:16) does not release it'),
      ],
      graph: {
        path: RESIZE,
        function: 'TestResize.test_resize',
        nodes: [
          { kind: 'entry', line: 7, endLine: 7, label: 'test_resize' },
          { kind: 'acquire', line: 9, endLine: 9, label: 'server = self.api.create_server("m1.small")' },
          { kind: 'step', line: 10, endLine: 10, label: 'self.wait_for(server, "ACTIVE")' },
          { kind: 'raise', line: 11, endLine: 11, label: 'self.assertEqual("ACTIVE", server["status"])' },
          { kind: 'release', line: 12, endLine: 12, label: 'self.api.delete_server(server["id"])' },
          { kind: 'exit', line: 0, endLine: 0, label: 'returns' },
          { kind: 'raised-exit', line: 0, endLine: 0, label: 'raises' },
        ],
        edges: [
          { from: 0, to: 1, kind: 'next' },
          { from: 1, to: 2, kind: 'next' },
          { from: 2, to: 3, kind: 'next' },
          { from: 3, to: 4, kind: 'next' },
          { from: 3, to: 6, kind: 'raise' },
          { from: 4, to: 5, kind: 'next' },
        ],
        way: [1, 2, 3, 6],
      },
    },
    {
      pathKind: 'failure',
      steps: [
        step('acquire', RESIZE, 9, 18, 'acquired here: server, remote'),
        step('call', RESIZE, 10, 9, 'wait_for is called'),
        step('branch', BASE, 21, 9, 'the loop ends'),
        step('raise', BASE, 24, 9, 'raises'),
        step('exit', RESIZE, 10, 9, 'test_resize leaves with server held'),
      ],
    },
  ],
  fix: {
    title: 'after line 9, self.addCleanup(self.api.delete_server, server["id"])',
    safety: 'unsafe',
    edits: [
      {
        path: RESIZE,
        startLine: 9,
        startColumn: 52,
        endLine: 9,
        endColumn: 52,
        text: '\n        self.addCleanup(self.api.delete_server, server["id"])',
      },
    ],
  },
  baseline: 'new',
};

const others: Omit<Finding, 'fingerprint'>[] = [
  {
    rule: 'leak-on-setup-failure',
    pillar: 'lifecycle',
    cwe: ['CWE-664', 'CWE-460'],
    severity: 'error',
    message: 'keypair is lost when create_network raises: tearDown does not run after a failed setUp',
    path: BASE,
    line: 12,
    column: 24,
    endLine: 12,
    endColumn: 56,
    test: 'ApiTest.setUp',
    resource: { kind: 'keypair', reach: 'remote', name: 'self.keypair' },
    tests: { count: 12, examples: ['TestResize.test_flavors', 'TestResize.test_resize', 'TestResize.test_snapshot'] },
    pathKind: 'setup-failure',
    witnesses: [
      {
        pathKind: 'setup-failure',
        steps: [
          step('acquire', BASE, 12, 24, 'acquired here: keypair, remote'),
          step('raise', BASE, 13, 24, 'raises'),
          step('exit', BASE, 13, 24, 'setUp leaves with keypair held; tearDown is not run'),
        ],
      },
    ],
    baseline: 'new',
  },
  {
    rule: 'never-released',
    pillar: 'lifecycle',
    cwe: ['CWE-664', 'CWE-772'],
    severity: 'error',
    message: 'image is not deleted when the test returns early',
    path: RESIZE,
    line: 19,
    column: 17,
    endLine: 19,
    endColumn: 48,
    test: 'TestResize.test_snapshot',
    resource: { kind: 'image', reach: 'remote', name: 'image' },
    tests: { count: 1, examples: ['TestResize.test_snapshot'] },
    pathKind: 'normal',
    witnesses: [
      {
        pathKind: 'normal',
        steps: [
          step('acquire', RESIZE, 19, 17, 'acquired here: image, remote'),
          step('branch', RESIZE, 20, 9, 'the condition holds'),
          step('exit', RESIZE, 21, 13, 'test_snapshot returns with image held'),
        ],
      },
    ],
    suppressed: { kind: 'baseline', reason: 'known from campsite-baseline.txt' },
    baseline: 'known',
  },
  {
    rule: 'leak-on-failure',
    pillar: 'lifecycle',
    cwe: ['CWE-664', 'CWE-460'],
    severity: 'note',
    message: 'log is not closed when print raises',
    path: RESIZE,
    line: 22,
    column: 15,
    endLine: 22,
    endColumn: 33,
    test: 'TestResize.test_snapshot',
    resource: { kind: 'file', reach: 'object', name: 'log' },
    tests: { count: 1, examples: ['TestResize.test_snapshot'] },
    pathKind: 'failure',
    witnesses: [
      {
        pathKind: 'failure',
        steps: [
          step('acquire', RESIZE, 22, 15, 'acquired here: file, object'),
          step('raise', RESIZE, 23, 9, 'raises'),
          step('exit', RESIZE, 23, 9, 'test_snapshot leaves with log held'),
        ],
      },
    ],
    baseline: 'new',
  },
  {
    rule: 'leak-on-failure',
    pillar: 'lifecycle',
    cwe: ['CWE-664', 'CWE-460'],
    severity: 'warning',
    message: 'page is not closed when the assertion on line 8 fails',
    path: UNITS,
    line: 7,
    column: 12,
    endLine: 7,
    endColumn: 35,
    test: 'test_page',
    resource: { kind: 'file', reach: 'host', name: 'page' },
    tests: { count: 1, examples: ['test_page'] },
    pathKind: 'failure',
    witnesses: [
      {
        pathKind: 'failure',
        steps: [
          step('acquire', UNITS, 7, 12, 'acquired here'),
          step('raise', UNITS, 8, 5, 'raises'),
          step('exit', UNITS, 8, 5, 'test_page leaves with page held'),
        ],
      },
    ],
    suppressed: { kind: 'inline', reason: 'the process ends right after', at: { line: 7, column: 56 } },
  },
  {
    rule: 'assert-two-values',
    pillar: 'comparison',
    cwe: ['CWE-697', 'CWE-683'],
    severity: 'error',
    message: 'assertTrue(flavor["ram"], 512) never compares: the second value is the message',
    path: RESIZE,
    line: 16,
    column: 13,
    endLine: 16,
    endColumn: 48,
    test: 'TestResize.test_flavors',
    tests: { count: 1, examples: ['TestResize.test_flavors'] },
    witnesses: [],
    fix: {
      title: 'assertEqual(flavor["ram"], 512)',
      safety: 'safe',
      edits: [{ path: RESIZE, startLine: 16, startColumn: 18, endLine: 16, endColumn: 28, text: 'assertEqual' }],
    },
    baseline: 'new',
  },
  {
    rule: 'float-equality',
    pillar: 'calculation',
    cwe: ['CWE-682', 'CWE-1339'],
    severity: 'warning',
    message: 'total and 0.3 are floats: == compares their last bits',
    path: UNITS,
    line: 3,
    column: 9,
    endLine: 3,
    endColumn: 21,
    test: 'test_sum',
    tests: { count: 1, examples: ['test_sum'] },
    witnesses: [],
    baseline: 'new',
  },
  {
    rule: 'live-credential',
    pillar: 'access',
    cwe: ['CWE-284', 'CWE-798'],
    severity: 'error',
    message: 'key "\u001b[31m]]></failure><script>alert(1)</script>%0A::error::\u202e##vso[task.complete]" looks real',
    path: 'tests/odd name\n::error::%0A<b>.py',
    line: 1,
    column: 1,
    endLine: 2,
    endColumn: 5,
    test: '',
    tests: { count: 0, examples: [] },
    witnesses: [],
    baseline: 'new',
  },
];

const findings = withFingerprints([leakOnFailure, ...others]);

const checked: Readonly<Record<string, { rulesRun: string[]; sitesChecked: number }>> = {
  lifecycle: { rulesRun: ['leak-on-failure', 'leak-on-setup-failure', 'never-released'], sitesChecked: 6 },
  flow: { rulesRun: ['unbounded-poll'], sitesChecked: 1 },
  calculation: { rulesRun: ['float-equality'], sitesChecked: 3 },
  comparison: { rulesRun: ['assert-two-values'], sitesChecked: 4 },
  access: { rulesRun: ['live-credential'], sitesChecked: 9 },
  interaction: { rulesRun: ['fixed-port'], sitesChecked: 0 },
};

/** The example, in its stable order. */
export const exampleRun: RunResult = orderRun({
  schemaVersion: 1,
  tool: { name: 'campsite', version: '0.1.0' },
  invocation: {
    paths: ['tests'],
    configFiles: ['campsite.yaml'],
    startedAt: '2026-03-01T09:30:00.000Z',
    durationMs: 812,
    files: 3,
    lines: 60,
    tests: 14,
    parserBackend: 'wasm',
    shard: { index: 1, total: 1, configHash: '5f1d2c3b4a697887' },
  },
  rules,
  findings,
  ledger: [
    {
      kind: 'server',
      reach: 'remote',
      path: RESIZE,
      line: 9,
      column: 18,
      test: 'TestResize.test_resize',
      owner: '',
      releases: [{ path: RESIZE, line: 12, how: 'delete_server' }],
      status: 'leaks',
      leaks: ['failure'],
    },
    {
      kind: 'image',
      reach: 'remote',
      path: RESIZE,
      line: 19,
      column: 17,
      test: 'TestResize.test_snapshot',
      owner: '',
      releases: [{ path: RESIZE, line: 25, how: 'delete_image' }],
      status: 'leaks',
      leaks: ['normal', 'failure'],
    },
    {
      kind: 'file',
      reach: 'object',
      path: RESIZE,
      line: 22,
      column: 15,
      test: 'TestResize.test_snapshot',
      owner: '',
      releases: [{ path: RESIZE, line: 24, how: 'close' }],
      status: 'leaks',
      leaks: ['failure'],
    },
    {
      kind: 'keypair',
      reach: 'remote',
      path: BASE,
      line: 12,
      column: 24,
      setup: 'ApiTest.setUp',
      owner: 'tearDown (base.py:17)',
      releases: [{ path: BASE, line: 17, how: 'delete_keypair' }],
      status: 'leaks',
      leaks: ['setup-failure'],
    },
    {
      kind: 'network',
      reach: 'remote',
      path: BASE,
      line: 13,
      column: 24,
      setup: 'ApiTest.setUp',
      owner: 'addCleanup',
      releases: [{ path: BASE, line: 14, how: 'addCleanup(delete_network)' }],
      status: 'released',
      leaks: [],
    },
    {
      kind: 'connection',
      reach: 'process',
      path: BASE,
      line: 11,
      setup: 'ApiTest.setUp',
      owner: 'cloud',
      releases: [],
      status: 'managed',
      leaks: [],
    },
    {
      kind: 'file',
      reach: 'host',
      path: UNITS,
      line: 7,
      column: 12,
      fixture: 'page',
      owner: '',
      releases: [{ path: UNITS, line: 9, how: 'close' }],
      status: 'leaks',
      leaks: ['failure'],
    },
  ],
  pillars: PILLARS.map(({ name }) => pillarVerdict(name, checked[name] ?? { rulesRun: [], sitesChecked: 0 }, findings)),
  problems: [
    { path: 'tests/unit/test_old.py', line: 3, message: 'print without parentheses: this is Python 2', kind: 'syntax' },
    { path: '', message: 'pattern pack "cloud" is switched on, but nothing imports it', kind: 'configuration' },
  ],
});
