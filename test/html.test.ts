/**
 * Is the cleanup report one page that requests nothing, and does text of the project stay text in all of it?
 *
 * Without a browser: the page's markup is read back by a small scanner, its packed pieces are unpacked, and properties hold for any text.
 * What a browser makes of the page is asked in html-browser.test.ts.
 */
import { createHash } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FlowGraph, RunResult } from '../src/findings/finding.ts';
import { withFingerprints } from '../src/findings/fingerprint.ts';
import { NODE_HEIGHT, NODE_WIDTH, newLayouter } from '../src/report/html/layout.ts';
import { drawPicture, graphOf } from '../src/report/html/picture.ts';
import { pythonTokens } from '../src/report/html/python-tokens.ts';
import { helpHtml } from '../src/report/html/rule-help.ts';
import { renderReport } from '../src/report/index.ts';
import { acquisitionAt, findingAt, runWith, witnessOver } from './golden/build.ts';
import { hostileRun, hostileText } from './golden/hostile.ts';
import { exampleRun, exampleSource } from './golden/run.ts';

const page = (run: RunResult, options = {}): string => renderReport('html', run, { sources: exampleSource, ...options });

/** The HTML of all opened findings, in the order of the page. */
function details(html: string): string[] {
  const pieces = [...html.matchAll(/<script type="text\/plain" id="piece-\d+">([^<]*)<\/script>/g)].map((match) => match[1]);
  return pieces.flatMap((piece) => JSON.parse(inflateRawSync(Buffer.from(piece, 'base64')).toString()) as string[]);
}

