/**
 * What do people call the resource of a site?
 *
 * The name or attribute it is assigned to, as written in the source, for messages and cures; '' where it is never bound. Nothing is
 * concluded from it.
 */
import type { Instr, Operand, Target } from '../ir/ir.ts';
import { argumentOf } from '../program/call-site.ts';
import { forEachInstr, type ModuleUnit } from '../program/module.ts';
import { below, FOLDER, OWNED, type Path, RUNS } from './path.ts';
import { isStateKind } from './process-state.ts';
import type { Site } from './sites.ts';
import { STARTED } from './state.ts';

const MAX_TEXT = 60; // Longer expressions do not help in a message.

/** The source text of an operand on one line, shortened. */
export function textOf(module: ModuleUnit, operand: { readonly start: number; readonly end: number }): string {
  const text = module.text.slice(operand.start, operand.end).replace(/\s+/g, ' ');
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text;
}

/** `server`, `self.sock`, `a` of `a, b = pair()`; '' where it is never bound. */
export function nameOf(site: Site): string {
  return fromCoroutine(site)?.name ?? boundName(site);
}

/** The instruction after which the name holds the resource: the call itself, or what awaits the coroutine that it made. */
export const heldFrom = (site: Site): Instr | undefined => fromCoroutine(site)?.at;

/**
 * `coro = loop.create_connection(…)` and then `transport, _ = loop.run_until_complete(coro)`: the resource is what awaiting gave, `transport`.
 * Undefined where the call is awaited on the spot or its result no coroutine; without a name where the coroutine is handed to a helper.
 */
function fromCoroutine(site: Site): { readonly name: string; readonly at: Instr } | undefined {
  const { scope, instr, match, after } = site;
  const isCoroutine = match.pattern.startedBy.length === 0 && after.length > 0 && after.every((s) => (s.phase & STARTED) === 0);
  if (!isCoroutine || instr.op !== 'call') return undefined;
  let held = ''; // The name of the coroutine.
  let at: Instr | undefined; // What has run it.
  let result = -1;
  let name: string | undefined;
  let isBehind = false; // The call of the site has been passed.
  const isHeld = (o: Operand): boolean => (o.op === 'name' && o.name === held) || (o.op === 'temp' && o.id === result);
  forEachInstr(scope.fn.body, (i) => {
    if (i === instr) isBehind = true;
    else if (!isBehind || name !== undefined) return;
    else if (held === '') {
      if (i.op === 'assign' && i.target.op === 'name' && i.value.op === 'temp' && i.value.id === instr.result) held = i.target.name;
      else if (at === undefined && i.op === 'call' && i.args.some((a) => a.value.op === 'temp' && a.value.id === instr.result)) {
        at = i;
        result = i.result;
        held = '%'; // No name of its own: what runs it is given it where it is made.
      }
    } else if ((i.op === 'await' && isHeld(i.value)) || (i.op === 'call' && i.args.some((a) => isHeld(a.value)))) {
      at = i;
      result = i.result;
    } else if (i.op === 'assign' && at && i.target.op !== 'temp' && holdsTemp(i.value, result)) {
      const part = i.value.op === 'temp' ? partOf(site) : undefined;
      name = part === undefined ? targetText(scope.module, i.target, site.handle) : partText(scope.module, i.target, part);
    } else if (i.op === 'assign' && i.target.op === 'name' && i.target.name === held) name = '';
  });
  return at && { name: name ?? '', at };
}

/** `os.environ["HOME"]` of `old = os.environ.pop("HOME", None)`, `signal.SIGALRM` of its handler; '' where all of the state is changed. */
function partOfState({ after }: Site): string {
  const parts = /^g:process:[\w-]+\["([^"]+)"\](\["[^"]+"\])?$/.exec(after[0]?.holders[0] ?? '');
  return parts ? `${parts[1]}${parts[2] ?? ''}` : '';
}

function boundName(site: Site): string {
  const { scope, instr } = site;
  let found = '';
  if (instr.op !== 'call') {
    if (instr.op !== 'assign' && instr.op !== 'augment') return '';
    // Of `sys.stdout, sys.stderr = …` the one that is followed.
    const part = instr.target.op === 'targets' ? /\["([^"]+)"\]/.exec(site.after[0]?.holders[0] ?? '')?.[1] : undefined;
    return part ?? textOf(scope.module, instr.target);
  }
  if (isStateKind(site.tracked.kind)) return partOfState(site);
  const told = nameTold(site);
  if (told !== undefined) return told;
  let temp = instr.result;
  const elsewhere = keptElsewhere(site, `${scope.fn.index}%${instr.result}`);
  if (elsewhere !== undefined) return elsewhere;
  forEachInstr(scope.fn.body, (i) => {
    if (found !== '') return;
    if (i.op === 'await' && i.value.op === 'temp' && i.value.id === temp) temp = i.result;
    else if (i.op === 'enter' && i.manager.op === 'temp' && i.manager.id === temp) {
      if (i.target) found = `${targetText(scope.module, i.target, site.handle)}${i.target.op === 'name' ? heldUnder(site) : ''}`;
      temp = i.result;
    } else if (i.op === 'assign' && i.target.op !== 'temp' && holdsTemp(i.value, temp)) {
      if (picksAnother(i.value, site) || takesOther(i.value, site, temp)) return;
      // Before it is awaited the result is a coroutine, of which there are no parts.
      const part = i.value.op === 'temp' && (temp === instr.result) !== site.match.pattern.awaited ? partOf(site) : undefined;
      found = part === undefined ? targetText(scope.module, i.target, site.handle) : partText(scope.module, i.target, part);
      if (i.target.op === 'name' && i.value.op === 'temp') found += heldUnder(site);
    }
  });
  return found;
}

