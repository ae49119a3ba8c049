/**
 * Does a control-flow graph keep the invariants that cfg.ts states?
 *
 * Run on every sample, spec and fuzz case. It checks form, not meaning: that `finally` was copied for the right ways is for the specs.
 */
import { reversePostorder } from '../graph/order.ts';
import { type Cfg, EdgeKind } from './cfg.ts';
import { blockName, edgeKindName } from './print.ts';
import { mayRaise } from './raising.ts';

/** What is wrong with `cfg`, a sentence each; empty for a good one. */
export function verifyCfg(cfg: Cfg): string[] {
  const problems = verifyArrays(cfg);
  if (problems.length > 0) return problems;
  verifyOrder(cfg, problems);
  for (let block = 0; block < cfg.blocks; block++) {
    verifyInstrs(cfg, block, problems);
    verifyEdges(cfg, block, problems);
  }
  return problems;
}

function verifyArrays(cfg: Cfg): string[] {
  const problems: string[] = [];
  const { blocks, firstInstr, firstEdge, edgeTarget, edgeKind, instrs } = cfg;
  if (blocks < 1) problems.push('there is no entry');
  if (firstInstr.length !== blocks + 1 || firstEdge.length !== blocks + 1) problems.push('first… arrays do not fit the number of blocks');
  if (firstInstr[blocks] !== instrs.length) problems.push('the blocks do not hold all instructions');
  if (firstEdge[blocks] !== edgeTarget.length || edgeKind.length !== edgeTarget.length) problems.push('the blocks do not hold all edges');
  for (let block = 0; block < blocks; block++) {
    if (firstInstr[block + 1] < firstInstr[block] || firstEdge[block + 1] < firstEdge[block]) problems.push(`b${block} ends before it begins`);
  }
  if (edgeTarget.some((target) => target < 0 || target >= blocks)) problems.push('an edge leads out of the graph');
  return problems;
}

function verifyOrder(cfg: Cfg, problems: string[]): void {
  const order = reversePostorder({ nodes: cfg.blocks, first: cfg.firstEdge, target: cfg.edgeTarget }, 0);
  if (order.length !== cfg.blocks) problems.push(`${cfg.blocks - order.length} blocks cannot be reached`);
  else if (order.some((block, rank) => block !== rank)) problems.push('blocks are not numbered in reverse postorder');
  if (cfg.edgeTarget.includes(0)) problems.push('an edge leads to the entry');
}

function verifyInstrs(cfg: Cfg, block: number, problems: string[]): void {
  const last = cfg.firstInstr[block + 1] - 1;
  for (let i = cfg.firstInstr[block]; i <= last; i++) {
    const { op } = cfg.instrs[i];
    if (i < last && mayRaise(cfg.instrs[i])) problems.push(`${blockName(cfg, block)}: ${op} may raise and is not the last instruction`);
    // After `return` may stand the finally bodies and with-exits on its way out.
    if (i < last && op === 'raise') problems.push(`${blockName(cfg, block)}: instructions after ${op}`);
  }
  const raises = kinds(cfg, block).filter((kind) => kind === EdgeKind.raise).length;
  if (raises > 1) problems.push(`${blockName(cfg, block)}: ${raises} raise edges`);
  if (last < cfg.firstInstr[block]) {
    if (raises > 0) problems.push(`${blockName(cfg, block)}: a raise edge without an instruction`);
  } else if (raises === 0 && mayRaise(cfg.instrs[last])) {
    problems.push(`${blockName(cfg, block)}: ${cfg.instrs[last].op} may raise and there is no raise edge`);
  }
}

function kinds(cfg: Cfg, block: number): number[] {
  return [...cfg.edgeKind.subarray(cfg.firstEdge[block], cfg.firstEdge[block + 1])];
}

/** Which kinds of edges may leave one block together. */
function verifyEdges(cfg: Cfg, block: number, problems: string[]): void {
  const name = blockName(cfg, block);
  const all = kinds(cfg, block);
  const has = (kind: EdgeKind): boolean => all.includes(kind);
  const last = cfg.firstInstr[block + 1] > cfg.firstInstr[block] ? cfg.instrs[cfg.firstInstr[block + 1] - 1] : undefined;
  const wrong = (what: string): void => {
    problems.push(`${name}: ${what} (edges: ${all.map(edgeKindName).join(', ')})`);
  };
  if (block === cfg.exit || block === cfg.raisedExit) {
    if (all.length > 0) wrong('an exit has edges');
    if (last) wrong('an exit has instructions');
    return;
  }
  if (all.length === 0) wrong('control ends in a block that is no exit');
  const count = (kind: EdgeKind): number => all.filter((each) => each === kind).length;
  if (count(EdgeKind.true) !== count(EdgeKind.false) || count(EdgeKind.true) > 1) wrong('true and false edges do not pair');
  if (cfg.tests.has(block) && !has(EdgeKind.true)) wrong('a test without edges');
  if (has(EdgeKind.true) && has(EdgeKind.next)) wrong('both branches and goes on');
  if (count(EdgeKind.next) > 1 && !cfg.merged) wrong('goes on to several blocks');
  // The rest of a group that an except* handler has left is dispatched after it: that block may go on, and stand behind instructions.
  const isRest = [...cfg.edgeTypes].some(([edge, { isGroup }]) => isGroup && edge >= cfg.firstEdge[block] && edge < cfg.firstEdge[block + 1]);
  if (has(EdgeKind.catch) && !isRest) {
    if (last) wrong('a handler dispatch has instructions');
    if (all.some((kind) => kind !== EdgeKind.catch && kind !== EdgeKind.uncaught)) wrong('a handler dispatch has other edges');
  }
  const isRaisingExit = last?.op === 'exit' && last.raising;
  if (isRaisingExit !== has(EdgeKind.swallow) && (isRaisingExit || has(EdgeKind.swallow)))
    wrong('swallow edges belong to raising with-exits, and to all of them');
  if (count(EdgeKind.swallow) !== count(EdgeKind.forward)) wrong('swallow and forward edges do not pair');
  if (last?.op === 'raise' && all.some((kind) => kind !== EdgeKind.raise)) wrong('raise goes on');
  for (let edge = cfg.firstEdge[block]; edge < cfg.firstEdge[block + 1]; edge++) {
    if ((cfg.edgeKind[edge] === EdgeKind.catch) !== cfg.edgeTypes.has(edge)) wrong(`edge ${edge} and its types do not agree`);
  }
}
