/**
 * How are proposals written so that they can be pasted into a configuration?
 *
 * YAML that loads as it stands, each entry under a comment with its evidence. Text of the analysed project appears in comments only, on one
 * line and with what could mislead a reader made visible.
 */
import { visible } from '../base/escape.ts';
import { partsOf } from './names.ts';
import type { CallName, Named } from './pairs.ts';
import { type Example, type Family, familiesOf, type Proposal, type ProposedRelease } from './proposals.ts';

/** Where an offset of a module lies, and the text of its line. */
export type Locate = (module: { readonly path: string; readonly text: string }, offset: number) => { readonly line: number; readonly text: string };

export interface Written {
  readonly proposals: readonly Proposal[];
  readonly registrations: readonly Named[];
  readonly indirections: readonly Named[];
  readonly locate: Locate;
  /** Files that were read, and those there are. */
  readonly files: number;
  readonly all: number;
  readonly version: string;
}

/** Columns of source that a comment shows. */
const MAX_SOURCE = 100;
/** Receivers that are named one by one; more are any receiver. */
const MAX_RECEIVERS = 6;
/** A receiver that fewer than this share of the calls have is not named. */
const LEAST_RECEIVER = 0.05;

/** The whole text, with a line feed at its end. */
export function writeProposals(written: Written): string {
  const { proposals, registrations, indirections, files, all, version } = written;
  const out = [
    `# Proposed by campsite ${version} from ${files === all ? `${files} files` : `${files} of ${all} files`}: what the tests themselves acquire and release. Nothing here is on.`,
    '# Paste what is right into the configuration and say how far a forgotten one is felt (reach: object, process, host, remote).',
    '# The confidence is a product of how well the names fit, how often the pair was seen, whether the releases stand in cleanups,',
    '# teardowns, finally or behind a yield, and how few acquisitions were seen without one.',
  ];
  if (proposals.length === 0) return `${[...out, '# No pair was seen that no pack knows.'].join('\n')}\n`;
  const states = proposals.filter(isState);
  const resources = proposals.filter((p) => !isState(p));
  const number = new Map(proposals.map((p, i) => [p, i + 1]));
  const entry = (p: Proposal): readonly string[] => [
    ...evidence(p, number.get(p) as number, written),
    `  ${p.kind}:`,
    ...body(p).map((l) => `    ${l}`),
  ];
  if (resources.length > 0) out.push('', 'resources:', ...resources.flatMap(entry));
  if (states.length > 0) out.push('', 'state:', ...states.flatMap(entry));
  if (registrations.length > 0)
    out.push(
      '',
      '# These calls were handed a callable to run later.',
      'registrations:',
      ...registrations.flatMap((n) => named(n, registration(n), written)),
    );
  if (indirections.length > 0)
    out.push(
      '',
      '# These callables were handed another one to call.',
      'indirections:',
      ...indirections.flatMap((n) => named(n, callOf(n.name), written)),
    );
  for (const family of familiesOf(proposals)) out.push('', ...familyLines(family));
  return `${out.join('\n')}\n`;
}

function evidence(p: Proposal, at: number, written: Written): readonly string[] {
  const counts = p.releases.map((r) => `${describe(r)} ${r.together}`).join(', ');
  return [
    `  # ${at}. confidence ${p.confidence.toFixed(2)}; with a release ${p.together} times (${visible(counts)}), without ${p.apart}`,
    ...p.examples.flatMap((e) => example(e, written)),
  ];
}

function example({ site, released }: Example, { locate }: Written): readonly string[] {
  const from = locate(site.scope.module, site.instr.start);
  const to = locate(released.use.scope.module, released.use.callee.start);
  const here = site.scope.module === released.use.scope.module;
  return [
    `  #    ${visible(site.scope.module.path)}:${from.line}: ${shown(from.text)}`,
    `  #      ${here ? 'line ' : `${visible(released.use.scope.module.path)}:`}${to.line}, ${WHERE[released.use.how]}: ${shown(to.text)}`,
  ];
}

const WHERE = {
  registered: 'as a cleanup',
  finally: 'in finally',
  teardown: 'in a teardown',
  fixture: 'behind the yield',
  with: 'by with',
  handler: 'in a handler',
  later: 'later',
} as const;

function shown(text: string): string {
  const line = visible(text.trim());
  return line.length > MAX_SOURCE ? `${line.slice(0, MAX_SOURCE)}…` : line;
}

function describe(r: ProposedRelease): string {
  if (r.release.by === 'with') return 'with';
  return r.handle === 'receiver' ? `.${r.release.name}()` : `${r.release.name}(…)`;
}

