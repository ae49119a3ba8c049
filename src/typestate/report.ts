/**
 * What was found out about one acquisition, over all tests that go through it?
 *
 * The answers that rules read: how it ends, where it is released, on which paths it leaks, how it is misused. Plain data about scopes and
 * instructions; words are made in rules/.
 */
import type { PathKind, Status } from '../findings/finding.ts';
import type { Instr, Operand } from '../ir/ir.ts';
import type { Scope } from '../program/scope.ts';
import type { Node } from './explore.ts';
import type { Site } from './sites.ts';
import type { Odds } from './state.ts';

/** The likeliest first. */
export const ODDS: readonly Odds[] = ['likely', 'unlikely', 'rare'];

/** How an obligation came to its end without being released. */
export type LeakHow =
  /** Still held at the end. */
  | 'held'
  /** The last name of it was given another value. */
  | 'overwritten'
  /** The result was never bound to anything. */
  | 'discarded';

export interface PathStep {
  readonly kind: 'branch' | 'raise' | 'call' | 'exit' | 'register';
  readonly scope: Scope;
  readonly instr: Instr;
  /** For branches: the operand tested, and which way. */
  readonly test?: Operand;
  readonly outcome?: boolean;
  readonly message?: string;
}

export interface Leak {
  readonly pathKind: PathKind;
  readonly how: LeakHow;
  /** How the exception arose, for paths that are not normal. */
  readonly odds: Odds;
  /** The instruction that raised, for paths that are not normal. */
  readonly raise: Instr | undefined;
  readonly raiseScope: Scope;
  readonly steps: readonly PathStep[];
  /** Where the path leaves the function; its chain is the whole path. */
  readonly end: Node;
  /** In words, where the path ends: "test_resize leaves with server held". */
  readonly ending: string;
  /** The instruction that drops it, where the path does not lead out of the function. */
  readonly endsAt: { readonly scope: Scope; readonly instr: Instr } | undefined;
  /** The release that this path skips: registered or called later on the normal way. */
  readonly skipped: Release | undefined;
  /** A release was called on the way and not awaited: its offset in the site's module. */
  readonly unawaited: number | undefined;
  /** Names of the tests that leak this way. */
  readonly tests: ReadonlySet<string>;
  /** The role of the function in which the path leaves. */
  readonly role: Role;
}

export interface Release {
  readonly how: string;
  readonly registered: boolean;
  readonly scope: Scope;
  readonly instr: Instr;
  readonly role: Role;
}

/** The resource is used wrongly on some path, besides how its obligation ends. */
export interface Misuse {
  readonly kind: 'released-again' | 'used-after' | 'per-test-release' | 'per-class-release';
  readonly scope: Scope;
  readonly instr: Instr;
  readonly how: string;
  readonly steps: readonly PathStep[];
  /** Where it was released before. */
  readonly first: Release | undefined;
}

/** What the function with the acquisition is for. */
export type Role = 'module-setup' | 'class-setup' | 'setup' | 'test' | 'teardown' | 'class-teardown' | 'module-teardown' | 'fixture' | 'helper';

export interface ObligationReport {
  readonly site: Site;
  /** Where a finding stands. */
  readonly anchor: { readonly scope: Scope; readonly instr: Instr };
  readonly role: Role;
  readonly status: Status;
  readonly leaks: readonly Leak[];
  readonly releases: readonly Release[];
  readonly misuses: readonly Misuse[];
  /** All tests that go through the acquisition. */
  readonly tests: ReadonlySet<string>;
  /** The collector closes it in silence, the loop that runs the coroutine cancels it, or what it runs is over at once. */
  readonly endsByItself: boolean;
  /** A setup only makes it; it begins in what comes after. */
  readonly startsLater: boolean;
  /** On some way it is returned, or kept by somebody else. */
  readonly handedOn: boolean;
  /** What made the analysis let go, for `trace`. */
  readonly letGo: string | undefined;
}

/** How a failure in a function of that role is called. */
export function failureKind(role: Role, yielded = false): PathKind {
  if (role === 'setup' || role === 'class-setup' || role === 'module-setup') return 'setup-failure';
  if (role === 'fixture') return yielded ? 'teardown-failure' : 'setup-failure';
  return role === 'teardown' ? 'teardown-failure' : 'failure';
}
