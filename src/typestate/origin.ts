/**
 * Does a value belong to the test, or did it come from what is tested?
 *
 * `own`: literals, the test's parameters, constants, the platform, and what is computed from these alone. `state`: what a call into something
 * else returned, and what is read from that. `unknown`: everything that cannot be told, and attributes of the test object. Rules about
 * state speak of `state` only. Also: may a collection be empty without anybody noticing?
 */
import type { Instr, Operand } from '../ir/ir.ts';
import { forEachInstr } from '../program/module.ts';
import { type Definition, factsOf, type Scope } from '../program/scope.ts';
import { calleeScope } from './assertions.ts';
import { stepCounter } from './budgets.ts';
import type { CallInstr } from './calls.ts';
import type { Engine } from './engine.ts';

export type Origin = 'own' | 'state' | 'unknown';

/** Definitions, members and calls followed for one value; longer chains are unknown. */
const MAX_DEPTH = 8;
const goesOn = stepCounter();
/** Functions of Python that answer about their arguments alone. */
const PURE = new Set([
  'len',
  'list',
  'tuple',
  'dict',
  'set',
  'frozenset',
  'sorted',
  'reversed',
  'str',
  'int',
  'float',
  'bool',
  'repr',
  'bytes',
  'min',
  'max',
  'sum',
  'any',
  'all',
  'abs',
  'round',
  'enumerate',
  'zip',
  'map',
  'filter',
  'iter',
  'next',
  'range',
  'getattr',
  'divmod',
  'ord',
  'chr',
  'hash',
]);
/** Questions about types and names, and about the machine: answers do not depend on what is tested. */
const ABOUT_KIND = /^(isinstance|issubclass|hasattr|callable|type|id|vars|dir|print|super|object)$/;
const ENVIRONMENT =
  /^(sys|warnings|os|platform|locale|sysconfig|site|importlib|shutil\.which|struct|socket\.has|test\.support|random|secrets|uuid|time|datetime|inspect|itertools|functools|operator|string|copy|logging|warnings|pytest|_pytest|unittest|mock|gc)\b/;
/** Questions about what the machine or the version can do, and chance. */
const CAPABILITY =
  /^_*(can|has|have|is|supports?|needs?|requires?|should|uses?)(_|[A-Z])|version|rand|choice|platform|feature|capabilit|locale|encoding/i;
/** Methods of texts and collections that say no more than their receiver and arguments. */
const PURE_METHODS =
  /^(items|keys|values|get|copy|startswith|endswith|split|rsplit|splitlines|strip|lstrip|rstrip|lower|upper|title|format|join|replace|count|index|find|rfind|isdigit|isalpha|encode|decode|pop|union|intersection|difference|isupper|islower|partition|rpartition|most_common)$/;

const join = (origins: readonly Origin[]): Origin => (origins.includes('state') ? 'state' : origins.includes('unknown') ? 'unknown' : 'own');

/** Where the operand's value comes from. `defsOf` answers which definitions of a local reach the place, where the caller knows. */
export function originOf(
  operand: Operand,
  scope: Scope,
  engine: Engine,
  defsOf?: (name: string) => readonly Definition[] | undefined,
  depth = 0,
): Origin {
  if (depth > MAX_DEPTH || !goesOn(depth, scope, engine)) return 'unknown';
  const of = (o: Operand): Origin => originOf(o, scope, engine, defsOf, depth + 1);
  switch (operand.op) {
    case 'const':
    case 'function':
      return 'own';
    case 'tuple':
    case 'list':
    case 'set':
      return join(operand.items.map(of));
    case 'dict':
      return join(operand.entries.map((e) => of(e.value)));
    case 'star':
    case 'unary':
      return of(operand.of);
    case 'binary':
      return join([of(operand.left), of(operand.right)]);
    case 'compare': {
      const sides = [operand.left, ...operand.rest.map((r) => r.value)];
      // Compared with a parameter of the test, it is the parameter that decides.
      return sides.some((o) => isParameterName(o, scope)) ? 'unknown' : join(sides.map(of));
    }
    case 'boolean':
      return join(operand.items.map(of));
    case 'choice':
      return join([of(operand.test), of(operand.then), of(operand.otherwise)]);
    case 'format':
      return join(operand.parts.flatMap((p) => (typeof p === 'string' ? [] : [of(p)])));
    case 'index':
      return of(operand.of);
    case 'attr': {
      const path = engine.path(operand, scope);
      if (path?.startsWith('@')) return 'unknown';
      return of(operand.of);
    }
    case 'temp': {
      const def = factsOf(scope.module, scope.fn).temps[operand.id];
      return def ? ofDefinition(def, scope, engine, defsOf, depth) : 'unknown';
    }
    case 'name': {
      if (operand.scope === 'global') return 'own';
      const fn = scope.module.ir.functions[operand.owner];
      if (!fn) return 'unknown';
      const facts = factsOf(scope.module, fn);
      if (facts.receiver?.name === operand.name) return 'unknown';
      const defs = (operand.scope === 'local' ? defsOf?.(operand.name) : undefined) ?? facts.names.get(operand.name) ?? [];
      if (defs.length === 0) return 'unknown';
      const origins = defs
        .filter((d) => !(d.kind === 'value' && d.value.op === 'const'))
        .map((d) => ofDefinition(d, { ...scope, fn }, engine, undefined, depth));
      // Several ways to a value: it is the test's own only where all are, and from outside only where none is its own.
      if (origins.includes('unknown') || (origins.includes('own') && origins.includes('state'))) return 'unknown';
      return join(origins);
    }
    default:
      return 'unknown';
  }
}

