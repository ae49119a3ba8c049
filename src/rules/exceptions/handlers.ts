/**
 * Does a handler let the exception go without a trace?
 *
 * It keeps it where it assigns anything, hands it to something that stores, returns a value of its own (the result then says that it
 * failed), or raises. Misses: what a logging handler collects.
 */
import type { Stmt } from '../../ir/ir.ts';
import { instrsOf } from './statements.ts';

const STORES = /^(append|add|put|put_nowait|set|extend|insert|update|set_exception|send|errback|callback|addError|addFailure|abort|stop|exit|_exit|fail\w*|skip\w*|onException)$/;

/** True where nothing of the exception is left after the handler. */
export function forgets(body: Stmt): boolean {
  return instrsOf(body).every((i) => {
    switch (i.op) {
      case 'caught': case 'evaluate': case 'import': return true;
      case 'call': return !STORES.test(i.callee.op === 'attr' || i.callee.op === 'name' ? i.callee.name : '');
      case 'return': return i.value === null || (i.value.op === 'const' && i.value.kind === 'none');
      default: return false;
    }
  });
}
