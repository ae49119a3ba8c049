/**
 * How are the small pieces of a configuration written: names, globs, handle paths, argument conditions, call patterns?
 *
 * Each piece is a zod schema that takes what YAML, JSON or TOML gives and yields a piece of `model.ts`. Shorthands (a plain string for a
 * call pattern, one value for a list) are expanded before validation, so that messages speak of what is missing and not of every
 * spelling there could have been. `alsoAs` tells the JSON Schema of the shorthand.
 */
import * as z from 'zod';
import { parseGlob } from './globs.ts';
import { parseHandlePath, parseMembers } from './handle-path.ts';
import type { ArgumentCondition, CallPattern, HandlePath, Member } from './model.ts';

/** Key of a schema's metadata: the JSON type that is accepted besides the schema itself. Read by json-schema.ts. */
export const ALSO = 'x-also';

/** Marks a schema that also takes another JSON type. */
function alsoAs<T extends z.ZodType>(schema: T, type: 'string' | 'item' | 'boolean'): T {
  return schema.meta({ ...schema.meta(), [ALSO]: type }) as T;
}

/** A list that may be written as one value. */
export function listOf<T extends z.ZodType>(item: T) {
  return alsoAs(
    z.preprocess((value) => (value === undefined || value === null || Array.isArray(value) ? (value ?? undefined) : [value]), z.array(item)),
    'item',
  );
}

/** An optional list; [] where it is not given. */
export function optionalList<T extends z.ZodType>(item: T, description: string) {
  return listOf(item).optional().describe(description);
}

/** A glob over dotted names. */
export const nameGlob = z.string().check((context) => complainOfGlob(context, '.', false));
/** The same with captures: for what acquires and what releases. */
const capturingGlob = z.string().check((context) => complainOfGlob(context, '.', true));
/** A glob over running text, where `*` also runs over dots. */
const textGlob = z.string().check((context) => complainOfGlob(context, '', true));

function complainOfGlob(context: z.core.ParsePayload<string>, separator: '.' | '', mayCapture: boolean): void {
  const result = parseGlob(context.value, separator);
  if ('error' in result) context.issues.push({ code: 'custom', message: result.error, input: context.value });
  else if (!mayCapture && result.glob.captures.length > 0)
    context.issues.push({ code: 'custom', message: noCapture(result.glob.captures[0]), input: context.value });
}

/** A brace around one word is a capture; where nothing could agree with it, it is a slip. */
function noCapture(name: string): string {
  return `{${name}} is a capture, which only \`acquire\` and \`release\` know: write \`${name}\` or alternatives \`{${name},…}\``;
}

/** Words of the configuration's own making: kinds, types, packs. */
export const word = z.string().regex(/^[a-z][a-z0-9_-]*$/, 'expected a lower-case word such as `temporary-file`');

export const handlePath = z.string().transform((text, context): HandlePath => {
  const result = parseHandlePath(text);
  if ('path' in result) return result.path;
  context.issues.push({ code: 'custom', message: result.error, input: text });
  return z.NEVER;
});

export const memberPath = z.string().transform((text, context): readonly Member[] => {
  const result = parseMembers(text);
  if ('members' in result) return result.members;
  context.issues.push({ code: 'custom', message: result.error, input: text });
  return z.NEVER;
});

const literal = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const TESTS = ['present', 'absent', 'truthy', 'falsy', 'fresh'] as const;
type Test = (typeof TESTS)[number];

const conditionValue = z.union([
  literal,
  z.strictObject({ is: literal.describe('The argument is this literal; needed for the texts present, absent, truthy, falsy and fresh.') }),
  z.strictObject({ matches: textGlob.describe('The argument is a text that the glob matches, or begins with what it begins with.') }),
  z.strictObject({ name: nameGlob.describe('The argument is a name: glob over its canonical dotted name.') }),
  z.strictObject({ key: textGlob.describe('The argument is a dict display with a constant key that the glob matches.') }),
  z.strictObject({ second: literal.describe('The argument is a tuple display whose second element is this literal: the port of an address.') }),
]);

/** `{delete: false, 0: {matches: 'sqlite:*'}, daemon: falsy}`; a key is a position, a keyword, or both as `0|name`. */
export const conditions = z
  .record(
    z.string().regex(/^(?:\d+(?:\|[A-Za-z_]\w*)?|[A-Za-z_]\w*)$/, 'expected a position (`0`), a keyword (`name`) or both (`0|name`)'),
    conditionValue,
  )
  .transform((table) => Object.entries(table).map(([key, value]) => readCondition(key, value)));

