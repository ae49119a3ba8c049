/**
 * How is IR written down for people?
 *
 * One line an instruction, statements by indentation; functions in the order of their indices. The form is stable: specifications and
 * `campsite debug ir` show it.
 */
import type { Handler, Instr, IrFunction, IrModule, MatchCase, Param, Stmt } from './ir.ts';
import type { PrintOptions } from './print-operand.ts';
import { printArguments, printOperand } from './print-operand.ts';

/** All functions of a module, separated by empty lines. */
export function printModule(module: IrModule, options: PrintOptions = {}): string {
  return module.functions.map((fn) => printFunction(fn, options)).join('\n\n');
}

/** One function: a line that says what it is, then its body. */
export function printFunction(fn: IrFunction, options: PrintOptions = {}): string {
  const lines: string[] = [];
  for (const decorator of fn.decorators) lines.push(`@${printOperand(decorator, options)}`);
  lines.push(`${heading(fn, options)}:`);
  if (options.scopes && fn.locals.length > 0) lines.push(`    locals ${fn.locals.join(', ')}`);
  printNested(fn.body, 1, lines, options);
  return lines.join('\n');
}

function heading(fn: IrFunction, options: PrintOptions): string {
  const marks = [fn.isAsync ? 'async ' : '', fn.isGenerator ? 'generator ' : '', fn.broken ? 'broken ' : ''].join('');
  const name = `fn${fn.index} ${marks}${fn.kind}`;
  if (fn.kind === 'module') return name;
  if (fn.kind === 'class') return `${name} ${fn.qualifiedName}(${printArguments(fn.bases, options)})`;
  return `${name} ${fn.qualifiedName}(${printParams(fn.params, options)})`;
}

function printParams(params: readonly Param[], options: PrintOptions): string {
  const stars = { 'positional-only': '', normal: '', 'keyword-only': '', star: '*', 'double-star': '**' } as const;
  const shown: string[] = [];
  params.forEach((param, i) => {
    const before = params[i - 1];
    if (before?.kind === 'positional-only' && param.kind !== 'positional-only') shown.push('/');
    if (param.kind === 'keyword-only' && before?.kind !== 'keyword-only' && before?.kind !== 'star') shown.push('*');
    const annotation = param.annotation === null ? '' : `: ${printOperand(param.annotation, options)}`;
    const value = param.default === null ? '' : ` = ${printOperand(param.default, options)}`;
    shown.push(`${stars[param.kind]}${param.name}${annotation}${value}`);
  });
  if (params.at(-1)?.kind === 'positional-only') shown.push('/');
  return shown.join(', ');
}

/** A statement that may be empty, and then says so. */
function printNested(stmt: Stmt, depth: number, lines: string[], options: PrintOptions): void {
  const before = lines.length;
  printStmt(stmt, depth, lines, options);
  if (lines.length === before) lines.push(`${'    '.repeat(depth)}nothing`);
}

function printStmt(stmt: Stmt, depth: number, lines: string[], options: PrintOptions): void {
  const add = (text: string): void => {
    lines.push('    '.repeat(depth) + text);
  };
  const clause = (title: string, inner: Stmt | null): void => {
    if (inner === null) return;
    add(`${title}:`);
    printNested(inner, depth + 1, lines, options);
  };
  switch (stmt.op) {
    case 'seq':
      for (const item of stmt.items) printStmt(item, depth, lines, options);
      return;
    case 'run':
      for (const instr of stmt.instrs) add(printInstr(instr, options));
      return;
    case 'if':
      clause(`if ${printOperand(stmt.test, options)}`, stmt.then);
      return clause('else', stmt.otherwise);
    case 'loop':
      clause(`loop ${stmt.kind}`, stmt.head);
      clause(stmt.test === null ? 'each time' : `while ${printOperand(stmt.test, options)}`, stmt.body);
      return clause('else', stmt.otherwise);
    case 'try':
      clause('try', stmt.body);
      for (const handler of stmt.handlers) clause(handlerTitle(handler, options), handler.body);
      clause('else', stmt.otherwise);
      return clause('finally', stmt.final);
    case 'with':
      return clause(`with ${printInstr(stmt.enter, options)}`, stmt.body);
    case 'match':
      add(`match ${printOperand(stmt.subject, options)}:`);
      for (const matchCase of stmt.cases) printCase(matchCase, depth + 1, lines, options);
      return;
    case 'return':
    case 'raise':
      return add(printInstr(stmt.instr, options));
    case 'break':
    case 'continue':
      return add(stmt.op);
  }
}

