/**
 * In which unit does an operand count, as far as its names say?
 *
 * `memory_mb`, `row["disk_gb"]`, and sums of them have the unit of the name; the names come from the configuration. Multiplying or
 * dividing by 1000, 1024, 60 and their powers converts; by anything else does not change the unit. A unit is a dimension and how much one of
 * it is. Decimal and binary multiples (MB, MiB) are told apart only where the configuration declares a name of its own without a wildcard:
 * most code writes `_mb` and means MiB.
 */

import type { Patterns } from '../config/call-view.ts';
import { compileGlob, type Glob, lastCharacters, testGlob } from '../config/globs.ts';
import type { Operand } from '../ir/ir.ts';
import { callBehind } from '../program/call-site.ts';
import type { Scope } from '../program/scope.ts';

export interface Unit {
  readonly dimension: 'size' | 'time';
  /** How many bytes or seconds one of it is. */
  readonly amount: number;
  /** Its name declares MB or MiB exactly. */
  readonly declared: boolean;
  /** The unit of the name it was read from: `MiB`. */
  readonly written: string;
}

const AMOUNTS: Readonly<Record<string, readonly ['size' | 'time', number]>> = {
  B: ['size', 1],
  kB: ['size', 1e3],
  KB: ['size', 1e3],
  KiB: ['size', 1024],
  MB: ['size', 1e6],
  MiB: ['size', 1024 ** 2],
  GB: ['size', 1e9],
  GiB: ['size', 1024 ** 3],
  TB: ['size', 1e12],
  TiB: ['size', 1024 ** 4],
  ns: ['time', 1e-9],
  us: ['time', 1e-6],
  ms: ['time', 1e-3],
  s: ['time', 1],
  min: ['time', 60],
  h: ['time', 3600],
  d: ['time', 86400],
};

/** What a number must be to be read as a conversion. */
const RATIOS: Readonly<Record<Unit['dimension'], readonly number[]>> = {
  size: [1e3, 1e6, 1e9, 1e12, 1024, 1024 ** 2, 1024 ** 3, 1024 ** 4, 8],
  time: [1e3, 1e6, 1e9, 60, 3600, 86400, 1e-3, 1e-6, 1e-9],
};

/** Units that differ by less are decimal and binary spellings of one: 1024**4 / 10**12 is 1.0995. */
const SPELLING = 1.11;

interface UnitName {
  readonly glob: Glob;
  readonly exact: boolean;
  readonly unit: string;
  /** What a matching name can end in; null for anything. */
  readonly endings: ReadonlySet<number> | null;
}

interface NamedUnits {
  readonly globs: readonly UnitName[];
  /** Those that names with this last letter can match, in the same order. */
  readonly byEnding: Map<number, readonly UnitName[]>;
  /** Answers by name: the same few hundred names are asked about in every file. */
  readonly known: Map<string, Unit | null>;
}

/** Names remembered; a code base of 4,000,000 lines compares and adds fewer distinct names than this. */
const MEMO_LIMIT = 200_000;
const compiled = new WeakMap<Patterns['units'], NamedUnits>();
/** Most sets of packs have the same names, and share what is known of them. */
const byNames = new Map<string, NamedUnits>();

function nameUnit(name: string, { units }: Patterns): Unit | undefined {
  let named = compiled.get(units);
  if (!named) {
    const names = units.map((u) => `${u.name} ${u.unit}`).join('\n');
    named = byNames.get(names) ?? {
      globs: units.map(unitName),
      byEnding: new Map(),
      known: new Map(),
    };
    byNames.set(names, named);
    compiled.set(units, named);
  }
  let unit = named.known.get(name);
  if (unit === undefined) {
    if (named.known.size >= MEMO_LIMIT) named.known.clear();
    named.known.set(name, (unit = unitNamed(name, endingLike(name, named)) ?? null));
  }
  return unit ?? undefined;
}

function unitName({ name, unit }: Patterns['units'][number]): UnitName {
  const glob = compileGlob(name);
  return { glob, exact: !name.includes('*'), unit, endings: lastCharacters(glob) };
}

