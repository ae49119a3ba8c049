/**
 * Does every CWE id of a rule lie below the rule's pillar in CWE's Research View (CWE-1000)?
 *
 * The table holds, for each weakness that a rule or a report names and for what stands above it, the weaknesses it is a child of in that
 * view, as CWE 4.15 has them. Facts only; an id that is not in it fails, so that nobody adds one without looking it up.
 */
import { describe, expect, test } from 'vitest';
import { PILLARS, pillarNamed } from '../src/findings/pillars.ts';
import { RULES } from '../src/rules/index.ts';

const PARENTS: Readonly<Record<number, readonly number[]>> = {
  20: [707],
  22: [668, 706],
  73: [610, 642],
  74: [707],
  77: [74],
  78: [77],
  89: [943],
  94: [74, 913],
  95: [94],
  116: [707],
  118: [664],
  119: [118],
  131: [682],
  190: [682],
  221: [664],
  223: [221],
  248: [705, 755],
  252: [754],
  269: [284],
  271: [269],
  272: [271],
  276: [732],
  284: [],
  285: [284],
  287: [284],
  295: [287],
  297: [295, 923],
  330: [693],
  344: [330],
  345: [693],
  362: [691],
  367: [362],
  369: [682],
  377: [668],
  378: [377],
  379: [377],
  390: [755],
  391: [754],
  392: [684, 755],
  394: [754],
  396: [221, 705, 755],
  397: [221, 703, 705],
  400: [664],
  401: [772],
  404: [664],
  413: [667],
  415: [666, 825, 1341],
  416: [825],
  435: [],
  440: [684],
  451: [221, 684],
  457: [908],
  459: [404],
  460: [459, 755],
  471: [664],
  477: [710],
  480: [670],
  484: [670, 710],
  488: [668],
  489: [710],
  502: [913],
  544: [755],
  561: [1164],
  563: [1164],
  567: [820],
  570: [710],
  571: [710],
  573: [710],
  584: [705],
  595: [1025],
  597: [480, 595],
  605: [666, 675],
  610: [664],
  628: [573],
  642: [668],
  657: [710],
  662: [664, 691],
  664: [],
  665: [664],
  666: [664],
  667: [662],
  668: [664],
  670: [691],
  671: [657],
  672: [666],
  674: [834],
  675: [573],
  681: [704],
  682: [],
  683: [628],
  684: [710],
  685: [628],
  686: [628],
  688: [628],
  691: [],
  693: [],
  696: [691],
  697: [],
  703: [],
  704: [664],
  705: [691],
  706: [664],
  707: [],
  710: [],
  732: [285, 668],
  754: [703],
  755: [703],
  758: [710],
  763: [404],
  764: [667, 675],
  770: [400, 665],
  771: [400],
  772: [404],
  775: [772],
  778: [223, 693],
  783: [670],
  798: [344, 671, 1391],
  820: [662],
  821: [662],
  825: [119, 672],
  826: [666],
  833: [667],
  834: [691],
  835: [834],
  908: [665],
  909: [665],
  910: [672],
  911: [664],
  913: [664],
  923: [284],
  943: [74],
  1023: [697],
  1024: [697],
  1025: [697],
  1041: [710],
  1051: [1419],
  1058: [662],
  1069: [1071],
  1071: [1164],
  1076: [710],
  1077: [697],
  1078: [1076],
  1108: [1076],
  1109: [1078],
  1164: [710],
  1188: [1419],
  1327: [668],
  1339: [682],
  1341: [675],
  1390: [287],
  1391: [1390],
  1419: [665],
};

const numberOf = (id: string): number => Number(id.replace(/^CWE-/, ''));

/** The weaknesses above one, itself included. */
function ancestors(id: number): ReadonlySet<number> {
  const seen = new Set<number>();
  const todo = [id];
  while (todo.length > 0) {
    const at = todo.pop() as number;
    if (seen.has(at)) continue;
    seen.add(at);
    todo.push(...(PARENTS[at] ?? []));
  }
  return seen;
}

test('the pillars are what has nothing above it', () => {
  const roots = Object.entries(PARENTS).flatMap(([id, parents]) => (parents.length === 0 ? [Number(id)] : []));
  const pillars = PILLARS.map((p) => numberOf(p.cwe));
  expect(roots.filter((id) => !pillars.includes(id))).toEqual([]);
  expect(pillars).toHaveLength(10);
  for (const id of pillars) expect(ancestors(id)).toEqual(new Set([id]));
});

test('the table leads somewhere: whatever it mentions is in it', () => {
  const dangling = Object.values(PARENTS)
    .flat()
    .filter((id) => PARENTS[id] === undefined);
  expect(dangling).toEqual([]);
  expect([...ancestors(772)]).toContain(664);
  expect([...ancestors(772)]).not.toContain(703);
});

describe('a rule’s CWE ids descend from its pillar', () => {
  test.each(RULES.map((rule) => [rule.id, rule] as const))('%s', (_, rule) => {
    const pillar = numberOf(pillarNamed(rule.pillar).cwe);
    const strangers = rule.cwe.filter((id) => !ancestors(numberOf(id)).has(pillar));
    expect(strangers.map((id) => `${id} is not below CWE-${pillar}`)).toEqual([]);
    expect(rule.cwe.filter((id) => !/^CWE-\d+$/.test(id) || PARENTS[numberOf(id)] === undefined)).toEqual([]);
    expect(new Set(rule.cwe).size).toBe(rule.cwe.length);
  });
});
