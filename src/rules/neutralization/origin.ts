/**
 * Where does a text come from: from outside (environment, file, network, a mock), or from the test itself?
 *
 * Definitions are followed backwards inside the function, through attributes of the instance and through what project functions return.
 * Parameters and fixtures are the caller's business and clean; so are constants, what is built from them, and the contents of files that
 * the test writes itself or that lie at a place it was given. Misses: what goes through containers and other objects (samples/09-helpers).
 */
import type { Instr, IrFunction, Operand } from '../../ir/ir.ts';
import { forEachInstr } from '../../program/module.ts';
import { type Definition, factsOf, type Scope } from '../../program/scope.ts';
import { stepCounter } from '../../typestate/budgets.ts';
import type { CallInstr } from '../../typestate/calls.ts';
import type { Engine } from '../../typestate/engine.ts';
import { textOf } from '../../typestate/naming.ts';
import { definitionsOf, literalBehind, rolesOf } from '../boundaries.ts';

export interface Origin {
  /** "the environment", "a file", "the network", "a mock". */
  readonly what: string;
  readonly start: number;
  readonly scope: Scope;
  readonly text: string;
}

const MAX_DEPTH = 12; // Steps back from the use: people's tests have three or four.
const goesOn = stepCounter();

const WORDS: Readonly<Record<string, string>> = {
  'reads-environment': 'the environment',
  'reads-file': 'a file',
  'reads-network': 'the network',
  'makes-double': 'a mock',
};

/** Methods whose result holds (part of) the text they are called on. */
const KEEPS_TEXT =
  /^(strip|lstrip|rstrip|split|rsplit|splitlines|partition|rpartition|decode|encode|lower|upper|replace|format|format_map|read|readline|readlines|json|get|title|expandtabs|zfill|ljust|rjust|center|copy|pop|group|groups|items|values|keys|getvalue|removeprefix|removesuffix|makefile)$/;
/** Functions whose result holds text of their arguments. */
const PASSES =
  /^(str|bytes|bytearray|repr|format|list|tuple|sorted|reversed|iter|next|dict|set|json\.loads?|os\.path\.(join|abspath|normpath|expanduser|expandvars|realpath|dirname|basename)|os\.fspath|os\.fsdecode|os\.fsencode|string\.Template|textwrap\.dedent|base64\.\w+decode|pathlib\.Path|pathlib\.PurePath|io\.(StringIO|BytesIO|TextIOWrapper)|six\.\w+)$/;

/** The outside source that the operand holds text of; undefined where it is clean or nothing is known. */
export function originOf(operand: Operand, scope: Scope, engine: Engine, depth = 0): Origin | undefined {
  if (depth > MAX_DEPTH || !goesOn(depth, scope, engine)) return undefined;
  const of = (inner: Operand | null | undefined): Origin | undefined => (inner ? originOf(inner, scope, engine, depth + 1) : undefined);
  const any = (list: readonly (Operand | null)[]): Origin | undefined => {
    for (const inner of list) {
      const found = of(inner);
      if (found) return found;
    }
    return undefined;
  };
  switch (operand.op) {
    case 'attr':
      return environment(operand, scope, engine) ?? doubleAttribute(operand, scope, of) ?? instanceAttribute(operand, scope, engine, depth);
    case 'index':
      return isOwnVariable(operand, scope) ? undefined : of(operand.of);
    case 'star':
    case 'unary':
      return operand.op === 'unary' && operand.operator === 'not' ? undefined : of(operand.of);
    case 'binary':
      return any([operand.left, operand.right]);
    case 'boolean':
      return any(operand.items);
    case 'choice':
      return any([operand.then, operand.otherwise]);
    case 'tuple':
    case 'list':
    case 'set':
      return any(operand.items);
    case 'dict':
      return any(operand.entries.map((e) => e.value));
    case 'format':
      return any(operand.parts.flatMap((p) => (typeof p === 'string' ? [] : [p])));
    case 'temp': {
      const def = factsOf(scope.module, scope.fn).temps[operand.id];
      return def && fromDefinition(def, scope, engine, depth);
    }
    case 'name':
      return fromName(operand, scope, engine, depth);
    default:
      return undefined;
  }
}