function ofDefinition(
  def: Definition,
  scope: Scope,
  engine: Engine,
  defsOf: ((name: string) => readonly Definition[] | undefined) | undefined,
  depth: number,
): Origin {
  if (def.kind === 'value') return originOf(def.value, scope, engine, defsOf, depth + 1);
  const { instr } = def;
  if (instr === null) return 'own'; // A parameter.
  switch (instr.op) {
    case 'call':
      return ofCall(instr, scope, engine, defsOf, depth);
    case 'await':
      return originOf(instr.value, scope, engine, defsOf, depth + 1);
    // What the test has put into a list of its own is its own choice, however it was made.
    case 'next':
      return isDisplay(instr.iterable, scope) ? 'unknown' : originOf(instr.iterable, scope, engine, defsOf, depth + 1);
    case 'assign':
      return originOf(instr.value, scope, engine, defsOf, depth + 1);
    case 'enter':
      return originOf(instr.manager, scope, engine, defsOf, depth + 1);
    default:
      return 'unknown';
  }
}

function ofCall(
  instr: CallInstr,
  scope: Scope,
  engine: Engine,
  defsOf: ((name: string) => readonly Definition[] | undefined) | undefined,
  depth: number,
): Origin {
  const info = engine.calls.info(instr, scope);
  const args = (): Origin => join(instr.args.map((a) => originOf(a.value, scope, engine, defsOf, depth + 1)));
  const path = info.view.importPath;
  const patterns = engine.patternsFor(scope);
  if (patterns.snapshots(info.view).length > 0 || patterns.waits(info.view).some((w) => w.pattern.returnsFresh)) return 'state';
  if (path !== undefined && info.value?.kind === 'external') {
    if (PURE.has(path)) return instr.args.some((a) => isParameterName(a.value, scope)) ? 'unknown' : args();
    if (path.startsWith('re.')) return args();
    if (ABOUT_KIND.test(path) || ENVIRONMENT.test(path)) return 'own';
  }
  if (CAPABILITY.test(info.view.method) || instr.args.some((a) => isParameterName(a.value, scope))) return 'unknown';
  const target = calleeScope(info, engine);
  if (target) return depth > MAX_DEPTH ? 'unknown' : ofReturned(target, engine, depth);
  if (info.callee?.kind === 'class') return 'unknown';
  if (instr.callee.op === 'attr') {
    const receiver = engine.path(instr.callee.of, scope) === '@' ? 'unknown' : originOf(instr.callee.of, scope, engine, defsOf, depth + 1);
    if (engine.path(instr.callee.of, scope) === '@') return 'unknown';
    if (PURE_METHODS.test(instr.callee.name)) return join([receiver, args()]);
    return 'state';
  }
  return path !== undefined && info.value?.kind === 'external' && path.includes('.') ? 'state' : 'unknown';
}

/** A parameter of the function, the instance aside. */
function isParameterName(operand: Operand, scope: Scope, depth = 0): boolean {
  if (operand.op !== 'name' || operand.scope === 'global' || depth > MAX_DEPTH) return false;
  const fn = scope.module.ir.functions[operand.owner];
  if (!fn || factsOf(scope.module, fn).receiver?.name === operand.name) return false;
  const defs = factsOf(scope.module, fn).names.get(operand.name);
  if (defs?.length !== 1) return false;
  if (fn.params.some((p) => p.name === operand.name)) return true;
  const def = defs[0]; // Another name for a parameter.
  return def?.kind === 'value' && isParameterName(def.value, { ...scope, fn }, depth + 1);
}