function handlerTitle({ types, isGroup }: Handler, options: PrintOptions): string {
  return `except${isGroup ? '*' : ''}${types === null ? '' : ` ${printOperand(types, options)}`}`;
}

function printCase(matchCase: MatchCase, depth: number, lines: string[], options: PrintOptions): void {
  const indent = '    '.repeat(depth);
  lines.push(`${indent}case${matchCase.irrefutable ? ' always' : ''}:`);
  printStmt(matchCase.bind, depth + 1, lines, options);
  if (matchCase.guardHead !== null) printStmt(matchCase.guardHead, depth + 1, lines, options);
  if (matchCase.guard !== null) lines.push(`${indent}  guard ${printOperand(matchCase.guard, options)}:`);
  else lines.push(`${indent}  then:`);
  printNested(matchCase.body, depth + 1, lines, options);
}

/** One instruction on one line. */
export function printInstr(instr: Instr, options: PrintOptions = {}): string {
  const span = options.spans ? ` @${instr.start}-${instr.end}` : '';
  return instrText(instr, options) + span;
}

function instrText(instr: Instr, options: PrintOptions): string {
  const show = (operand: Parameters<typeof printOperand>[0]): string => printOperand(operand, options);
  switch (instr.op) {
    case 'call':
      return `t${instr.result} = call ${show(instr.callee)}(${printArguments(instr.args, options)})`;
    case 'assign':
      return `${show(instr.target)}${instr.annotation === undefined ? '' : `: ${show(instr.annotation)}`} = ${show(instr.value)}`;
    case 'augment':
      return `${show(instr.target)} ${instr.operator} ${show(instr.value)}`;
    case 'evaluate':
      return `evaluate ${show(instr.value)}`;
    case 'await':
      return `t${instr.result} = await ${show(instr.value)}`;
    case 'yield':
      return `t${instr.result} = yield${instr.from ? ' from' : ''}${instr.value === null ? '' : ` ${show(instr.value)}`}`;
    case 'assert':
      return `assert ${show(instr.test)}${instr.message === null ? '' : `, ${show(instr.message)}`}`;
    case 'delete':
      return `delete ${show(instr.target)}`;
    case 'next':
      return `${show(instr.target)} = ${instr.isAsync ? 'async ' : ''}next ${show(instr.iterable)}`;
    case 'collect':
      return `collect ${instr.key === null ? '' : `${show(instr.key)}: `}${show(instr.value)} into t${instr.into}`;
    case 'enter':
      return `t${instr.result} = ${instr.isAsync ? 'async ' : ''}enter ${show(instr.manager)}${instr.target === null ? '' : ` as ${show(instr.target)}`}`;
    case 'exit':
      return `${instr.isAsync ? 'async ' : ''}exit ${show(instr.manager)}${instr.raising ? ' raising' : ''}`;
    case 'define':
      return `${show(instr.target)} = define fn${instr.index}`;
    case 'import':
      return `import ${instr.bindings.map((binding) => printBinding(binding, options)).join(', ')}`;
    case 'raise':
      return `raise${instr.value === null ? '' : ` ${show(instr.value)}`}${instr.cause === null ? '' : ` from ${show(instr.cause)}`}`;
    case 'return':
      return `return${instr.value === null ? '' : ` ${show(instr.value)}`}`;
    case 'caught':
      return instr.target === null ? 'caught' : `${show(instr.target)} = caught`;
  }
}

function printBinding(binding: Extract<Instr, { op: 'import' }>['bindings'][number], options: PrintOptions): string {
  const { bound, module, name, loaded } = binding;
  const source = name === null ? module : `${name} of ${module}`;
  return `${printOperand(bound, options)} = ${source}${loaded === module ? '' : ` (loads ${loaded})`}`;
}
