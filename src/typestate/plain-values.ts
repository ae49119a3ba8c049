/**
 * Is this a call of a method of a string or dictionary that raises on nothing it can be given?
 *
 * `", ".join(names)`, `path.replace("/", ":")`: the receiver is evidently a string (a literal, a format, what such a method gave), or the
 * arguments say that it is one. `index`, `decode` and `encode` with a codec do raise. `options.get("mode")`: it is what `**options` gathers,
 * or a dictionary written out.
 */
import type { Argument, Instr, Operand } from '../ir/ir.ts';
import { callBehind } from '../program/call-site.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import type { Values } from '../program/values.ts';

type CallInstr = Extract<Instr, { op: 'call' }>;

/** Methods that give a string, or bytes. */
const GIVES_STRING =
  /^(join|replace|strip|lstrip|rstrip|format|lower|upper|title|capitalize|casefold|swapcase|zfill|ljust|rjust|center|expandtabs|removeprefix|removesuffix|translate|encode)$/;
/** Methods that give something else. */
const GIVES_OTHER =
  /^(split|rsplit|partition|rpartition|splitlines|startswith|endswith|find|rfind|count|is(digit|alpha|alnum|space|upper|lower|title|numeric|identifier))$/;
/** Methods whose name and literal arguments are those of strings alone. */
const SAYS_STRING = /^(replace|split|rsplit|partition|rpartition|removeprefix|removesuffix)$/;
/** Methods of dictionaries that need no key to be there. */
const ON_DICTIONARIES = /^(get|update|copy|clear)$/;
/** What makes a string of anything. */
const MAKES_STRING = /^(str|repr|ascii|textwrap\.(dedent|indent)|os\.path\.(join|basename|dirname|abspath)|time\.strftime)$/;
/** Encodings that take every character. */
const COMPLETE = /^utf[-_]?(8|16|32)$/i;
/** What makes bytes of ASCII letters of anything. */
const MAKES_ASCII = /^(base64\.\w+encode|binascii\.(hexlify|b2a_\w+))$/;
const READS_ASCII = /^(ascii|us-ascii|latin[-_]?1|utf[-_]?8)$/i;
/** Letters of ASCII, and the escapes that stand for some. */
const PLAIN_TEXT = /^(?:[^\\\u0080-\uffff]|\\[nrtabfv0\\'"\n])*$/;
const MAX_COPIES = 4; // Names for names, methods of what methods gave.

/** A literal, or a display of literals and names: `Request("http://x", headers={"A": "1"})`. */
export function isWrittenOut(value: Operand): boolean {
  switch (value.op) {
    case 'const':
      return true;
    case 'list':
    case 'tuple':
    case 'set':
      return value.items.every((i) => i.op === 'name' || isWrittenOut(i));
    case 'dict':
      return value.entries.every((e) => e.key !== null && isWrittenOut(e.key) && isWrittenOut(e.value));
    default:
      return false;
  }
}

export function isSafeOnPlainValue(instr: CallInstr, scope: Scope, values: Values): boolean {
  const { callee, args } = instr;
  if (callee.op === 'attr' && (ON_DICTIONARIES.test(callee.name) || (callee.name === 'pop' && args.length > 1)))
    return (
      isDictionary(callee.of, scope) ||
      (callee.name === 'get' && args[0] !== undefined && isLiteral(args[0].value) && isDecoded(callee.of, scope, values))
    );
  return isSafeOnString(instr, scope, values);
}

/** What `**options` gathers, a dictionary written out, or made by `dict()`. */
function isDictionary(operand: Operand, scope: Scope): boolean {
  if (operand.op === 'dict') return true;
  if (operand.op !== 'name' || operand.scope !== 'local') return false;
  const param = scope.fn.params.find((p) => p.name === operand.name);
  const defs = factsOf(scope.module, scope.fn).names.get(operand.name) ?? [];
  if (param) return param.kind === 'double-star' && defs.length === 1;
  const [def] = defs;
  if (defs.length !== 1 || def?.kind !== 'value') return false;
  const call = callBehind(def.value, scope);
  return def.value.op === 'dict' || (call?.callee.op === 'name' && call.callee.name === 'dict');
}

/** What was decoded from JSON, or is a part with a text for its key (`answer["role"]`): whoever asks it for a key knows it for a dictionary. */
function isDecoded(operand: Operand, scope: Scope, values: Values): boolean {
  const defs = operand.op === 'name' && operand.scope === 'local' ? (factsOf(scope.module, scope.fn).names.get(operand.name) ?? []) : [];
  return (
    defs.length > 0 &&
    defs.every((def) => {
      if (def.kind === 'value' && def.value.op === 'index' && def.value.key.op === 'const' && typeof def.value.key.value === 'string') return true;
      const call = def.kind === 'value' ? callBehind(def.value, scope) : undefined;
      return call !== undefined && values.canonical(call.callee, scope) === 'json.loads';
    })
  );
}

/** `b64encode(secret).decode("ascii")`. */
function readsAscii(of: Operand, [codec]: readonly Argument[], scope: Scope, values: Values): boolean {
  const call = callBehind(of, scope);
  const path = call && values.canonical(call.callee, scope);
  if (path === undefined || !MAKES_ASCII.test(path)) return false;
  return codec === undefined || (codec.value.op === 'const' && typeof codec.value.value === 'string' && READS_ASCII.test(codec.value.value));
}

function isSafeOnString(instr: CallInstr, scope: Scope, values: Values): boolean {
  const { callee, args } = instr;
  if (callee.op === 'attr' && callee.name === 'decode') return readsAscii(callee.of, args, scope, values);
  if (callee.op !== 'attr' || !(GIVES_STRING.test(callee.name) || GIVES_OTHER.test(callee.name))) return false;
  if (callee.name === 'encode' && !takesAll(args)) return args.length > 0 && isPlainText(callee.of, scope, values, 0);
  if (isString(callee.of, scope, values, 0)) return true;
  const owner = values.of(callee.of, scope);
  if (owner !== undefined && owner.kind !== 'external') return false; // A class of the project has a method of that name.
  if (values.canonical(callee, scope) !== undefined && owner?.kind === 'external' && !owner.called && isImported(callee.of, scope)) return false;
  if (callee.name === 'encode') return args.length === 0;
  return SAYS_STRING.test(callee.name) && args.length > 0 && args.some((a) => isLiteral(a.value));
}

/** `shlex.split(…)`: the receiver is a module, or something that is imported. */
function isImported(operand: Operand, scope: Scope): boolean {
  let base = operand;
  while (base.op === 'attr') base = base.of;
  return base.op === 'name' && scope.module.imports.has(base.name);
}

/** Without a codec it is UTF-8. */
function takesAll(args: readonly Argument[]): boolean {
  const [codec] = args;
  return codec === undefined || (codec.value.op === 'const' && typeof codec.value.value === 'string' && COMPLETE.test(codec.value.value));
}

/** Text that is written out and has no letter that a codec might lack: `"GET /".encode("ascii")`, `ascii(text).encode("latin-1")`. */
function isPlainText(operand: Operand, scope: Scope, values: Values, depth: number): boolean {
  if (depth > MAX_COPIES) return false;
  if (operand.op === 'const') return typeof operand.value === 'string' && PLAIN_TEXT.test(operand.value);
  const call = callBehind(operand, scope);
  if (call) {
    const path = values.canonical(call.callee, scope);
    if (path === 'ascii') return true;
    if (path === 'textwrap.dedent') return call.args[0] !== undefined && isPlainText(call.args[0].value, scope, values, depth + 1);
    return call.callee.op === 'attr' && /^(l|r)?strip$/.test(call.callee.name) && isPlainText(call.callee.of, scope, values, depth + 1);
  }
  if (operand.op !== 'name' || operand.scope !== 'local') return false;
  const defs = factsOf(scope.module, scope.fn).names.get(operand.name);
  const [def] = defs ?? [];
  return defs?.length === 1 && def?.kind === 'value' && isPlainText(def.value, scope, values, depth + 1);
}

const isLiteral = (o: Operand): boolean => o.op === 'format' || (o.op === 'const' && (o.kind === 'string' || o.kind === 'bytes'));

function isString(operand: Operand, scope: Scope, values: Values, depth: number): boolean {
  if (depth > MAX_COPIES) return false;
  if (isLiteral(operand)) return true;
  if (operand.op === 'binary') {
    const left = isString(operand.left, scope, values, depth + 1);
    return left || (operand.operator === '+' && isString(operand.right, scope, values, depth + 1));
  }
  const call = callBehind(operand, scope);
  if (call) {
    const path = values.canonical(call.callee, scope);
    if (path !== undefined && MAKES_STRING.test(path)) return true;
    return call.callee.op === 'attr' && GIVES_STRING.test(call.callee.name) && isString(call.callee.of, scope, values, depth + 1);
  }
  if (operand.op !== 'name') return false;
  if (operand.scope === 'global') return isGlobalString(operand.name, scope, values, depth);
  if (operand.scope !== 'local') return false;
  const param = scope.fn.params.find((p) => p.name === operand.name);
  if (param) return param.annotation?.op === 'name' && param.annotation.name === 'str';
  const defs = factsOf(scope.module, scope.fn).names.get(operand.name);
  const [def] = defs ?? [];
  return defs?.length === 1 && def?.kind === 'value' && isString(def.value, scope, values, depth + 1);
}

/** `TEXT = "…"` at the top of the module, and nothing else of that name. */
function isGlobalString(name: string, { module }: Scope, values: Values, depth: number): boolean {
  const fn = module.ir.functions[0];
  const defs = fn && factsOf(module, fn).names.get(name);
  const [def] = defs ?? [];
  if (!fn || defs?.length !== 1 || def?.kind !== 'value') return false;
  return isString(def.value, { module, fn, cls: undefined, definedIn: undefined }, values, depth + 1);
}