/** Two functions of a module that take nothing: what they change is the process's state. */
function isState(p: Proposal): boolean {
  return p.mode === 'receiver' && p.acquire.by === 'call';
}

function body(p: Proposal): readonly string[] {
  if (isState(p)) {
    const module = p.acquire.name.slice(0, p.acquire.name.lastIndexOf('.') + 1);
    const restores = p.releases.filter((r) => r.release.by === 'method').map((r) => text(module + r.release.name));
    return [`changes: [${text(p.acquire.name)}]`, `restores: [${restores.join(', ')}]`];
  }
  const handle = p.mode === 'receiver' ? 'receiver' : p.mode === 'argument' ? p.position : undefined;
  const parts = [
    pattern(p),
    ...(handle === undefined ? [] : [`handle: ${text(handle)}`]),
    ...(p.startedBy === undefined ? [] : [`started-by: ${p.startedBy}`]),
  ];
  const releases = p.releases
    .filter((r) => r.release.by !== 'with')
    .map((r) => (r.handle === 'receiver' ? text(`.${r.release.name}`) : `{${key(r.release)}, handle: any-arg}`));
  return [
    `acquire: [{${parts.join(', ')}}]`,
    `release: [${releases.join(', ')}]`,
    ...(p.releases.some((r) => r.release.by === 'with') ? ['context-manager: sync'] : []),
    ...(p.identities.length > 0 ? [`identities: [${p.identities.map(text).join(', ')}]`] : []),
  ];
}

/** By import path, or by method on the receivers that were seen. */
function pattern(p: Proposal): string {
  const receivers = p.acquire.by === 'method' ? receiversOf(p.receivers) : [];
  if (receivers.length === 0 || receivers.length > MAX_RECEIVERS) return key(p.acquire);
  return `expression: ${text(`**.${braced(receivers)}.${p.acquire.name}`)}`;
}

function receiversOf(receivers: ReadonlyMap<string, number>): readonly string[] {
  const all = [...receivers.values()].reduce((a, b) => a + b, 0);
  const often = [...receivers].filter(([, n]) => n >= LEAST_RECEIVER * all).map(([name]) => name);
  return often.every((name) => /^\w+$/.test(name)) ? often.sort() : [];
}

/** `{a,b}`; a word alone would be a capture. */
const braced = (names: readonly string[]): string => (names.length === 1 ? (names[0] as string) : `{${names.join(',')}}`);

const key = (name: CallName): string => `${name.by === 'call' ? 'call' : 'method'}: ${text(name.name)}`;
const callOf = (name: CallName): string => `{${key(name)}}`;

/** A YAML scalar in flow style. */
function text(value: string): string {
  return /^[A-Za-z_][\w.]*$/.test(value) && !/^(true|false|yes|no|on|off|null|y|n)$/i.test(value) ? value : JSON.stringify(value);
}

function named(n: Named, entry: string, { locate }: Written): readonly string[] {
  const { line, text: source } = locate(n.scope.module, n.start);
  return [`  # ${n.count} times; ${visible(n.scope.module.path)}:${line}: ${shown(source)}`, `  - ${entry}`];
}

function registration(n: Named): string {
  const scope = /class/i.test(n.name.name) ? 'class' : /module/i.test(n.name.name) ? 'module' : 'test';
  return `{${key(n.name)}${scope === 'test' ? '' : `, scope: ${scope}`}}`;
}

function familyLines(family: Family): readonly string[] {
  const groups = new Map<string, number>();
  for (const r of family.receivers) {
    const last = partsOf(r).nouns.at(-1) ?? partsOf(r).verb;
    groups.set(last, (groups.get(last) ?? 0) + 1);
  }
  const [word = '', count = 0] = [...groups].sort((a, b) => b[1] - a[1])[0] ?? [];
  const receiver = count * 2 > family.receivers.length && /^\w+$/.test(word) ? `{${word},*_${word}}` : undefined;
  const call = (name: string): string => (receiver === undefined ? `method: "${name}"` : `expression: "**.${receiver}.${name}"`);
  return [
    `# ${family.kinds.length} of these as one pattern, where names such as ${braced(family.kinds.slice(0, 3))} must agree:`,
    '#   resource:',
    '#     title: "{kind}"',
    `#     acquire: [{${call(family.acquire)}}]`,
    `#     release: [{${call(family.release)}, handle: any-arg}]`,
    `#     identities: ["['id']", ".id", "['{kind}']", "['{kind}']['id']"]`,
  ];
}
