/**
 * In which blocks of a function's graph does an instruction stand?
 *
 * `finally` is copied once per way out, so one instruction may stand in several.
 */
import type { Cfg } from '../cfg/cfg.ts';
import type { Instr } from '../ir/ir.ts';

/** Functions with more blocks get an index: looking through all of them for each of their calls costs the square. */
const MAX_BLOCKS_SEARCHED = 64;
const blockIndex = new WeakMap<Cfg, ReadonlyMap<Instr, readonly number[]>>();

/** The blocks that hold copies of the instruction. A call ends its block, so only the last ones are looked at for calls. */
export function blocksOf(cfg: Cfg, instr: Instr): readonly number[] {
  if (cfg.blocks > MAX_BLOCKS_SEARCHED) return indexOf(cfg).get(instr) ?? [];
  const out: number[] = [];
  const isLast = instr.op === 'call';
  for (let b = 0; b < cfg.blocks; b++) {
    const end = cfg.firstInstr[b + 1] as number;
    for (let i = isLast ? Math.max(end - 1, cfg.firstInstr[b] as number) : (cfg.firstInstr[b] as number); i < end; i++) {
      if (cfg.instrs[i] === instr) out.push(b);
    }
  }
  return out;
}

function indexOf(cfg: Cfg): ReadonlyMap<Instr, readonly number[]> {
  const known = blockIndex.get(cfg);
  if (known) return known;
  const index = new Map<Instr, number[]>();
  for (let b = 0; b < cfg.blocks; b++) {
    for (let i = cfg.firstInstr[b] as number; i < (cfg.firstInstr[b + 1] as number); i++) {
      const instr = cfg.instrs[i] as Instr;
      const list = index.get(instr);
      if (list) list.push(b);
      else index.set(instr, [b]);
    }
  }
  blockIndex.set(cfg, index);
  return index;
}
