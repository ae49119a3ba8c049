/**
 * Do globs match what they say, in the time they promise?
 *
 * The oracle tries every way to spread the stars, recursively; the matcher under test keeps one star in mind. They must agree on all
 * short texts over a small alphabet, where collisions are frequent.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileGlob, lastSegments, matchGlob, mayEndWith, parseGlob, testGlob } from '../src/config/globs.ts';

const error = (source: string) => {
  const result = parseGlob(source);
  return 'error' in result ? result.error : null;
};

describe('globs over dotted names', () => {
  test.each([
    ['subprocess.Popen', 'subprocess.Popen', true],
    ['subprocess.Popen', 'subprocess.PopenX', false],
    ['*', 'open', true],
    ['*', 'io.open', false],
    ['**', 'io.open', true],
    ['os.*', 'os.path.join', false],
    ['os.**', 'os.path.join', true],
    ['os.**', 'os', true],
    ['os.**', 'osx.path', false],
    ['**.mock.patch', 'mock.patch', true],
    ['**.mock.patch', 'unittest.mock.patch', true],
    ['**.mock.patch', 'unittest.mock.patch.object', false],
    ['a.**.z', 'a.z', true],
    ['a.**.z', 'a.b.c.z', true],
    ['a.**.z', 'a.b.c', false],
    ['create_*_now', 'create_x_y_now', true],
    ['create_*_now', 'create_now', false],
    ['{a,b.c}.d', 'b.c.d', true],
    ['{a,b.c}.d', 'b.d', false],
    ['x{,_{y,z}}', 'x_z', true],
    ['x{,_{y,z}}', 'x', true],
    ['self.resources.get().create', 'self.resources.get().create', true],
    ['**.items[].close', 'self.items[].close', true],
  ])('%s against %s: %s', (glob, text, expected) => {
    expect(testGlob(compileGlob(glob), text)).toBe(expected);
  });

  test.each([
    ['create_{kind}', 'create_server', { kind: 'server' }],
    ['create_{kind}', 'create_', null],
    ['{verb}_{kind}', 'create_port_group', { verb: 'create', kind: 'port_group' }],
    ['**.create_{kind}', 'self.client.create_volume', { kind: 'volume' }],
    ['{a,b}_{kind}', 'b_x', { kind: 'x' }],
  ])('%s captures from %s', (glob, text, expected) => {
    expect(matchGlob(compileGlob(glob), text)).toEqual(expected);
  });

  test('captures that are given must agree', () => {
    const glob = compileGlob('delete_{kind}');
    expect(matchGlob(glob, 'delete_server', { kind: 'server' })).not.toBeNull();
    expect(matchGlob(glob, 'delete_volume', { kind: 'server' })).toBeNull();
    expect(matchGlob(compileGlob('{verb}_{kind}'), 'drop_a_b', { kind: 'a_b' })).toEqual({ verb: 'drop' });
  });

  test.each([
    ['/^create_\\w+$/', 'regular expressions are not supported'],
    ['', 'cannot be empty'],
    ['a{b', '`{` without'],
    ['a}b', '`}` without'],
    ['a**.b', 'whole segments'],
    ['{Kind}', 'neither a list of alternatives nor'],
    ['{a}{a}', 'stands twice'],
    ['{a,b}'.repeat(9), 'more than 256 alternatives'],
  ])('%s is refused', (source, message) => {
    expect(error(source)).toContain(message);
  });

  test('the index learns how names can end', () => {
    expect(lastSegments(compileGlob('os.{open,dup}'))).toEqual({ exact: ['open', 'dup'], open: false });
    expect(lastSegments(compileGlob('**.create_*'))).toEqual({ exact: [], open: true });
    expect(mayEndWith(compileGlob('**.create_{kind}'), 'create_x')).toBe(true);
    expect(mayEndWith(compileGlob('**.create_{kind}'), 'delete_x')).toBe(false);
    expect(mayEndWith(compileGlob('a.**'), 'whatever')).toBe(true);
  });
});

/** The definition, by trying everything. */
function oracle(pattern: readonly string[], parts: readonly string[]): boolean {
  if (pattern.length === 0) return parts.length === 0;
  if (pattern[0] === '**') return parts.some((_, i) => oracle(pattern.slice(1), parts.slice(i))) || oracle(pattern.slice(1), []);
  return parts.length > 0 && segmentOracle(pattern[0], parts[0]) && oracle(pattern.slice(1), parts.slice(1));
}

function segmentOracle(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  if (pattern[0] === '*') return segmentOracle(pattern.slice(1), text) || (text !== '' && segmentOracle(pattern, text.slice(1)));
  return text !== '' && pattern[0] === text[0] && segmentOracle(pattern.slice(1), text.slice(1));
}

describe('globs against their definition', () => {
  const patternSegment = fc.oneof(
    fc.constant('**'),
    fc.stringMatching(/^[ab*]{1,5}$/).filter((text) => !text.includes('**')),
  );
  const textSegment = fc.stringMatching(/^[ab]{0,5}$/);

  test('the same answer as trying everything', () => {
    fc.assert(
      fc.property(
        fc.array(patternSegment, { minLength: 1, maxLength: 5 }),
        fc.array(textSegment, { minLength: 1, maxLength: 5 }),
        (pattern, parts) => {
          expect(testGlob(compileGlob(pattern.join('.')), parts.join('.'))).toBe(oracle(pattern, parts));
        },
      ),
      { numRuns: 3000 },
    );
  });

  test('what is captured is what fits', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ab]{1,6}$/), fc.stringMatching(/^[ab]{0,3}$/), fc.stringMatching(/^[ab]{0,3}$/), (middle, before, after) => {
        const found = matchGlob(compileGlob(`x${before}{kind}${after}y`), `x${before}${middle}${after}y`);
        expect(`${before}${found?.kind}${after}`).toBe(`${before}${middle}${after}`);
      }),
    );
  });

  test('a hostile pattern on a hostile text takes no time to speak of', () => {
    const glob = compileGlob(`${'a*'.repeat(200)}b`);
    const deep = compileGlob(`${'**.a.'.repeat(200)}b`);
    const started = performance.now();
    expect(testGlob(glob, 'a'.repeat(20_000))).toBe(false);
    expect(testGlob(deep, 'a.'.repeat(5_000))).toBe(false);
    // Trying everything would take longer than the universe has; the bound is generous for a busy machine.
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
