/**
 * Is this JSON a run result, and what is the published JSON Schema of one?
 *
 * The schema says in zod what finding.ts says in TypeScript; the assignment at the end fails to compile where the two differ. Objects are strict: within
 * one schema version no field comes or goes. Only what reads saved runs needs this file (it loads zod).
 */
import * as z from 'zod';
import { type RunResult, SCHEMA_VERSION } from './finding.ts';

const text = z.string();
const count = z.int().min(0);
const position = z.int().min(1);
const path = text.describe('Relative to the project root, POSIX, without "./".');

const severity = z.enum(['error', 'warning', 'note']);
const reach = z.enum(['object', 'process', 'host', 'remote']);
const pathKind = z.enum(['normal', 'failure', 'setup-failure', 'teardown-failure']);
const pillar = z.enum([
  'lifecycle',
  'exceptions',
  'flow',
  'calculation',
  'comparison',
  'neutralization',
  'access',
  'interaction',
  'protection',
  'standards',
]);
const cweId = text.regex(/^CWE-\d+$/);

const step = z
  .strictObject({
    kind: z.enum(['acquire', 'branch', 'call', 'raise', 'register', 'release', 'use', 'exit']),
    path,
    line: position,
    column: position,
    message: text,
  })
  .describe('One element of a witness.')
  .meta({ id: 'Step' });

const flowGraph = z
  .strictObject({
    path,
    function: text.describe('Qualified name.'),
    nodes: z.array(
      z.strictObject({
        kind: z.enum(['entry', 'step', 'fold', 'branch', 'acquire', 'raise', 'release', 'lost', 'exit', 'raised-exit']),
        line: count,
        endLine: count,
        label: text,
      }),
    ),
    edges: z.array(
      z.strictObject({ from: count, to: count, kind: z.enum(['next', 'true', 'false', 'raise', 'catch', 'uncaught', 'swallow', 'forward']) }),
    ),
    way: z.array(count).describe('The nodes that the witness goes through, in order.'),
  })
  .describe('The control-flow graph of the function a witness leads through, folded for a picture.')
  .meta({ id: 'FlowGraph' });

const witness = z
  .strictObject({ pathKind, steps: z.array(step), graph: flowGraph.optional() })
  .describe('The path that proves a finding, from the acquisition to the exit that leaks.')
  .meta({ id: 'Witness' });

const edit = z
  .strictObject({ path, startLine: position, startColumn: position, endLine: position, endColumn: position, text })
  .describe('Replaces the text from start to end (exclusive).')
  .meta({ id: 'Edit' });

const fix = z
  .strictObject({ title: text, safety: z.enum(['safe', 'unsafe', 'display-only']), edits: z.array(edit) })
  .describe('The cure in one line, and the edits that apply it.')
  .meta({ id: 'Fix' });

const finding = z
  .strictObject({
    rule: text,
    pillar,
    cwe: z.array(cweId),
    severity,
    message: text.describe('One sentence without a full stop.'),
    path,
    line: position,
    column: position,
    endLine: position,
    endColumn: position,
    test: text.describe('Qualified name of the function the finding stands in; empty at module level.'),
    resource: z.strictObject({ kind: text, reach, name: text }).optional(),
    tests: z.strictObject({ count, examples: z.array(text) }).describe('Tests that go through the finding.'),
    pathKind: pathKind.optional(),
    witnesses: z.array(witness),
    fix: fix.optional(),
    fingerprint: text.regex(/^[0-9a-f]{16}$/).describe('Stays the same when lines move.'),
    suppressed: z
      .strictObject({
        kind: z.enum(['inline', 'baseline', 'configuration']),
        reason: text,
        at: z.strictObject({ line: position, column: position }).optional(),
      })
      .optional(),
    baseline: z.enum(['new', 'known']).optional(),
  })
  .meta({ id: 'Finding' });

