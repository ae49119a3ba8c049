/**
 * What would cure a leak, in one line that fits where the code stands?
 *
 * The configuration says how a unittest method registers the release (`self.addCleanup({name}.close)`). A class method has `addClassCleanup`
 * instead, and a plain function, or a method of a class that is no such case, has neither: there it is `with`, where the resource is its
 * own manager, or `try` and `finally`. What has no name can only be entered; where that is not possible either, nothing is said.
 * Leaves out: whether the edit can be made by a machine; it is shown, not applied.
 */
import type { ResourceKind } from '../../config/model.ts';
import type { ClassUnit } from '../../program/classes.ts';
import { factsOf } from '../../program/scope.ts';
import { frameworkOf } from '../../suite/discover.ts';
import { heldFrom, partOf, textOf } from '../../typestate/naming.ts';
import type { ObligationReport } from '../../typestate/report.ts';
import type { RuleContext } from '../define.ts';

const REGISTERED = /^self\.add(?:Async)?Cleanup\(([^,()]+)(?:, (.+))?\)$/;
/** A longer call is not repeated in the cure: it would not fit on its line. */
const MAX_CALL = 60;

/** "after line 42, self.addCleanup(server.stop)"; '' where the configuration knows none. `name` is what the code calls the resource, or ''. */
export function cureOf(report: ObligationReport, name: string, context: RuleContext): string {
  const { kind } = report.site.tracked;
  const { scope, instr } = report.anchor;
  const isNameless = name === '' && kind.cure.includes('{name}');
  const cure = kind.cure.replaceAll('{name}', name);
  if (cure === '') return '';
  const held = heldFrom(report.site);
  const line = context.position(scope.module, (report.site.scope.module === scope.module && held ? held : instr).end).line;
  const call = textOf(scope.module, instr);
  const after = (what: string): string => `after line ${line}, ${what}`;
  const receiver = factsOf(scope.module, scope.fn).receiver;
  const hasCleanups = scope.cls !== undefined && hasCleanupsOf(scope.cls, context);
  if (isNameless) return isEntered(report, kind, call) ? `on line ${line}, with ${call}:` : '';
  if (receiver?.isClass && hasCleanups) return after(cure.replaceAll('self.addCleanup(', `${receiver.name}.addClassCleanup(`));
  const registered = cure.split('; ').map((part) => REGISTERED.exec(part));
  if ((receiver && hasCleanups) || registered.includes(null)) return after(cure);
  if (!name.includes('.') && isEntered(report, kind, call)) return `on line ${line}, with ${call}${name === '' ? '' : ` as ${name}`}:`;
  // Cleanups run last in, first out.
  const calls = registered.reverse().map((part) => `${part?.[1]}(${part?.[2] ?? ''})`);
  return after(`try: … finally: ${calls.join('; ')}`);
}

/** `with call as name:` can stand there: the call returns what is its own manager, and no tuple of which it is a part. */
function isEntered({ site }: ObligationReport, { contextManager }: ResourceKind, call: string): boolean {
  const isManager = contextManager === 'sync' || contextManager === 'both';
  return isManager && site.chain.length === 1 && partOf(site) === undefined && call.length <= MAX_CALL && !call.includes('\n');
}

/** A case of a framework, or a class of whose bases too little is known. */
function hasCleanupsOf(cls: ClassUnit, { engine }: RuleContext): boolean {
  return cls.externalBases.length > 0 || cls.hasUnknownBase || frameworkOf(cls, engine.options.frameworks) !== undefined;
}
