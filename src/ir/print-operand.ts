/**
 * How is an operand written down for people?
 *
 * Close to Python, so that specifications read easily: temporaries are `t0`, described calls keep their parentheses, lambdas and nested functions
 * are `fn3`. Names may carry their scope: `x^2` is a variable of the enclosing function 2, `x^` one of the module (or a builtin).
 */
import type { Argument, Operand, Target } from './ir.ts';

/** What the printed form shows besides the code. */
export interface PrintOptions {
  /** Marks names that are not local. */
  readonly scopes?: boolean;
  /** Puts each instruction's span, as offsets, after it. */
  readonly spans?: boolean;
}

const constants: Readonly<Record<string, string>> = { none: 'None', ellipsis: '...' };

/** The printed form of an operand or target. */
export function printOperand(operand: Operand | Target, options: PrintOptions = {}): string {
  const show = (inner: Operand | Target | null): string => (inner === null ? '' : printOperand(inner, options));
  const list = (items: readonly Operand[]): string => items.map(show).join(', ');
  switch (operand.op) {
    case 'name':
      return operand.name + (options.scopes ? scopeMark(operand) : '');
    case 'temp':
      return `t${operand.id}`;
    case 'const':
      return printConstant(operand);
    case 'attr':
      return `${show(operand.of)}.${operand.name}`;
    case 'index':
      return `${show(operand.of)}[${show(operand.key)}]`;
    case 'slice':
      return operand.parts.map(show).join(':');
    case 'tuple':
      return operand.items.length === 1 ? `(${list(operand.items)},)` : `(${list(operand.items)})`;
    case 'list':
      return `[${list(operand.items)}]`;
    case 'set':
      return operand.items.length === 0 ? 'set()' : `{${list(operand.items)}}`;
    case 'dict':
      return `{${operand.entries.map(({ key, value }) => (key === null ? `**${show(value)}` : `${show(key)}: ${show(value)}`)).join(', ')}}`;
    case 'star':
      return `*${show(operand.of)}`;
    case 'format':
      return `f"${operand.parts.map((part) => (typeof part === 'string' ? escaped(part) : `{${show(part)}}`)).join('')}"`;
    case 'function':
      return `fn${operand.index}`;
    case 'binary':
      return `(${show(operand.left)} ${operand.operator} ${show(operand.right)})`;
    case 'unary':
      return operand.operator === 'not' ? `(not ${show(operand.of)})` : `${operand.operator}${show(operand.of)}`;
    case 'compare':
      return `(${show(operand.left)}${operand.rest.map(({ operator, value }) => ` ${operator} ${show(value)}`).join('')})`;
    case 'boolean':
      return `(${operand.items.map(show).join(` ${operand.operator} `)})`;
    case 'choice':
      return `(${show(operand.then)} if ${show(operand.test)} else ${show(operand.otherwise)})`;
    case 'described-call':
      return `${show(operand.callee)}(${printArguments(operand.args, options)})`;
    case 'targets':
      return `(${operand.items.map((item) => (item.op === 'starred' ? `*${show(item.of)}` : show(item))).join(', ')})`;
    case 'unknown':
      return '?';
  }
}

/** The arguments of a call, without parentheses. */
export function printArguments(args: readonly Argument[], options: PrintOptions = {}): string {
  const prefixes = { positional: '', keyword: '', star: '*', 'double-star': '**' } as const;
  return args.map(({ kind, name, value }) => `${kind === 'keyword' ? `${name}=` : prefixes[kind]}${printOperand(value, options)}`).join(', ');
}

function scopeMark({ scope, owner }: Extract<Operand, { op: 'name' }>): string {
  return scope === 'local' ? '' : scope === 'global' ? '^' : `^${owner}`;
}

function printConstant({ kind, value }: Extract<Operand, { op: 'const' }>): string {
  if (kind === 'string') return `"${escaped(String(value))}"`;
  if (kind === 'bytes') return `b"${escaped(String(value))}"`;
  if (kind === 'bool') return value === true ? 'True' : 'False';
  if (kind === 'float' && Number.isInteger(value)) return Number(value).toFixed(1);
  return constants[kind] ?? String(value);
}

function escaped(text: string): string {
  return text.replace(/"/g, '\\"').replace(/\n/g, '\\n').replace(/\r/g, '\\r').replace(/\0/g, '\\0');
}
