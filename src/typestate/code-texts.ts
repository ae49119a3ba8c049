/**
 * Is a descriptor's number written into code that opens it, so that this code closes it?
 *
 * `interpreter.run(f"with open({w}, 'wb') as out: …")` runs in this process; what opens a number takes it over. A child process that is handed
 * its code (`-c`) has descriptors of its own. Misses: text that is put together elsewhere (samples/10-holders).
 */
import type { Argument, Operand } from '../ir/ir.ts';

/** The text before the number ends in a call that takes it over, or closes it. */
const TAKES_OVER = /\b(open|fdopen|FileIO|close)\(\s*$/;

/** What `str.format` fills in one after the other. */
const FIELD = /\{(?::[^}]*)?\}/;

/** True where an argument is such a text, or where one is put together; `isHeld` tells the number. */
export function isOpenedInside(
  { callee, args }: { readonly callee: Operand; readonly args: readonly Argument[] },
  isHeld: (o: Operand) => boolean,
): boolean {
  if (callee.op === 'attr' && callee.name === 'format' && callee.of.op === 'const' && typeof callee.of.value === 'string') {
    const before = callee.of.value.split(FIELD);
    return args.some((a, at) => a.kind === 'positional' && TAKES_OVER.test(before[at] ?? '') && isHeld(a.value));
  }
  if (args.some((a) => a.value.op === 'const' && a.value.value === '-c')) return false;
  return args.some(
    ({ value }) =>
      value.op === 'format' &&
      value.parts.some((part, i) => {
        const before = value.parts[i - 1];
        return typeof part !== 'string' && typeof before === 'string' && TAKES_OVER.test(before) && isHeld(part);
      }),
  );
}