/**
 * `.executor` where `Object()` keeps the resource as an attribute of what it makes, and `.name` of a file whose name is followed; '' where the
 * result is the resource, or an object whose class has the method that releases it.
 */
function heldUnder({ scope, instr, after, chain, tracked }: Site): string {
  if (instr.op !== 'call' || after.length === 0) return '';
  const inner = after.flatMap((s) => s.holders).map((h) => below(`${scope.fn.index}%${instr.result}`, h));
  const first = inner.find((m): m is string => m !== undefined && /^(\.[A-Za-z_]\w*)+$/.test(m));
  if (first === undefined || inner.includes('')) return '';
  const release = /\{name\}\.(\w+)/.exec(tracked.kind.cure)?.[1];
  const cls = chain.length > 1 ? chain[chain.length - 1]?.scope.cls : undefined;
  if (release !== undefined && cls?.mro.some((c) => c.members.has(release))) return '';
  // A private name is another outside of its class.
  return cls ? first.replace(/^\.(__\w*[^_])_?$/, (name) => `._${cls.body.name.replace(/^_+/, '')}${name.slice(1)}`) : first;
}

/** Which item of the tuple that the call returns is the resource: 1 of `mkstemp()` for the path; undefined where it is no tuple. */
export function partOf({ scope, instr, after }: Site): number | undefined {
  if (instr.op !== 'call') return undefined;
  const inner = (after[0]?.holders ?? []).flatMap((h) => below(`${scope.fn.index}%${instr.result}`, h) ?? []);
  const part = inner.map((m) => /^\[(\d+)\]$/.exec(m)?.[1]).find((m) => m !== undefined);
  return part === undefined || inner.includes('') ? undefined : Number(part);
}

/** `path = mkstemp()[1]` names the path, not the descriptor beside it. */
function picksAnother(value: Operand, site: Site): boolean {
  if (value.op !== 'index' || value.of.op !== 'temp' || value.key.op !== 'const') return false;
  const part = partOf(site);
  return part !== undefined && value.key.value !== part;
}

/** `sha = Repo(path).head.commit.hexsha`: an attribute that is not what is followed. */
function takesOther(value: Operand, { scope, after }: Site, temp: number): boolean {
  if (value.op !== 'attr' || after.length === 0) return false;
  const path: string[] = [];
  let of: Operand = value;
  while (of.op === 'attr') {
    path.unshift(`.${of.name}`);
    of = of.of;
  }
  if (of.op !== 'temp' || of.id !== temp) return false;
  const place = `${scope.fn.index}%${temp}${path.join('')}`;
  return !after.some((s) => s.holders.some((h) => below(place, h) !== undefined));
}

/** `path` of `fd, path = mkstemp()`, and `made[1]` of `made = mkstemp()`. */
function partText(module: ModuleUnit, target: Target, part: number): string {
  return target.op === 'targets' ? targetText(module, target, part) : `${textOf(module, target)}[${part}]`;
}

/** `bucket` of `client.create_bucket(bucket)`, where the argument is the thing's name, and the answer is none of it. */
function nameTold({ scope, instr, match, handle, chain }: Site): string | undefined {
  const told = match.pattern.handles[handle]?.position;
  if (instr.op !== 'call' || chain.length > 1 || told?.at !== 'argument') return undefined;
  const operand = argumentOf(instr.args, told.index, told.name);
  return operand?.op === 'name' || operand?.op === 'attr' ? textOf(scope.module, operand) : undefined;
}

/** What a helper keeps on an object has that place for a name, not what the call returns; undefined where the result holds it. */
function keptElsewhere(site: Site, result: Path): string | undefined {
  if (site.chain.length < 2 || site.after.length === 0 || site.after.some((s) => s.holders.some((h) => below(result, h) !== undefined)))
    return undefined;
  const place = site.after[0]?.holders.find((h) => !h.endsWith(OWNED) && !h.endsWith(RUNS) && !h.includes(FOLDER)) ?? '';
  if (place.startsWith('@.')) return `self${place.slice(1)}`;
  const made = /^\d+%(\d+)([\w.]*)$/.exec(place);
  if (!made) return /^\d+:([\w.]+)$/.exec(place)?.[1] ?? '';
  let owner = '';
  forEachInstr(site.scope.fn.body, (i) => {
    if (owner === '' && i.op === 'assign' && i.target.op === 'name' && i.value.op === 'temp' && i.value.id === Number(made[1])) owner = i.target.name;
  });
  return owner === '' ? '' : `${owner}${made[2]}`;
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
