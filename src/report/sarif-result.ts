/**
 * How does SARIF tell one finding: place, words, paths, graph, cure, suppression?
 *
 * Limits are those of the readers (GitHub first). What is left out is said in the message. The shortest path stands first because VS Code shows
 * only that; a path's steps are all inline because GitHub does not show shared ones.
 */
import type {
  CodeFlow,
  Graph,
  GraphTraversal,
  Location,
  PhysicalLocation,
  Region,
  Result,
  Fix as SarifFix,
  Suppression,
  ThreadFlowLocation,
} from 'sarif';
import { pathToUri, visible } from '../base/escape.ts';
import { plural } from '../base/text.ts';
import type { Finding, Step, Witness } from '../findings/finding.ts';
import { FINGERPRINT_VERSION } from '../findings/fingerprint.ts';
import { cweIds, isSkipped } from './finding-words.ts';
import type { Lines } from './frame-rows.ts';
import { type SarifRules, taxon } from './sarif-rules.ts';

/** As many paths as CodeQL writes for a result. */
export const CODE_FLOWS = 4;

/** The validator's limit for a path; GitHub keeps 1,000 of all paths together. */
export const FLOW_STEPS = 100;

/** The validator's limit for a result's locations. */
export const RELATED_LOCATIONS = 10;

/** Longer lines are data, not code. */
const SNIPPET_LENGTH = 400;

const STEP_KINDS: Readonly<Record<Step['kind'], string[]>> = {
  acquire: ['acquire', 'resource'],
  release: ['release', 'resource'],
  register: ['call', 'resource'],
  use: ['value'],
  call: ['call'],
  branch: ['branch'],
  raise: ['danger'],
  exit: ['exit', 'function'],
};

/**
 * Text as SARIF's plain messages mean it: what would be read as a link (`[text](1)`) or a placeholder (`{0}`) is escaped, one line, and
 * ended by a full stop.
 */
export function sarifMessage(text: string): string {
  const shown = visible(text)
    .replace(/\[(?=[^\]]*\]\()/g, '\\[')
    .replace(/\{(\d+)\}/g, '{{$1}}');
  return /[.!?]$/.test(shown) ? shown : `${shown}.`;
}

function physical(path: string, region: Region): PhysicalLocation {
  return { artifactLocation: { uri: pathToUri(path) }, region };
}

/** To the end of the line, or one character where the text is not at hand: readers want all four numbers. */
function pointRegion(at: { readonly path: string; readonly line: number; readonly column: number }, linesOf: Lines): Region {
  const length = linesOf(at.path)?.[at.line - 1]?.length ?? 0;
  return { startLine: at.line, startColumn: at.column, endLine: at.line, endColumn: Math.max(at.column, length) + 1 };
}

/** One line: GitHub shows an annotation only when all lines of the region are in the diff. The whole extent is the context. */
function primaryLocation(finding: Finding, linesOf: Lines): Location {
  const whole: Region = { startLine: finding.line, startColumn: finding.column, endLine: finding.endLine, endColumn: finding.endColumn };
  const oneLine = finding.endLine === finding.line;
  const text = linesOf(finding.path)?.[finding.line - 1];
  const snippet = text === undefined || text.length > SNIPPET_LENGTH ? {} : { snippet: { text } };
  return {
    physicalLocation: {
      ...physical(finding.path, { ...(oneLine ? whole : pointRegion(finding, linesOf)), ...snippet }),
      ...(oneLine ? {} : { contextRegion: { ...whole, startColumn: 1 } }),
    },
    ...(finding.test === '' ? {} : { logicalLocations: [{ fullyQualifiedName: finding.test, kind: 'function' }] }),
  };
}

function stepLocation(step: Step, linesOf: Lines): Location {
  return { physicalLocation: physical(step.path, pointRegion(step, linesOf)), message: { text: sarifMessage(step.message) } };
}

/** The beginning and the end of a path that is too long; the middle is what it can do without. */
function flowSteps(witness: Witness): Step[] {
  const steps = witness.steps.filter((step) => !isSkipped(step));
  const half = FLOW_STEPS / 2;
  return steps.length <= FLOW_STEPS ? steps : [...steps.slice(0, half), ...steps.slice(steps.length - half)];
}

function codeFlow(witness: Witness, linesOf: Lines): CodeFlow {
  const locations = flowSteps(witness).map(
    (step, at): ThreadFlowLocation => ({
      location: stepLocation(step, linesOf),
      kinds: STEP_KINDS[step.kind],
      executionOrder: at + 1,
      importance: step.kind === 'branch' || step.kind === 'call' ? 'important' : 'essential',
    }),
  );
  return {
    message: { text: `A path over a ${witness.pathKind === 'normal' ? 'normal' : witness.pathKind.replace('-', ' ')} exit.` },
    threadFlows: [{ locations }],
  };
}

