/**
 * How is a control-flow graph written down for people: in specs, in `campsite debug cfg`, as a picture?
 *
 * Three forms. Text: every block with its instructions, and its edges with kind and target. Arrows: the shape in one line an edge. DOT: for
 * graphviz. All are stable: the same graph gives the same text.
 * Blocks are called b1, b2 …; the entry, the exits and the empty block before handlers are called by what they are.
 */

import { printInstr } from '../ir/print.ts';
import type { PrintOptions } from '../ir/print-operand.ts';
import { printOperand } from '../ir/print-operand.ts';
import { type Cfg, EdgeKind } from './cfg.ts';

const KIND_NAMES = Object.entries(EdgeKind).reduce<string[]>((names, [name, kind]) => {
  names[kind] = name;
  return names;
}, []);

/** 'next', 'raise', … */
export function edgeKindName(kind: number): string {
  return KIND_NAMES[kind];
}

/** 'entry', 'exit', 'raised-exit', or 'b' and the number. */
export function blockName(cfg: Cfg, block: number): string {
  if (block === cfg.exit) return 'exit';
  if (block === cfg.raisedExit) return 'raised-exit';
  return block === 0 ? 'entry' : `b${block}`;
}

/** What stands on an edge, after its kind: the types of a catch edge. */
function caughtTypes(cfg: Cfg, edge: number, options: PrintOptions): string {
  const caught = cfg.edgeTypes.get(edge);
  if (!caught) return '';
  return `${caught.isGroup ? '*' : ''}${caught.types ? ` ${printOperand(caught.types, options)}` : ''}`;
}

/**
 * A block a paragraph:
 *
 *     b2:
 *       t1 = call open(p)
 *       next b3
 *       raise raised-exit
 */
export function printCfg(cfg: Cfg, options: PrintOptions = {}): string {
  const lines: string[] = [];
  if (cfg.merged) lines.push('(copies of finally bodies were merged)');
  for (let block = 0; block < cfg.blocks; block++) {
    lines.push(`${blockName(cfg, block)}:`);
    for (let i = cfg.firstInstr[block]; i < cfg.firstInstr[block + 1]; i++) lines.push(`  ${printInstr(cfg.instrs[i], options)}`);
    const test = cfg.tests.get(block);
    if (test) lines.push(`  test ${printOperand(test, options)}`);
    for (let edge = cfg.firstEdge[block]; edge < cfg.firstEdge[block + 1]; edge++) {
      const kind = edgeKindName(cfg.edgeKind[edge]);
      lines.push(`    ${kind}${caughtTypes(cfg, edge, options)} -> ${blockName(cfg, cfg.edgeTarget[edge])}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** The shape alone, a block a line: `entry -> b1, -raise-> raised-exit`. Exits have no line. */
export function printArrows(cfg: Cfg): string {
  const lines: string[] = [];
  for (let block = 0; block < cfg.blocks; block++) {
    const arrows: string[] = [];
    for (let edge = cfg.firstEdge[block]; edge < cfg.firstEdge[block + 1]; edge++) {
      const kind = cfg.edgeKind[edge];
      arrows.push(`${kind === EdgeKind.next ? '->' : `-${edgeKindName(kind)}->`} ${blockName(cfg, cfg.edgeTarget[edge])}`);
    }
    if (arrows.length > 0) lines.push(`${blockName(cfg, block)} ${arrows.join(', ')}`);
  }
  return `${lines.join('\n')}\n`;
}

function dotText(text: string): string {
  return text.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\l');
}

/** A graph in the DOT language; edges on which an exception travels are dashed. */
export function printDot(cfg: Cfg, options: PrintOptions = {}): string {
  const lines = [`digraph "${dotText(cfg.name)}" {`, '  node [shape=box, fontname=monospace];'];
  for (let block = 0; block < cfg.blocks; block++) {
    const content = [`${blockName(cfg, block)}`];
    for (let i = cfg.firstInstr[block]; i < cfg.firstInstr[block + 1]; i++) content.push(printInstr(cfg.instrs[i], options));
    const test = cfg.tests.get(block);
    if (test) content.push(`test ${printOperand(test, options)}`);
    lines.push(`  ${block} [label="${dotText(`${content.join('\n')}\n`)}"];`);
    for (let edge = cfg.firstEdge[block]; edge < cfg.firstEdge[block + 1]; edge++) {
      const kind = cfg.edgeKind[edge];
      const label = kind === EdgeKind.next ? '' : `${edgeKindName(kind)}${caughtTypes(cfg, edge, options)}`;
      const style = kind >= EdgeKind.raise && kind !== EdgeKind.swallow ? ', style=dashed' : '';
      lines.push(`  ${block} -> ${cfg.edgeTarget[edge]} [label="${dotText(label)}"${style}];`);
    }
  }
  lines.push('}');
  return `${lines.join('\n')}\n`;
}
