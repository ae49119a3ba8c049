/**
 * May this version of campsite read this configuration? `required-version` holds comparisons joined by spaces or commas: `>=0.1 <1`.
 *
 * A bare version means exactly that one, as far as it is written: `0.1` is any 0.1.x. Pre-release tags are not looked at.
 */

const COMPARISON = /^(>=|<=|==|=|>|<|~|\^)?\s*v?(\d+)(?:\.(\d+|\*))?(?:\.(\d+|\*))?(?:[-+].*)?$/;

/** What is wrong, as a sentence without a full stop; null where the version fits. */
export function checkRequirement(required: string, version: string): string | null {
  const comparisons = required
    .replaceAll(/([<>=~^])\s+/g, '$1')
    .split(/[\s,]+/)
    .filter((part) => part !== '');
  const running = numbers(version);
  if (comparisons.length === 0 || running === null) return 'expected comparisons such as `>=0.1 <1`';
  for (const comparison of comparisons) {
    const found = COMPARISON.exec(comparison);
    if (found === null) return `cannot read \`${comparison}\`: expected comparisons such as \`>=0.1 <1\``;
    const wanted = numbers(comparison.slice((found[1] ?? '').length)) ?? [];
    if (!fits(found[1] ?? '==', running, wanted)) return `this is campsite ${version}, the configuration asks for ${required}`;
  }
  return null;
}

function numbers(text: string): readonly number[] | null {
  const found = COMPARISON.exec(text.trim());
  if (found === null) return null;
  return found
    .slice(2, 5)
    .filter((part) => part !== undefined && part !== '*')
    .map(Number);
}

function fits(operator: string, running: readonly number[], wanted: readonly number[]): boolean {
  const order = compare(running, wanted);
  if (operator === '>=') return order >= 0;
  if (operator === '>') return order > 0 && !hasPrefix(running, wanted);
  if (operator === '<=') return order <= 0 || hasPrefix(running, wanted);
  if (operator === '<') return order < 0;
  if (operator === '~') return order >= 0 && hasPrefix(running, wanted.slice(0, Math.max(1, Math.min(2, wanted.length))));
  // As npm does: below 1.0 the second number is the one that breaks.
  if (operator === '^') return order >= 0 && hasPrefix(running, wanted.slice(0, wanted[0] === 0 ? 2 : 1));
  return hasPrefix(running, wanted);
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < 3; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function hasPrefix(version: readonly number[], prefix: readonly number[]): boolean {
  return prefix.every((number, index) => version[index] === number);
}