const acquisition = z
  .strictObject({
    kind: text,
    reach,
    path,
    line: position,
    column: position.optional(),
    test: text.optional(),
    fixture: text.optional(),
    setup: text.optional(),
    owner: text.describe('Who answers for it; empty when nobody does.'),
    releases: z.array(z.strictObject({ path, line: position, how: text })),
    status: z.enum(['released', 'managed', 'transferred', 'escaped', 'leaks']),
    leaks: z.array(pathKind),
  })
  .describe('One entry of the ledger: a resource that the tests acquire.')
  .meta({ id: 'Acquisition' });

const rule = z
  .strictObject({
    id: text,
    title: text,
    pillar,
    cwe: z.array(cweId),
    severity,
    precision: z.enum(['very-high', 'high', 'medium', 'low']),
    help: text.describe('Markdown.'),
  })
  .meta({ id: 'RuleInfo' });

const pillarVerdict = z
  .strictObject({
    cwe: cweId,
    name: pillar,
    verdict: z.enum(['findings', 'clean', 'not-applicable', 'not-checked']),
    findings: count,
    rulesRun: z.array(text),
    sitesChecked: count,
  })
  .meta({ id: 'PillarVerdict' });

const problem = z
  .strictObject({
    path,
    line: position.optional(),
    message: text,
    kind: z.enum(['syntax', 'encoding', 'unreadable', 'budget', 'configuration', 'internal', 'unresolved']),
  })
  .describe('What could not be read or was cut off.')
  .meta({ id: 'Problem' });

const shard = z.strictObject({ index: position, total: position, configHash: text }).meta({ id: 'Shard' });

export const runResultSchema = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  tool: z.strictObject({ name: z.literal('campsite'), version: text }),
  invocation: z.strictObject({
    paths: z.array(text),
    configFiles: z.array(text),
    startedAt: text.describe('ISO 8601, UTC.'),
    durationMs: z.number().min(0),
    files: count,
    lines: count,
    tests: count,
    parserBackend: z.enum(['wasm', 'native']),
    shard: shard.optional(),
  }),
  rules: z.array(rule),
  findings: z.array(finding),
  ledger: z.array(acquisition),
  pillars: z.array(pillarVerdict),
  problems: z.array(problem),
});

type Mutable<T> = T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> } : T;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
/** Does not compile where finding.ts and this schema differ (the version apart: finding.ts says number). */
export const schemaMatchesContract: Same<
  Mutable<Omit<z.infer<typeof runResultSchema>, 'schemaVersion'>>,
  Mutable<Omit<RunResult, 'schemaVersion'>>
> = true;

/** The JSON Schema (draft 2020-12) as it is published in `config/run-result.schema.json`, ending with a newline. */
export function runResultJsonSchema(): string {
  const schema = z.toJSONSchema(runResultSchema, { target: 'draft-2020-12' });
  const { $schema, ...rest } = schema;
  return `${JSON.stringify({ $schema, title: 'campsite run result', description: 'What a run of campsite says; all reports are made from it.', ...rest }, null, 2)}\n`;
}

/** How many faults of a damaged file are named; the first ones tell the cause. */
const NAMED_FAULTS = 5;

/** Reads a saved run. Problems are sentences without a full stop; there is a result or there are problems. */
export function parseRunResult(json: string): { readonly result?: RunResult; readonly problems: readonly string[] } {
  let value: unknown;
  try {
    value = JSON.parse(json.replace(/^\ufeff/, ''));
  } catch (error) {
    return { problems: [`this is not JSON: ${error instanceof Error ? error.message : String(error)}`] };
  }
  const version = typeof value === 'object' && value !== null && 'schemaVersion' in value ? value.schemaVersion : undefined;
  if (version === undefined) return { problems: ['this is not a run result of campsite: it has no schemaVersion'] };
  if (version !== SCHEMA_VERSION) {
    return {
      problems: [
        `this run result has schema version ${JSON.stringify(version)}, this campsite reads ${SCHEMA_VERSION}: use the same version for both`,
      ],
    };
  }
  const parsed = runResultSchema.safeParse(value);
  if (parsed.success) return { result: parsed.data, problems: [] };
  return { problems: parsed.error.issues.slice(0, NAMED_FAULTS).map((issue) => `${issue.path.join('.') || 'the run result'}: ${issue.message}`) };
}
