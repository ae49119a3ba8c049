import { expect, test } from 'vitest';
import { buildCfg } from '../src/cfg/build.ts';
import type { Cfg } from '../src/cfg/cfg.ts';
import { printArrows } from '../src/cfg/print.ts';
import { verifyCfg } from '../src/cfg/verify.ts';
import { functionOf, seq } from './ir-trees.ts';

function shape(cfg: Cfg): string {
  expect(verifyCfg(cfg)).toEqual([]);
  return printArrows(cfg);
}

test('a function without statements goes from its entry to its exit', () => {
  expect(shape(buildCfg(functionOf(seq())))).toBe('entry -> exit\n');
});