/** A display of the function, written in place or bound to a name once. */
function isDisplay(operand: Operand, scope: Scope): boolean {
  if (operand.op === 'list' || operand.op === 'tuple' || operand.op === 'set' || operand.op === 'dict') return true;
  if (operand.op !== 'name' || operand.scope === 'global') return false;
  const fn = scope.module.ir.functions[operand.owner];
  const defs = fn && factsOf(scope.module, fn).names.get(operand.name);
  const def = defs?.length === 1 ? defs[0] : undefined;
  return def?.kind === 'value' && /^(list|tuple|set|dict)$/.test(def.value.op);
}

/** What a helper of the test returns. */
function ofReturned(scope: Scope, engine: Engine, depth: number): Origin {
  if (scope.fn.isGenerator) return 'unknown';
  const out: Origin[] = [];
  forEachInstr(scope.fn.body, (i) => {
    if (i.op === 'return' && i.value !== null && i.value.op !== 'const') out.push(originOf(i.value, scope, engine, undefined, depth + 2));
  });
  if (out.length === 0 || out.includes('unknown')) return 'unknown';
  return join(out);
}

export type Emptiness = 'no' | 'maybe' | 'unknown';

/** Attributes that hold tables of the class, the same for every object. */
const TABLES = /^_*(fields|slots|columns|__\w+__)$/i;

/** May the iterable be empty although nobody said so? `maybe` only for what came from outside the test. */
export function mayBeEmpty(operand: Operand, scope: Scope, engine: Engine, depth = 0): Emptiness {
  if (depth > MAX_DEPTH) return 'unknown';
  switch (operand.op) {
    case 'const':
      return operand.value === '' ? 'unknown' : 'no';
    case 'tuple':
    case 'list':
    case 'set':
      return operand.items.length > 0 && operand.items.some((i) => i.op !== 'star')
        ? 'no'
        : operand.items.length > 0
          ? mayBeEmpty((operand.items[0] as Extract<Operand, { op: 'star' }>).of, scope, engine, depth + 1)
          : 'unknown';
    case 'dict':
      return operand.entries.length > 0 ? 'no' : 'unknown';
    case 'name': {
      if (operand.scope === 'global') return ofGlobal(operand.name, scope, engine, depth);
      const fn = scope.module.ir.functions[operand.owner];
      const defs = fn && factsOf(scope.module, fn).names.get(operand.name);
      if (!fn || defs?.length !== 1) return 'unknown';
      return ofDefinitionEmpty(defs[0] as Definition, { ...scope, fn }, engine, depth);
    }
    case 'temp': {
      const made = comprehensionSource(operand.id, scope);
      if (made) return mayBeEmpty(made, scope, engine, depth + 1);
      const def = factsOf(scope.module, scope.fn).temps[operand.id];
      return def ? ofDefinitionEmpty(def, scope, engine, depth) : 'unknown';
    }
    case 'attr': {
      if (TABLES.test(operand.name)) return 'unknown';
      const path = engine.path(operand, scope);
      if (path?.startsWith('@') && scope.cls) {
        const all = engine.values.assignedTo(scope.cls, operand.name);
        return all.length === 1 && all[0] ? mayBeEmpty(all[0].value, all[0].scope, engine, depth + 2) : 'unknown';
      }
      return originOf(operand, scope, engine) === 'state' && !isMadeFrom(operand.of, scope) ? 'maybe' : 'unknown';
    }
    case 'index':
      // A slice of what the test has written out: how much of it is the test's own matter.
      if (operand.key.op === 'slice' && mayBeEmpty(operand.of, scope, engine, depth + 1) === 'no') return 'unknown';
      return originOf(operand, scope, engine) === 'state' ? 'maybe' : 'unknown';
    default:
      return 'unknown';
  }
}

function ofGlobal(name: string, scope: Scope, engine: Engine, depth: number): Emptiness {
  const fn = scope.module.ir.functions[0] as Scope['fn'];
  const defs = factsOf(scope.module, fn).names.get(name);
  const def = defs?.length === 1 ? defs[0] : undefined;
  return def?.kind === 'value' && def.value.op !== 'function'
    ? mayBeEmpty(def.value, { module: scope.module, fn, cls: undefined, definedIn: undefined }, engine, depth + 2)
    : 'unknown';
}

