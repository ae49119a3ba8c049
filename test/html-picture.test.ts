/**
 * Does a run that is asked for pictures tell each path as a graph that can be drawn?
 *
 * The invariants of `FlowGraph` on whole analyses, what is kept and what is folded, and the limit of nodes.
 */
import { expect, test } from 'vitest';
import { analyze } from '../src/app/analyze.ts';
import type { FlowGraph, Witness } from '../src/findings/finding.ts';
import { capped, type Draft, MAX_NODES } from '../src/typestate/picture-cap.ts';
import { projectRoot } from './files.ts';

async function witnesses(text: string, graphs = true): Promise<readonly Witness[]> {
  const run = await analyze({ root: projectRoot, paths: [], virtual: new Map([['test_it.py', text]]), configPath: null, graphs, parser: 'wasm' });
  return run.findings.filter((finding) => finding.pillar === 'lifecycle').flatMap((finding) => finding.witnesses);
}

const FAILURE = `
def test_total(tmp_path):
    text = str(tmp_path)
    file = open(tmp_path / 'total', 'w')
    file.write(text)
    assert text == 'a'
    file.close()
`;

/** What finding.ts promises of every graph. */
function check(graph: FlowGraph): void {
  expect(graph.nodes.length).toBeLessThanOrEqual(MAX_NODES);
  expect(graph.way.length).toBeGreaterThan(0);
  for (const id of [...graph.way, ...graph.edges.flatMap((edge) => [edge.from, edge.to])]) expect(graph.nodes[id]).toBeDefined();
  graph.way.slice(1).forEach((to, at) => {
    expect(
      graph.edges.some((edge) => edge.from === graph.way[at] && edge.to === to),
      `${graph.way[at]} to ${to}`,
    ).toBe(true);
  });
  for (const node of graph.nodes) expect(node.endLine).toBeGreaterThanOrEqual(node.line);
}

test('the path goes from the acquisition over what raises to the raised exit; the release is seen', async () => {
  const [witness] = await witnesses(FAILURE);
  const graph = witness.graph as FlowGraph;
  check(graph);
  expect(graph.function).toBe('test_total');
  expect(graph.nodes[graph.way[0]]).toMatchObject({ kind: 'acquire', line: 4, label: "file = open(tmp_path / 'total', 'w')" });
  expect(graph.nodes[graph.way[graph.way.length - 1]].kind).toBe('raised-exit');
  expect(graph.nodes.filter((node) => node.kind === 'release').map((node) => node.line)).toEqual([7]);
  expect(graph.way.map((id) => graph.nodes[id].kind)).toContain('raise');
});

test('without being asked for, no graph is made', async () => {
  for (const witness of await witnesses(FAILURE, false)) expect(witness.graph).toBeUndefined();
});

test('branches, loops, handlers and with: every graph keeps its promises', async () => {
  const text = `
import socket

def test_all(tmp_path, flag):
    names = [str(n) for n in range(3)]
    if flag:
        names.append('x')
    s = socket.socket()
    try:
        for name in names:
            with open(tmp_path / name) as file:
                s.sendall(file.read())
    except ValueError:
        s.send(b'')
    finally:
        print('done')
    assert flag
    while flag:
        flag = s.recv(1)
    s.close()
`;
  const all = await witnesses(text);
  expect(all.length).toBeGreaterThan(0);
  for (const { graph } of all) check(graph as FlowGraph);
  // The comprehension is one node.
  for (const { graph } of all) expect((graph as FlowGraph).nodes.filter((node) => node.line === 5 && node.endLine === 5).length).toBeLessThan(2);
});

test('a function of many branches is folded to the limit, its path kept', async () => {
  const branches = Array.from({ length: 90 }, (_, at) => `    if flag == ${at}:\n        print(${at})`).join('\n');
  const all = await witnesses(
    `def test_big(tmp_path, flag):\n    file = open(tmp_path)\n    print('first')\n${branches}\n    assert flag\n    file.close()\n`,
  );
  expect(all.length).toBeGreaterThan(0);
  for (const { graph } of all) {
    check(graph as FlowGraph);
    expect((graph as FlowGraph).nodes.some((node) => node.kind === 'acquire')).toBe(true);
  }
});

test('a path that is itself too long loses its middle, not its ends', () => {
  const count = 200;
  const draft: Draft = {
    nodes: Array.from({ length: count }, (_, at) => ({
      kind: at === 1 ? 'acquire' : at === count - 1 ? 'exit' : 'step',
      line: at + 1,
      endLine: at + 1,
      label: `${at}`,
      empty: false,
    })),
    edges: Array.from({ length: count - 1 }, (_, at) => ({ from: at, to: at + 1, kind: 'next' })),
    way: Array.from({ length: count - 1 }, (_, at) => at + 1),
  };
  const { nodes, edges, way } = capped(draft);
  check({ path: 'a.py', function: 'f', nodes, edges, way });
  expect(nodes[way[0]].kind).toBe('acquire');
  expect(nodes[way[way.length - 1]].kind).toBe('exit');
  expect(nodes.filter((node) => node.kind === 'fold')).toHaveLength(1);
});