/** Most names are asked about to learn that they name no unit: `_kb`, `_seconds` and the like end in few letters. */
function endingLike(name: string, { globs, byEnding }: NamedUnits): readonly UnitName[] {
  const last = name.charCodeAt(name.length - 1);
  let list = byEnding.get(last);
  if (!list) byEnding.set(last, (list = globs.filter((g) => g.endings === null || g.endings.has(last))));
  return list;
}

function unitNamed(name: string, globs: readonly UnitName[]): Unit | undefined {
  // What the project declares comes after what the packs say.
  for (let i = globs.length - 1; i >= 0; i--) {
    const g = globs[i] as (typeof globs)[number];
    const known = AMOUNTS[g.unit];
    if (known && testGlob(g.glob, name)) return { dimension: known[0], amount: known[1], declared: g.exact, written: g.unit };
  }
  return undefined;
}

/** The unit of an operand; undefined where no name in it says. */
export function unitOf(operand: Operand, scope: Scope, patterns: Patterns, depth = 0): Unit | undefined {
  if (depth > 6) return undefined; // Longer expressions mix so much that nothing follows.
  const inner = (o: Operand): Unit | undefined => unitOf(o, scope, patterns, depth + 1);
  switch (operand.op) {
    case 'name':
    case 'attr':
      return nameUnit(operand.name, patterns);
    case 'index':
      return operand.key.op === 'const' && operand.key.kind === 'string' ? nameUnit(String(operand.key.value), patterns) : undefined;
    case 'unary':
      return inner(operand.of);
    case 'binary': {
      if (operand.operator === '+' || operand.operator === '-') return inner(operand.left) ?? inner(operand.right);
      const [left, right] = [inner(operand.left), inner(operand.right)];
      if (operand.operator === '*') {
        const unit = left ?? right;
        return left && right ? undefined : unit && converted(unit, numberOf(left ? operand.right : operand.left), -1);
      }
      if (operand.operator === '/' || operand.operator === '//') return left && !right ? converted(left, numberOf(operand.right), 1) : undefined;
      return undefined;
    }
    case 'temp': {
      const call = callBehind(operand, scope);
      const [only] = call?.args ?? [];
      return call && only && call.callee.op === 'name' && /^(int|float|round|abs|max|min|sum)$/.test(call.callee.name)
        ? inner(only.value)
        : undefined;
    }
    default:
      return undefined;
  }
}

function converted(unit: Unit, by: number | undefined, power: 1 | -1): Unit | undefined {
  if (by === undefined || by === 0) return undefined;
  return RATIOS[unit.dimension].includes(by) ? { ...unit, amount: unit.amount * by ** power } : unit;
}

/** The value of a constant expression: 1024, 10**6, 60 * 60. */
function numberOf(operand: Operand): number | undefined {
  if (operand.op === 'const') return typeof operand.value === 'number' ? operand.value : undefined;
  if (operand.op !== 'binary') return undefined;
  const [a, b] = [numberOf(operand.left), numberOf(operand.right)];
  if (a === undefined || b === undefined) return undefined;
  if (operand.operator === '**') return a ** b;
  if (operand.operator === '*') return a * b;
  return operand.operator === '/' ? a / b : undefined;
}

/** True where both count in the same dimension and one of the first is not one of the second. */
export function differ(a: Unit, b: Unit): boolean {
  if (a.dimension !== b.dimension) return false;
  const ratio = a.amount > b.amount ? a.amount / b.amount : b.amount / a.amount;
  return a.declared || b.declared ? ratio > 1 + 1e-9 : ratio > SPELLING;
}

/** The nearest name of an amount: `MiB`. */
export function unitWord(unit: Unit): string {
  const exact = Object.entries(AMOUNTS).find(([, [dimension, amount]]) => dimension === unit.dimension && Math.abs(amount / unit.amount - 1) < 1e-9);
  const near = Object.entries(AMOUNTS).find(
    ([, [dimension, amount]]) => dimension === unit.dimension && Math.abs(amount / unit.amount - 1) < SPELLING - 1,
  );
  return exact?.[0] ?? near?.[0] ?? `${unit.amount} ${unit.dimension === 'size' ? 'bytes' : 'seconds'}`;
}
