/**
 * Why does no pattern acquire anything on a line? How patterns see each call there, and which of them have its name and do not hold.
 *
 * Only the names and conditions of single patterns are tried again; that a more exact kind wins elsewhere is not said here.
 */
import type { CallView } from '../config/call-view.ts';
import { compileGlob, mayEndWith } from '../config/globs.ts';
import type { Configuration } from '../config/load.ts';
import type { AcquirePattern, CallPattern } from '../config/model.ts';
import { indexPatterns } from '../config/pattern-index.ts';
import { CallSite } from '../program/call-site.ts';
import { forEachInstr, type ModuleUnit } from '../program/module.ts';
import type { Scope } from '../program/scope.ts';
import type { ConfigurationLines } from './configuration-lines.ts';
import { patternWords } from './responsible.ts';
import type { Session } from './session.ts';

/** Patterns named for one call: a common method name is in many packs. */
const MAX_PATTERNS = 5;

/** One line for each call on the line, and one for each pattern that has its name. */
export function nearMisses(
  session: Session,
  configuration: Configuration,
  lines: ConfigurationLines,
  module: ModuleUnit,
  isHere: (scope: Scope, offset: number) => boolean,
): readonly string[] {
  const patterns = session.patternsOf(module);
  const out: string[] = [];
  for (const fn of module.ir.functions) {
    const parent = fn.parent === null ? undefined : module.ir.functions[fn.parent];
    const cls = parent?.kind === 'class' ? session.values.classes.get(module, parent.index) : undefined;
    const scope: Scope = { module, fn, cls, definedIn: cls };
    forEachInstr(fn.body, (instr) => {
      if (instr.op !== 'call' || !isHere(scope, instr.start)) return;
      const view = new CallSite({ callee: instr.callee, args: instr.args, at: instr }, scope, session.values, patterns);
      if (view.method === '') return;
      const types = view.receiverTypes();
      out.push(
        `${view.expression()}() is ${view.importPath === undefined ? 'no imported name' : `the call ${view.importPath}`}${view.hasReceiver ? `, the method .${view.method}` : ''}${types.length > 0 ? `, on ${types.join(' and ')}` : ''}`,
      );
      const near = configuration.packs
        .flatMap((pack) => pack.resources.flatMap((kind) => kind.acquire.map((pattern) => ({ pack, kind, pattern }))))
        .flatMap(({ pack, kind, pattern }) => {
          const miss = hasName(pattern, view.method) ? missOf(pattern, view, patterns.packs.includes(pack) ? undefined : pack.id) : undefined;
          // Of a shipped pack, another name is no news.
          if (!miss || (miss.distance === FAR && !configuration.own.some((own) => own.pack === pack))) return [];
          return [{ ...miss, text: `  ${kind.kind}, ${patternWords(pattern)} (${lines.ofPattern(pattern) ?? pack.source}): ${miss.why}` }];
        })
        .sort((x, y) => x.distance - y.distance)
        .map(({ text }) => text);
      out.push(...near.slice(0, MAX_PATTERNS), ...(near.length > MAX_PATTERNS ? [`  and ${near.length - MAX_PATTERNS} more`] : []));
    });
  }
  return out;
}

function hasName(pattern: AcquirePattern, method: string): boolean {
  const glob = pattern.call ?? pattern.expression ?? pattern.method;
  // A pattern for any name at all says nothing about this one.
  return glob !== undefined && !/(^|\.)(\*+|\{\w+\})$/.test(glob) && mayEndWith(compileGlob(glob), method);
}

interface Miss {
  readonly why: string;
  /** How much would have to be otherwise. */
  readonly distance: number;
}
const FAR = 2;

/** What does not hold; undefined where everything does. `off` is the pack, where it is not on for the file. */
function missOf(pattern: AcquirePattern, view: CallView, off: string | undefined): Miss | undefined {
  const holds = (part: Partial<CallPattern>): boolean =>
    indexPatterns<CallPattern>([{ when: [], unlessInside: [], except: [], inClasses: [], ...names(pattern), ...part }]).find(view).length > 0;
  const miss = (why: string, distance = 1): Miss => ({ why, distance });
  if (!holds({})) return miss('its name is another one as a whole', FAR);
  if (pattern.on !== undefined && !holds({ on: pattern.on })) return miss(`the receiver is no \`${pattern.on}\``);
  if (!holds({ when: pattern.when })) return miss('its `when` does not hold for the arguments');
  if (!holds({ inClasses: pattern.inClasses })) return miss('the class has none of the bases of `in-classes`');
  if (!holds({ unlessInside: pattern.unlessInside })) return miss('`unless-inside` holds');
  if (!holds({ except: pattern.except })) return miss('the captured word is one of `except`');
  if (pattern.command !== undefined && !holds({ command: pattern.command })) return miss('the command line begins otherwise');
  return off === undefined ? undefined : miss(`pack ${off} is off in this file: nothing that it applies to is imported`, 0);
}

function names({ call, method, expression }: CallPattern): Partial<CallPattern> {
  return { ...(call !== undefined && { call }), ...(method !== undefined && { method }), ...(expression !== undefined && { expression }) };
}