function readCondition(key: string, value: z.output<typeof conditionValue>): ArgumentCondition {
  const [first, second] = key.split('|');
  const isIndex = /^\d+$/.test(first);
  const place = { index: isIndex ? Number(first) : null, name: isIndex ? (second ?? null) : first };
  if (typeof value === 'object' && value !== null) {
    if ('is' in value) return { ...place, test: { op: 'is', value: value.is } };
    if ('key' in value) return { ...place, test: { op: 'has-key', key: value.key } };
    if ('second' in value) return { ...place, test: { op: 'second', value: value.second } };
    return { ...place, test: 'matches' in value ? { op: 'matches', glob: value.matches } : { op: 'names', glob: value.name } };
  }
  const test = TESTS.find((name): name is Test => name === value);
  return { ...place, test: test === undefined ? { op: 'is', value } : { op: test } };
}

/** The keys that every call pattern has. */
export const callShape = {
  call: capturingGlob
    .optional()
    .describe('Glob over the canonical name of the callee after resolving imports: `subprocess.Popen`, `open`, `concurrent.futures.*Executor`.'),
  method: capturingGlob.optional().describe('Glob over the last segment of the callee, on any receiver: `close`, `create_{kind}`.'),
  expression: capturingGlob
    .optional()
    .describe('Glob over the callee as it is written: `**.servers_client.create_server`; calls are `()`, subscripts `[]`.'),
  on: word.optional().describe('Name of one of `types` that the receiver must have.'),
  when: conditions
    .optional()
    .describe(
      'Conditions on arguments: `{delete: false}`, `{0: {matches: "sqlite:*"}}`, `{daemon: falsy}`; tests are present, absent, truthy, falsy (absent counts), fresh (a call is written there), a literal, `{matches: glob}` on a text, `{name: glob}` on a name that is passed, `{key: glob}` on a key of a dict display, `{second: literal}` on the second element of a tuple display.',
    ),
  'unless-inside': optionalList(nameGlob, 'Managers (of `with`) inside which the pattern does not hold: `assertRaises`, `pytest.raises`.'),
  except: optionalList(nameGlob, 'Captured words for which the pattern does not hold.'),
  'in-classes': optionalList(nameGlob, 'Only in classes that have one of these bases (globs over canonical names).'),
  command: textGlob.optional().describe('Glob on the beginning of a command line given as first argument: `server create`, `{kind} create`.'),
};

const callObject = z.strictObject(callShape);

/** A string is a call (`subprocess.Popen`), a method (`.close`) or an expression (`.containers.run`, `self.fail`, `**.api.post`). */
export function expandShorthand(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (/^\.[^.]+$/.test(value)) return { method: value.slice(1) };
  if (value.startsWith('.')) return { expression: `**${value}` };
  if (/^(?:\*\*|self|cls|\{self,cls\}|\{cls,self\})\./.test(value)) return { expression: value };
  return { call: value };
}

/** A call pattern with further keys, which may be written as a string. */
export function callPatternWith<S extends z.core.$ZodLooseShape>(extra: S, mayCapture = false) {
  const object = z.strictObject({ ...callShape, ...extra }).check((context) => {
    const value: Readonly<Record<string, unknown>> = context.value;
    const names = [value.call, value.method, value.expression].filter((name) => typeof name === 'string');
    if (names.length === 0) context.issues.push({ code: 'custom', message: 'expected at least one of `call`, `method`, `expression`', input: value });
    const captures = mayCapture ? [] : names.flatMap((name) => capturesOf(name));
    if (captures.length > 0) context.issues.push({ code: 'custom', message: noCapture(captures[0]), input: value });
  });
  return alsoAs(z.preprocess(expandShorthand, object), 'string');
}

/** The captures of a glob that may be faulty. */
export function capturesOf(source: string): readonly string[] {
  const result = parseGlob(source);
  return 'glob' in result ? result.glob.captures : [];
}

/** The common part of a call pattern, in the model's words. */
export function callPatternOf(value: z.output<typeof callObject>): CallPattern {
  return {
    ...(value.call !== undefined && { call: value.call }),
    ...(value.method !== undefined && { method: value.method }),
    ...(value.expression !== undefined && { expression: value.expression }),
    ...(value.on !== undefined && { on: value.on }),
    ...(value.command !== undefined && { command: value.command }),
    when: value.when ?? [],
    // A bare name is meant on any receiver: `assertRaises` is `self.assertRaises`.
    unlessInside: (value['unless-inside'] ?? []).map((glob) => (glob.includes('.') ? glob : `**.${glob}`)),
    except: value.except ?? [],
    inClasses: value['in-classes'] ?? [],
  };
}

/** A call pattern without further keys. */
export const callPattern = callPatternWith({}).transform(callPatternOf);

/** `true` (always) or conditions. */
export const always = alsoAs(
  z.preprocess((value) => (value === true ? {} : value), conditions),
  'boolean',
);

/** `no`, `sync`, `async`, `both`; booleans mean no and sync. */
export const contextManager = alsoAs(
  z.preprocess((value) => (value === true ? 'sync' : value === false ? 'no' : value), z.enum(['no', 'sync', 'async', 'both'])),
  'boolean',
);