function fromName(name: Extract<Operand, { op: 'name' }>, scope: Scope, engine: Engine, depth: number): Origin | undefined {
  const direct = environment(name, scope, engine);
  if (direct) return direct;
  const isGlobal = name.scope === 'global';
  const fn = scope.module.ir.functions[isGlobal ? 0 : name.owner] as IrFunction;
  const inside: Scope = isGlobal ? { ...scope, fn, cls: undefined, definedIn: undefined } : { ...scope, fn };
  for (const def of definitionsOf(name.name, scope.module, fn)) {
    // What is assigned after the use cannot have reached it; loops that carry a value round are left out.
    if (def.instr === null || (fn === scope.fn && def.instr.start > name.start)) continue;
    const found = fromDefinition(def, inside, engine, depth);
    if (found) return found;
  }
  return undefined;
}

function fromDefinition(def: Definition, scope: Scope, engine: Engine, depth: number): Origin | undefined {
  if (def.kind === 'value') return def.instr.op === 'define' ? undefined : originOf(def.value, scope, engine, depth + 1);
  const { instr } = def;
  switch (instr?.op) {
    case 'call':
      return fromCall(instr, scope, engine, depth);
    case 'await':
      return originOf(instr.value, scope, engine, depth + 1);
    case 'enter':
      return originOf(instr.manager, scope, engine, depth + 1);
    case 'next':
      return originOf(instr.iterable, scope, engine, depth + 1);
    case 'augment':
    case 'assign':
      return originOf(instr.value, scope, engine, depth + 1);
    default:
      return undefined;
  }
}

function fromCall(instr: CallInstr, scope: Scope, engine: Engine, depth: number): Origin | undefined {
  const roles = rolesOf(instr, scope, engine).map((r) => r.pattern.role);
  if (roles.includes('neutralizes')) return undefined;
  const source = roles.find((r) => WORDS[r] !== undefined);
  if (source === 'reads-file' && !isForeignFile(instr, scope, engine, depth)) return undefined;
  if (source !== undefined) return originAt(instr, scope, WORDS[source] as string);
  const { view, callee } = engine.calls.info(instr, scope);
  const args = (): Origin | undefined => {
    for (const a of instr.args) {
      const found = originOf(a.value, scope, engine, depth + 1);
      if (found) return found;
    }
    return undefined;
  };
  if (view.importPath !== undefined && PASSES.test(view.importPath)) return args();
  if (callee && callee.kind !== 'class') return fromReturns(engine.values.scopeOf(callee), engine, depth);
  if (instr.callee.op !== 'attr') return undefined;
  if (view.method === 'join' || view.method === 'format') return args() ?? originOf(instr.callee.of, scope, engine, depth + 1);
  if (KEEPS_TEXT.test(view.method)) return originOf(instr.callee.of, scope, engine, depth + 1);
  return originOf(instr.callee, scope, engine, depth + 1)?.what === 'a mock' ? originOf(instr.callee.of, scope, engine, depth + 1) : undefined;
}

function fromReturns(scope: Scope, engine: Engine, depth: number): Origin | undefined {
  if (scope.fn.isGenerator || scope.fn.kind === 'lambda') return undefined;
  let found: Origin | undefined;
  forEachInstr(scope.fn.body, (instr: Instr) => {
    // A helper that calls helpers: three levels are enough, and keep the search small.
    if (!found && instr.op === 'return' && instr.value) found = originOf(instr.value, scope, engine, depth + 4);
  });
  return found;
}

/** A file that the test neither writes nor was given: at a fixed place, or at one that comes from outside. */
function isForeignFile(instr: CallInstr, scope: Scope, engine: Engine, depth: number): boolean {
  const path = instr.args[0]?.value ?? (instr.callee.op === 'attr' ? instr.callee.of : undefined);
  if (!path) return false;
  const literal = literalBehind(path, scope, engine);
  if (typeof literal !== 'string') return originOf(path, scope, engine, depth + 1) !== undefined;
  const mode = literalBehind(instr.args[1]?.value, scope, engine);
  if (typeof mode === 'string' && /[wax]/.test(mode)) return false;
  let writes = false;
  for (const fn of scope.module.ir.functions) {
    forEachInstr(fn.body, (other) => {
      if (writes || other === instr || other.op !== 'call') return;
      const first = other.args[0]?.value;
      const inside: Scope = { ...scope, fn };
      if (first && literalBehind(first, inside, engine) === literal && rolesOf(other, inside, engine).some((r) => r.pattern.role === 'changes-path'))
        writes = true;
    });
  }
  return !writes;
}

