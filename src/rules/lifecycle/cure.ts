/**
 * What would cure a leak, in one line that fits where the code stands?
 *
 * The configuration says how a unittest method registers the release (`self.addCleanup({name}.close)`). A class method has `addClassCleanup`
 * instead, and a plain function has neither: there it is `with`, where the resource is its own manager, or `try` and `finally`.
 * Leaves out: whether the edit can be made by a machine; it is shown, not applied.
 */
import { factsOf } from '../../program/scope.ts';
import { textOf } from '../../typestate/naming.ts';
import type { ObligationReport } from '../../typestate/report.ts';
import type { RuleContext } from '../define.ts';

const REGISTERED = /^self\.add(?:Async)?Cleanup\(([^,()]+)(?:, (.+))?\)$/;
/** A longer call is not repeated in the cure: it would not fit on its line. */
const MAX_CALL = 60;

/** "after line 42, self.addCleanup(server.stop)"; '' where the configuration knows none. `name` is what the code calls the resource, or ''. */
export function cureOf(report: ObligationReport, name: string, context: RuleContext): string {
  const { kind } = report.site.tracked;
  const { scope, instr } = report.anchor;
  const cure = kind.cure.replaceAll('{name}', name || 'it');
  if (cure === '') return '';
  const line = context.position(scope.module, instr.end).line;
  const after = (what: string): string => `after line ${line}, ${what}`;
  const receiver = factsOf(scope.module, scope.fn).receiver;
  if (receiver?.isClass) return after(cure.replaceAll('self.addCleanup(', `${receiver.name}.addClassCleanup(`));
  const registered = cure.split('; ').map((part) => REGISTERED.exec(part));
  if (receiver || registered.includes(null)) return after(cure);
  const call = textOf(scope.module, instr);
  if (
    (kind.contextManager === 'sync' || kind.contextManager === 'both') &&
    report.site.chain.length === 1 &&
    call.length <= MAX_CALL &&
    !call.includes('\n')
  )
    return `on line ${line}, with ${call}${name === '' ? '' : ` as ${name}`}:`;
  // Cleanups run last in, first out.
  const calls = registered.reverse().map((part) => `${part?.[1]}(${part?.[2] ?? ''})`);
  return after(`try: … finally: ${calls.join('; ')}`);
}
