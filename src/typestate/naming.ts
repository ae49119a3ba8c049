/**
 * What do people call the resource of a site?
 *
 * The name or attribute it is assigned to, as written in the source, for messages and cures; '' where it is never bound. Nothing is
 * concluded from it.
 */
import type { Operand, Target } from '../ir/ir.ts';
import { forEachInstr, type ModuleUnit } from '../program/module.ts';
import type { Site } from './sites.ts';

const MAX_TEXT = 60; // Longer expressions do not help in a message.

/** The source text of an operand on one line, shortened. */
export function textOf(module: ModuleUnit, operand: { readonly start: number; readonly end: number }): string {
  const text = module.text.slice(operand.start, operand.end).replace(/\s+/g, ' ');
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text;
}

/** `server`, `self.sock`, `a` of `a, b = pair()`; '' where it is never bound. */
export function nameOf(site: Site): string {
  const { scope, instr } = site;
  let found = '';
  if (instr.op !== 'call') return instr.op === 'assign' || instr.op === 'augment' ? textOf(scope.module, instr.target) : '';
  let temp = instr.result;
  forEachInstr(scope.fn.body, (i) => {
    if (found !== '') return;
    if (i.op === 'await' && i.value.op === 'temp' && i.value.id === temp) temp = i.result;
    else if (i.op === 'enter' && i.manager.op === 'temp' && i.manager.id === temp) {
      if (i.target) found = targetText(scope.module, i.target, site.handle);
      temp = i.result;
    } else if (i.op === 'assign' && holdsTemp(i.value, temp) && i.target.op !== 'temp') found = targetText(scope.module, i.target, site.handle);
  });
  return found;
}

function holdsTemp(value: Operand, temp: number): boolean {
  if (value.op === 'temp') return value.id === temp;
  return (value.op === 'attr' || value.op === 'index') && holdsTemp(value.of, temp);
}

function targetText(module: ModuleUnit, target: Target, part: number): string {
  if (target.op === 'targets') {
    const item = target.items[part] ?? target.items[0];
    return item ? textOf(module, item) : '';
  }
  return textOf(module, target);
}