function ofDefinitionEmpty(def: Definition, scope: Scope, engine: Engine, depth: number): Emptiness {
  if (def.kind === 'value') return mayBeEmpty(def.value, scope, engine, depth + 1);
  const { instr } = def;
  if (instr?.op === 'await') return mayBeEmpty(instr.value, scope, engine, depth + 1);
  if (instr?.op === 'call') return callMayBeEmpty(instr, scope, engine, depth);
  return 'unknown';
}

function callMayBeEmpty(instr: CallInstr, scope: Scope, engine: Engine, depth: number): Emptiness {
  const info = engine.calls.info(instr, scope);
  const path = info.value?.kind === 'external' ? info.view.importPath : undefined;
  const first = instr.args[0]?.value;
  if (path === 'range') {
    const bound = instr.args[instr.args.length > 1 ? 1 : 0]?.value;
    return bound?.op === 'const' && typeof bound.value === 'number' && bound.value > 0 ? 'no' : 'unknown';
  }
  if (path !== undefined && /^(enumerate|sorted|reversed|list|tuple|set|iter|frozenset)$/.test(path))
    return first ? mayBeEmpty(first, scope, engine, depth + 1) : 'unknown';
  if (path === 'zip')
    return instr.args
      .map((a) => mayBeEmpty(a.value, scope, engine, depth + 1))
      .reduce<Emptiness>((a, b) => (a === 'maybe' || b === 'maybe' ? 'maybe' : a === 'no' && b === 'no' ? 'no' : 'unknown'), 'no');
  if (instr.callee.op === 'attr' && /^(items|keys|values|copy)$/.test(instr.callee.name) && instr.args.length === 0) {
    const of = mayBeEmpty(instr.callee.of, scope, engine, depth + 1);
    if (of !== 'unknown') return of;
    if (instr.callee.of.op === 'attr' && isMadeFrom(instr.callee.of.of, scope)) return 'unknown';
  }
  if (path === 'divmod' || (instr.callee.op === 'attr' && /^r?split$|^r?partition$/.test(instr.callee.name))) return 'no';
  if (path !== undefined && /^(itertools|functools|random|string)\b/.test(path)) return 'unknown';
  const target = calleeScope(info, engine);
  if (target) return returnedMayBeEmpty(target, engine, depth);
  if (makesFrom(instr)) return 'unknown';
  return ofCall(instr, scope, engine, undefined, depth) === 'state' ? 'maybe' : 'unknown';
}

/** `Frame(rows)`: the object holds what the test gave it. Told by the class's name; one that is made from nothing finds its contents itself. */
function makesFrom(instr: CallInstr): boolean {
  const { callee } = instr;
  return (callee.op === 'name' || callee.op === 'attr') && /^[A-Z]\w*[a-z]/.test(callee.name) && instr.args.length > 0;
}

/** A local that holds such an object and nothing else. */
function isMadeFrom(operand: Operand, scope: Scope): boolean {
  if (operand.op !== 'name' || operand.scope === 'global') return false;
  const fn = scope.module.ir.functions[operand.owner];
  const defs = fn && factsOf(scope.module, fn).names.get(operand.name);
  const def = defs?.length === 1 ? defs[0] : undefined;
  if (!fn || def?.kind !== 'value') return def?.instr?.op === 'call' && makesFrom(def.instr);
  const made = def.value.op === 'temp' ? factsOf(scope.module, fn).temps[def.value.id]?.instr : undefined;
  return made?.op === 'call' && makesFrom(made);
}

function returnedMayBeEmpty(scope: Scope, engine: Engine, depth: number): Emptiness {
  if (scope.fn.isGenerator || depth > MAX_DEPTH) return 'unknown';
  const out: Emptiness[] = [];
  forEachInstr(scope.fn.body, (i) => {
    if (i.op === 'return' && i.value !== null) out.push(mayBeEmpty(i.value, scope, engine, depth + 2));
  });
  return out.length === 0 || out.includes('unknown') ? 'unknown' : out.includes('maybe') ? 'maybe' : 'no';
}

/** What a comprehension walks over, if the temporary is one; its filter can make it empty, which is the test's own doing. */
export function comprehensionSource(temp: number, scope: Scope): Operand | undefined {
  let source: Operand | undefined;
  let next: Extract<Instr, { op: 'next' }> | undefined;
  forEachInstr(scope.fn.body, (i) => {
    if (i.op === 'next') next = i;
    else if (i.op === 'collect' && i.into === temp && !source) source = next?.iterable;
  });
  return source;
}