/** The union of the paths shown: steps that are alike are one node, and every path is a traversal. */
function graphOf(witnesses: readonly Witness[], linesOf: Lines): { readonly graph: Graph; readonly traversals: GraphTraversal[] } {
  const ids = new Map<string, string>();
  const nodes: Required<Graph>['nodes'] = [];
  const edges: Required<Graph>['edges'] = [];
  const edgeIds = new Set<string>();
  const traversals = witnesses.map((witness): GraphTraversal => {
    const path = flowSteps(witness).map((step) => {
      const key = JSON.stringify([step.kind, step.path, step.line, step.column, step.message]);
      const known = ids.get(key);
      if (known !== undefined) return known;
      const id = `n${ids.size + 1}`;
      ids.set(key, id);
      nodes.push({ id, label: { text: sarifMessage(step.message) }, location: stepLocation(step, linesOf) });
      return id;
    });
    const taken = path.slice(1).map((target, at) => {
      const source = path[at];
      const id = `${source}-${target}`;
      if (!edgeIds.has(id)) edges.push({ id, sourceNodeId: source, targetNodeId: target });
      edgeIds.add(id);
      return { edgeId: id };
    });
    return { resultGraphIndex: 0, edgeTraversals: taken };
  });
  return { graph: { description: { text: 'The paths of this finding.' }, nodes, edges }, traversals };
}

/** The stations of the first path and what it skips, without the finding's own place. */
function relatedLocations(finding: Finding, linesOf: Lines): Location[] {
  const seen = new Set([`${finding.path}:${finding.line}`]);
  const steps = (finding.witnesses[0]?.steps ?? []).filter((step) => {
    const key = `${step.path}:${step.line}`;
    return !seen.has(key) && seen.add(key);
  });
  return steps.slice(0, RELATED_LOCATIONS).map((step, at) => ({ id: at + 1, ...stepLocation(step, linesOf) }));
}

function fullMessage(finding: Finding): string {
  const { witnesses, tests } = finding;
  const parts = [sarifMessage(finding.message)];
  if (tests.count > 1) parts.push(`${plural(tests.count, 'test')} go through it.`);
  if (witnesses.length > CODE_FLOWS) parts.push(`${CODE_FLOWS} of ${witnesses.length} paths are shown.`);
  const longest = Math.max(0, ...witnesses.slice(0, CODE_FLOWS).map((witness) => witness.steps.filter((step) => !isSkipped(step)).length));
  if (longest > FLOW_STEPS) parts.push(`${longest - FLOW_STEPS} of ${longest} steps of a path are left out.`);
  return parts.join(' ');
}

function suppressionsOf(finding: Finding): Suppression[] {
  if (finding.suppressed === undefined) return [];
  const { kind, reason, at } = finding.suppressed;
  return [
    {
      kind: kind === 'inline' ? 'inSource' : 'external',
      status: 'accepted',
      ...(reason === '' ? {} : { justification: visible(reason) }),
      ...(at === undefined
        ? {}
        : {
            location: {
              physicalLocation: physical(finding.path, {
                startLine: at.line,
                startColumn: at.column,
                endLine: at.line,
                endColumn: at.column + finding.rule.length,
              }),
            },
          }),
    },
  ];
}

/** Edits as changes of files; a cure that is only described has none. */
function fixesOf(finding: Finding): SarifFix[] {
  const { fix } = finding;
  if (fix === undefined || fix.edits.length === 0) return [];
  const paths = [...new Set(fix.edits.map((edit) => edit.path))];
  return [
    {
      description: { text: sarifMessage(fix.title) },
      artifactChanges: paths.map((path) => ({
        artifactLocation: { uri: pathToUri(path) },
        replacements: fix.edits
          .filter((edit) => edit.path === path)
          .map(({ startLine, startColumn, endLine, endColumn, text }) => ({
            deletedRegion: { startLine, startColumn, endLine, endColumn },
            insertedContent: { text },
          })),
      })),
      properties: { safety: fix.safety },
    },
  ];
}

/** One result. `marksSuppressions`: some result of the run is suppressed, so that this one says that it is not. */
export function sarifResult(finding: Finding, rules: SarifRules, linesOf: Lines, marksSuppressions: boolean): Result {
  const witnesses = finding.witnesses.slice(0, CODE_FLOWS);
  const related = relatedLocations(finding, linesOf);
  const { graph, traversals } = graphOf(witnesses, linesOf);
  const fixes = fixesOf(finding);
  return {
    ruleId: finding.rule,
    ruleIndex: rules.indexOf(finding.rule),
    level: finding.severity,
    message: { text: fullMessage(finding) },
    locations: [primaryLocation(finding, linesOf)],
    ...(witnesses.length > 0
      ? { codeFlows: witnesses.map((witness) => codeFlow(witness, linesOf)), graphs: [graph], graphTraversals: traversals }
      : {}),
    ...(related.length > 0 ? { relatedLocations: related } : {}),
    partialFingerprints: { [`campsite/${FINGERPRINT_VERSION}`]: finding.fingerprint },
    taxa: cweIds(finding).map((id) => taxon(id, rules)),
    ...(marksSuppressions ? { suppressions: suppressionsOf(finding) } : {}),
    ...(finding.baseline === undefined ? {} : { baselineState: finding.baseline === 'known' ? 'unchanged' : 'new' }),
    ...(fixes.length > 0 ? { fixes } : {}),
    properties: {
      tests: finding.tests.count,
      ...(finding.pathKind === undefined ? {} : { pathKind: finding.pathKind }),
      ...(finding.resource === undefined ? {} : { resource: finding.resource.kind, reach: finding.resource.reach }),
    },
  };
}