function environment(operand: Operand, scope: Scope, engine: Engine): Origin | undefined {
  if ((operand.op === 'attr' || operand.op === 'name') && !/^environb?$/.test(operand.name)) return undefined;
  const path = engine.values.canonical(operand, scope);
  return path === 'os.environ' || path === 'os.environb' ? originAt(operand, scope, 'the environment') : undefined;
}

/** A place, such as a variable of the environment, that the file itself fills: what stands there is its own. */
function isOwnVariable(operand: Extract<Operand, { op: 'index' }>, scope: Scope): boolean {
  const { text } = scope.module;
  const written = text.slice(operand.start, operand.end);
  return new RegExp(`^[ \\t]*${written.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')} = `, 'm').test(text);
}

/** An attribute of something from outside; one that the test sets itself on its mock is its own. */
function doubleAttribute(operand: Extract<Operand, { op: 'attr' }>, scope: Scope, of: (o: Operand) => Origin | undefined): Origin | undefined {
  if (operand.of.op === 'name' && factsOf(scope.module, scope.fn).receiver?.name === operand.of.name) return undefined;
  const origin = of(operand.of);
  if (origin?.what !== 'a mock') return origin;
  const written = scope.module.text.slice(operand.start, operand.end).replace(/\s+/g, '');
  const text = scope.module.text;
  return text.includes(`${written} = `) || text.includes(`${written}.return_value`) || text.includes(`${written}.side_effect`) ? undefined : origin;
}

function instanceAttribute(operand: Extract<Operand, { op: 'attr' }>, scope: Scope, engine: Engine, depth: number): Origin | undefined {
  if (!scope.cls || operand.of.op !== 'name' || factsOf(scope.module, scope.fn).receiver?.name !== operand.of.name) return undefined;
  for (const { value, scope: there } of engine.values.assignedTo(scope.cls, operand.name)) {
    const found = originOf(value, there, engine, depth + 3);
    if (found) return found;
  }
  return undefined;
}

function originAt(at: { readonly start: number; readonly end: number }, scope: Scope, what: string): Origin {
  return { what, start: at.start, scope, text: textOf(scope.module, at) };
}

/** True for text that is put together: `a + b`, `"…" % a`, an f-string, `"…".format(a)`, `" ".join(list)`. */
export function isComposed(operand: Operand, scope: Scope, engine: Engine, depth = 0): boolean {
  if (depth > MAX_DEPTH || !goesOn(depth, scope, engine)) return false;
  switch (operand.op) {
    case 'format':
      return operand.parts.some((p) => typeof p !== 'string') && operand.parts.length > 1;
    case 'binary':
      return operand.operator === '+' || operand.operator === '%';
    case 'choice':
      return isComposed(operand.then, scope, engine, depth + 1) || isComposed(operand.otherwise, scope, engine, depth + 1);
    case 'temp': {
      const def = factsOf(scope.module, scope.fn).temps[operand.id];
      if (def?.kind === 'value') return isComposed(def.value, scope, engine, depth + 1);
      return def?.kind === 'result' && def.instr.op === 'call' && def.instr.callee.op === 'attr' && /^(format|join)$/.test(def.instr.callee.name);
    }
    case 'name': {
      const fn = scope.module.ir.functions[operand.scope === 'global' ? 0 : operand.owner];
      const defs = fn ? (factsOf(scope.module, fn).names.get(operand.name) ?? []) : [];
      return (
        fn !== undefined &&
        defs.some((d) => d.instr?.op === 'augment' || (d.kind === 'value' && isComposed(d.value, { ...scope, fn }, engine, depth + 1)))
      );
    }
    default:
      return false;
  }
}
