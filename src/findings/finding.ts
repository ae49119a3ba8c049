/**
 * What does a run say? The JSON contract: the only thing reports read, versioned, plain data.
 *
 * Paths are relative to the project root, POSIX, without `./`. Lines and columns are 1-based, columns in UTF-16 units, `endColumn`
 * exclusive. Arrays are in a stable order (path, line, column, rule), so the same input gives the same bytes but for times.
 */

export const SCHEMA_VERSION = 1;

export type Severity = 'error' | 'warning' | 'note';
export type Precision = 'very-high' | 'high' | 'medium' | 'low';
export type Reach = 'object' | 'process' | 'host' | 'remote';
export type PathKind = 'normal' | 'failure' | 'setup-failure' | 'teardown-failure';
export type StepKind = 'acquire' | 'branch' | 'call' | 'raise' | 'register' | 'release' | 'use' | 'exit';
export type Status = 'released' | 'managed' | 'transferred' | 'escaped' | 'leaks';
export type PillarName =
  | 'lifecycle'
  | 'exceptions'
  | 'flow'
  | 'calculation'
  | 'comparison'
  | 'neutralization'
  | 'access'
  | 'interaction'
  | 'protection'
  | 'standards';

export interface Step {
  readonly kind: StepKind;
  readonly path: string;
  readonly line: number;
  readonly column: number;
  /**
   * What happens here, without a full stop: "acquired here: server, remote". A `release` step whose message begins with "skipped" is
   * one that the path does not reach; it is shown without a number.
   */
  readonly message: string;
}

export interface Witness {
  readonly pathKind: PathKind;
  readonly steps: readonly Step[];
  /** Only in runs that were asked for pictures. */
  readonly graph?: FlowGraph;
}

export type FlowNodeKind = 'entry' | 'step' | 'fold' | 'branch' | 'acquire' | 'raise' | 'release' | 'lost' | 'exit' | 'raised-exit';
export type FlowEdgeKind = 'next' | 'true' | 'false' | 'raise' | 'catch' | 'uncaught' | 'swallow' | 'forward';

export interface FlowNode {
  readonly kind: FlowNodeKind;
  /** First and last line of the code in the node; 0 where it has none (exits, joins). */
  readonly line: number;
  readonly endLine: number;
  /** The first line of its code, or what it is. */
  readonly label: string;
}

export interface FlowEdge {
  /** Indexes into `nodes`. */
  readonly from: number;
  readonly to: number;
  readonly kind: FlowEdgeKind;
}

/** The control-flow graph of the function a witness leads through, folded for a picture: at most 60 nodes, in source order. */
export interface FlowGraph {
  readonly path: string;
  /** Qualified name. */
  readonly function: string;
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
  /** The nodes that the witness goes through, from the acquisition to where it leaves; consecutive ones are joined by an edge. */
  readonly way: readonly number[];
}

export interface Edit {
  readonly path: string;
  /** Replaces [startLine:startColumn, endLine:endColumn). */
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly text: string;
}

export interface Fix {
  /** The cure in one line: "after line 42, self.addCleanup(server.stop)". */
  readonly title: string;
  readonly safety: 'safe' | 'unsafe' | 'display-only';
  readonly edits: readonly Edit[];
}

export interface Finding {
  readonly rule: string;
  readonly pillar: PillarName;
  /** "CWE-772" and its like. */
  readonly cwe: readonly string[];
  readonly severity: Severity;
  /** One sentence without a full stop. */
  readonly message: string;
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** Qualified name of the function the finding stands in: "TestResize.test_resize"; '' at module level. */
  readonly test: string;
  readonly resource?: { readonly kind: string; readonly reach: Reach; readonly name: string };
  /** Tests that go through the finding. */
  readonly tests: { readonly count: number; readonly examples: readonly string[] };
  readonly pathKind?: PathKind;
  readonly witnesses: readonly Witness[];
  readonly fix?: Fix;
  readonly fingerprint: string;
  readonly suppressed?: {
    readonly kind: 'inline' | 'baseline' | 'configuration';
    readonly reason: string;
    /** Where the rule id stands in the comment that suppresses (inline only): tells a merge of shards which comments are used. */
    readonly at?: { readonly line: number; readonly column: number };
  };
  readonly baseline?: 'new' | 'known';
}

export interface Acquisition {
  readonly kind: string;
  readonly reach: Reach;
  readonly path: string;
  readonly line: number;
  /** Tells apart two acquisitions on one line. */
  readonly column?: number;
  /** Qualified name of the test, fixture or setup function the acquisition stands in. */
  readonly test?: string;
  readonly fixture?: string;
  readonly setup?: string;
  /** Who answers for it: "with", "addCleanup", "tearDown (base.py:31)", "" when nobody. */
  readonly owner: string;
  readonly releases: readonly { readonly path: string; readonly line: number; readonly how: string }[];
  readonly status: Status;
  readonly leaks: readonly PathKind[];
}

export interface RuleInfo {
  readonly id: string;
  readonly title: string;
  readonly pillar: PillarName;
  readonly cwe: readonly string[];
  readonly severity: Severity;
  readonly precision: Precision;
  /** Why and how to fix, in Markdown. */
  readonly help: string;
}

export interface PillarVerdict {
  /** The pillar's own id: "CWE-664". */
  readonly cwe: string;
  readonly name: PillarName;
  readonly verdict: 'findings' | 'clean' | 'not-applicable' | 'not-checked';
  readonly findings: number;
  /** Ids of the rules that ran. */
  readonly rulesRun: readonly string[];
  /** How often a rule's precondition occurred. */
  readonly sitesChecked: number;
}

export type ProblemKind = 'syntax' | 'encoding' | 'unreadable' | 'budget' | 'configuration' | 'internal' | 'unresolved';

export interface Problem {
  readonly path: string;
  readonly line?: number;
  readonly message: string;
  readonly kind: ProblemKind;
}

/**
 * One part of a run that was split over machines. A shard counts `files`, `lines`, `tests` and `sitesChecked` for the files that are its
 * own, so that the shards' numbers add up to those of one run.
 */
export interface Shard {
  /** 1-based. */
  readonly index: number;
  readonly total: number;
  /** Of everything besides the files that decides the result: settings, patterns, selected rules. */
  readonly configHash: string;
}

export interface RunResult {
  readonly schemaVersion: number;
  readonly tool: { readonly name: 'campsite'; readonly version: string };
  readonly invocation: {
    readonly paths: readonly string[];
    readonly configFiles: readonly string[];
    /** ISO 8601, UTC. */
    readonly startedAt: string;
    readonly durationMs: number;
    readonly files: number;
    readonly lines: number;
    readonly tests: number;
    readonly parserBackend: 'wasm' | 'native';
    /** Only in the result of one shard; `mergeRuns` takes it away. */
    readonly shard?: Shard;
  };
  readonly rules: readonly RuleInfo[];
  readonly findings: readonly Finding[];
  readonly ledger: readonly Acquisition[];
  readonly pillars: readonly PillarVerdict[];
  readonly problems: readonly Problem[];
}