/** Names of elements and attributes, in order; what is between tags is dropped. */
function skeleton(html: string): string[] {
  return [...html.matchAll(/<(\/?[a-z][a-z0-9]*)((?:\s+[a-zA-Z-]+(?:="[^"]*")?)*)\s*\/?>/g)].map(
    (match) => `${match[1]} ${[...match[2].matchAll(/([a-zA-Z-]+)(?:="[^"]*")?/g)].map((a) => a[1]).join(' ')}`,
  );
}

describe('the page', () => {
  const html = page(exampleRun);

  test('the policy forbids everything but the one script and the one style, by their hashes', () => {
    const policy = /Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1] ?? '';
    const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    const style = /<style>([^<]*)<\/style>/.exec(html)?.[1] ?? '';
    const scripts = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map((match) => match[1]);
    expect(scripts).toHaveLength(1);
    expect(policy).toBe(
      `default-src 'none'; script-src ${hash(scripts[0])}; style-src ${hash(style)}; img-src data:; base-uri 'none'; form-action 'none'`,
    );
  });

  test('nothing in it could be requested, and no element has a style or a handler of its own', () => {
    const markup = html + details(html).join('');
    expect(markup.match(/\s(?:src|srcset|action|poster|background)=/g)).toBeNull();
    expect([...markup.matchAll(/\shref="([^"#][^"]*)"/g)].map((match) => match[1]).filter((href) => !href.startsWith('data:image/svg+xml,'))).toEqual(
      [],
    );
    expect(markup.match(/<[a-z][^>]*\s(?:style|on[a-z]+)=/g)).toBeNull();
    expect(markup).not.toMatch(/@import|url\((?!#)/);
  });

  test('says what the run says: pillars, reaches, hot spots, problems', () => {
    expect(html).toMatch(/<strong class="bad">5<\/strong> of 7 acquisitions leak on some path/);
    for (const pillar of exampleRun.pillars) expect(html).toContain(pillar.cwe);
    expect(html).toContain('tests/api/');
    expect(html).toContain('2 problems with the input');
  });

  test('an opened finding answers what, on which path, why and how, with source and picture', () => {
    const found = details(html).find((detail) => detail.includes('delete_server'));
    for (const question of ['What leaks', 'On which path', 'Why nothing cleans it up', 'Cure']) expect(found).toContain(question);
    expect(found).toContain('is not reached: line 11 raises first');
    expect(found).toMatch(/<span class="no">9<\/span>/);
    expect(found).toContain('<svg class="flow" role="img"');
    expect(found).toMatch(/<desc[^>]*>The path: line 9: server = self.api.create_server\(&quot;m1.small&quot;\), then line 10/);
  });

  test('without sources the steps are told all the same', () => {
    const found = details(renderReport('html', exampleRun)).find((detail) => detail.includes('delete_server'));
    expect(found).toContain('acquired here: server, remote');
  });

  test('the same run gives the same bytes', () => {
    expect(page(exampleRun)).toBe(html);
  });
});

describe('compared with an earlier run', () => {
  const old = withFingerprints([
    findingAt({ test: 'test_gone' }),
    findingAt({ test: 'test_stays' }),
    findingAt({ test: 'test_other', rule: 'not-run' }),
  ]);
  const now = withFingerprints([findingAt({ test: 'test_stays', line: 9 }), findingAt({ test: 'test_came' })]);
  const rules = [{ id: 'leak-on-failure', title: 't', pillar: 'lifecycle', cwe: [], severity: 'warning', precision: 'high', help: 'h' }] as const;
  const against = { name: 'old.json', result: runWith({ findings: old }) };

  test('new, fixed and unchanged are counted, and what did not run is not called fixed', () => {
    const html = page(runWith({ findings: now, rules }), { against });
    expect(html).toContain('<b>1</b> new');
    expect(html).toContain('<b>1</b> fixed');
    expect(html).toContain('<b>1</b> unchanged');
    expect(html).toContain('1 earlier finding of rules that did not run');
  });

  test('in Markdown too', () => {
    const text = renderReport('markdown', runWith({ findings: now, rules }), { against });
    expect(text).toContain('1 new, 1 fixed, 1 unchanged; 1 earlier finding of rules that did not run');
  });
});

describe('text of the project', () => {
  const plainPage = skeleton(page(hostileRun('a')).replace(/<script type="[^"]*" id="[^"]*">[^<]*<\/script>/g, ''));
  const plainDetails = details(page(hostileRun('a'))).map((detail) => skeleton(detail));

  test('adds no element and no attribute anywhere', () => {
    fc.assert(
      // Where a name is empty, its place is left out.
      fc.property(
        hostileText.filter((text) => text !== ''),
        (text) => {
          const html = page(hostileRun(text));
          expect(html.match(/<\/script/g)).toHaveLength(html.match(/<script/g)?.length ?? 0);
          expect(skeleton(html.replace(/<script type="[^"]*" id="[^"]*">[^<]*<\/script>/g, ''))).toEqual(plainPage);
          expect(details(html).map((detail) => skeleton(detail))).toEqual(plainDetails);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a source line that closes every element stays a line', () => {
    const evil = '</code></div></script><img src=x onerror=alert(1)>\u202e<!--';
    const run = runWith({
      findings: withFingerprints([findingAt({ witnesses: [witnessOver([1])] })]),
      ledger: [acquisitionAt({ status: 'leaks', leaks: ['failure'] })],
    });
    const html = renderReport('html', run, { sources: () => `${evil}\n` });
    expect(details(html)[0]).not.toMatch(/<img|<!--|\u202e/);
    expect(details(html)[0]).toContain('&lt;img src=x onerror=alert(');
  });

  test('the pieces of a coloured line are the line', () => {
    fc.assert(
      fc.property(
        hostileText,
        (text) =>
          pythonTokens(text)
            .map((token) => token.text)
            .join('') === text,
      ),
    );
    expect(pythonTokens('def f(x="a"): # c').filter((token) => token.kind !== undefined)).toEqual([
      { kind: 'keyword', text: 'def' },
      { kind: 'name', text: 'f' },
      { kind: 'string', text: '"a"' },
      { kind: 'comment', text: '# c' },
    ]);
  });

  test("a rule's help becomes its six elements and no other", () => {
    fc.assert(fc.property(hostileText, (text) => skeleton(helpHtml(text)).every((name) => /^\/?(?:p|ul|li|pre|code|strong) $/.test(name))));
    expect(helpHtml('Use `with`, **always**.\n\n- a\n- b\n\n```python\nx < 1\n```\n')).toBe(
      '<p>Use <code>with</code>, <strong>always</strong>.</p><ul><li>a</li><li>b</li></ul><pre><code>x &lt; 1</code></pre>',
    );
  });
});

describe('pictures', () => {
  /** Any graph: a chain with further edges, a way along its edges. */
  const graphs = fc.record({ size: fc.integer({ min: 2, max: 12 }), extra: fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 8 }) }).map(
    ({ size, extra }): FlowGraph => ({
      path: 'a.py',
      function: 'f',
      nodes: Array.from({ length: size }, (_, at) => ({ kind: 'step', line: at + 1, endLine: at + 1, label: `line ${at + 1}` })),
      edges: [
        ...Array.from({ length: size - 1 }, (_, at) => ({ from: at, to: at + 1, kind: 'next' as const })),
        ...extra.map(([from, to]) => ({ from: from % size, to: to % size, kind: 'raise' as const })),
      ],
      way: Array.from({ length: size }, (_, at) => at),
    }),
  );

  test.each([
    ['dagre', 4000],
    ['the column beyond the budget', 0],
  ])('%s: no two nodes overlap, all is inside, every edge is drawn', (_name, budget) => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const { nodes, edges, width, height } = newLayouter(budget)(graph);
        expect(edges).toHaveLength(graph.edges.length);
        nodes.forEach((a, i) => {
          expect(a.x >= 0 && a.y >= 0 && a.x + NODE_WIDTH <= width && a.y + NODE_HEIGHT <= height).toBe(true);
          for (const b of nodes.slice(i + 1)) expect(Math.abs(a.x - b.x) >= NODE_WIDTH || Math.abs(a.y - b.y) >= NODE_HEIGHT).toBe(true);
        });
        for (const points of edges) for (const { x, y } of points) expect(Number.isFinite(x) && Number.isFinite(y)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  test('the path goes through the picture from edge to edge, and carries the numbers of the steps', () => {
    const [witness] = exampleRun.findings.find((finding) => finding.witnesses[0]?.graph !== undefined)?.witnesses ?? [];
    const graph = graphOf(witness);
    const svg = drawPicture(witness, graph, newLayouter()(graph), 'x', 'title');
    expect(svg.match(/<path class="e way/g)).toHaveLength(graph.way.length - 1);
    expect(svg.match(/class="n [a-z-]+ way/g)).toHaveLength(graph.way.length);
    expect([...svg.matchAll(/class="badge">.*?>([\d·]+)<\/text>/g)].map((match) => match[1])).toEqual(['1', '2', '3']);
  });

  test('a witness without a graph is drawn as its steps', () => {
    const graph = graphOf(witnessOver([4, 7]));
    expect(graph.nodes.map((node) => node.kind)).toEqual(['acquire', 'raise', 'raise', 'raised-exit']);
    expect(graph.edges).toHaveLength(3);
  });
});
