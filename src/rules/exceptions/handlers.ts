/**
 * Does a handler let the exception go without a trace?
 *
 * It keeps it where it assigns anything, hands it to something that stores, returns a value of its own (the result then says that it
 * failed), or raises. Misses: what a logging handler collects (samples/04-exceptions).
 */
import type { Stmt } from '../../ir/ir.ts';
import { instrsOf } from './statements.ts';

const STORES =
  /^(append|add|put|put_nowait|set|extend|insert|update|set_exception|send|errback|callback|addError|addFailure|abort|stop|exit|_exit|fail\w*|skip\w*|onException)$/;

const SAYS =
  /^(print|debug|info|warning|warn|error|exception|log|critical|str|repr|format|type|isinstance|print_exc|print_exception|format_exc|msg|err)$/;

/** True where nothing of the exception is left after the handler. */
export function forgets(body: Stmt): boolean {
  const first = instrsOf(body).find((i) => i.op === 'caught');
  const caught = first?.op === 'caught' && first.target?.op === 'name' ? first.target.name : undefined;
  return instrsOf(body).every((i) => {
    switch (i.op) {
      case 'caught':
      case 'evaluate':
      case 'import':
        return true;
      case 'call': {
        const name = i.callee.op === 'attr' || i.callee.op === 'name' ? i.callee.name : '';
        // The exception itself, handed to anything but a log, arrives somewhere.
        return !STORES.test(name) && (SAYS.test(name) || !i.args.some((a) => a.value.op === 'name' && a.value.name === caught));
      }
      case 'return':
        return i.value === null || (i.value.op === 'const' && i.value.kind === 'none');
      default:
        return false;
    }
  });
}
