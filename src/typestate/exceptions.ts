/**
 * Does a handler catch an exception of which only the name is known?
 *
 * From the builtin hierarchy (Python 3.14 documentation, "Exception hierarchy") and its aliases. Three answers: yes, no, maybe; an
 * ordinary call raises "some Exception", an assertion AssertionError. Names outside the table are exceptions of somebody's own.
 */
import type { Operand } from '../ir/ir.ts';

const PARENT: Readonly<Record<string, string>> = {
  Exception: 'BaseException',
  SystemExit: 'BaseException',
  KeyboardInterrupt: 'BaseException',
  GeneratorExit: 'BaseException',
  CancelledError: 'BaseException',
  'outcomes.Exception': 'BaseException',
  Failed: 'outcomes.Exception',
  Skipped: 'outcomes.Exception',
  XFailed: 'outcomes.Exception',
  Exit: 'outcomes.Exception',
  ArithmeticError: 'Exception',
  ZeroDivisionError: 'ArithmeticError',
  OverflowError: 'ArithmeticError',
  FloatingPointError: 'ArithmeticError',
  AssertionError: 'Exception',
  AttributeError: 'Exception',
  BufferError: 'Exception',
  EOFError: 'Exception',
  ImportError: 'Exception',
  ModuleNotFoundError: 'ImportError',
  LookupError: 'Exception',
  IndexError: 'LookupError',
  KeyError: 'LookupError',
  MemoryError: 'Exception',
  NameError: 'Exception',
  UnboundLocalError: 'NameError',
  OSError: 'Exception',
  BlockingIOError: 'OSError',
  ChildProcessError: 'OSError',
  ConnectionError: 'OSError',
  BrokenPipeError: 'ConnectionError',
  ConnectionAbortedError: 'ConnectionError',
  ConnectionRefusedError: 'ConnectionError',
  ConnectionResetError: 'ConnectionError',
  FileExistsError: 'OSError',
  FileNotFoundError: 'OSError',
  InterruptedError: 'OSError',
  IsADirectoryError: 'OSError',
  NotADirectoryError: 'OSError',
  PermissionError: 'OSError',
  ProcessLookupError: 'OSError',
  TimeoutError: 'OSError',
  ReferenceError: 'Exception',
  RuntimeError: 'Exception',
  NotImplementedError: 'RuntimeError',
  RecursionError: 'RuntimeError',
  StopIteration: 'Exception',
  StopAsyncIteration: 'Exception',
  SyntaxError: 'Exception',
  IndentationError: 'SyntaxError',
  TabError: 'IndentationError',
  SystemError: 'Exception',
  TypeError: 'Exception',
  ValueError: 'Exception',
  UnicodeError: 'ValueError',
  UnicodeDecodeError: 'UnicodeError',
  UnicodeEncodeError: 'UnicodeError',
  UnicodeTranslateError: 'UnicodeError',
  Warning: 'Exception',
  DeprecationWarning: 'Warning',
  ResourceWarning: 'Warning',
  UserWarning: 'Warning',
  RuntimeWarning: 'Warning',
  BaseExceptionGroup: 'BaseException',
  ExceptionGroup: 'Exception',
  SkipTest: 'Exception',
};

const ALIAS: Readonly<Record<string, string>> = {
  IOError: 'OSError',
  EnvironmentError: 'OSError',
  'socket.error': 'OSError',
  'select.error': 'OSError',
  'os.error': 'OSError',
  'mmap.error': 'OSError',
  WindowsError: 'OSError',
  'socket.timeout': 'TimeoutError',
  'asyncio.TimeoutError': 'TimeoutError',
  failureException: 'AssertionError',
};

/** The type of an exception that every handler catches: a body that can raise nothing else stands in its try for that one. */
export const FOR_THE_HANDLER = '*';

export type Answer = 'yes' | 'no' | 'maybe';

/** The name under which the table knows an exception class: the last segment, aliases resolved. */
export function exceptionName(dotted: string): string {
  const known = ALIAS[dotted];
  if (known) return known;
  const last = dotted.slice(dotted.lastIndexOf('.') + 1);
  return ALIAS[last] ?? last;
}

/** Making one raises nothing. */
export const isBuiltinException = (name: string): boolean => PARENT[name] !== undefined && !name.includes('.');

/** Names of the types in a handler's operand; undefined for a bare except. Unknown parts give ''. */
export function typeNames(types: Operand | null): readonly string[] | undefined {
  if (types === null) return undefined;
  const items = types.op === 'tuple' || types.op === 'list' ? types.items : [types];
  return items.map((t) => exceptionName(dotted(t)));
}

function dotted(operand: Operand): string {
  if (operand.op === 'name') return operand.name;
  if (operand.op === 'attr') {
    const head = dotted(operand.of);
    return head === '' ? operand.name : `${head}.${operand.name}`;
  }
  return '';
}

/** Does `except <types>` catch an exception of class `raised` ('' for what an ordinary call may raise)? */
export function mayCatch(types: readonly string[] | undefined, raised: string): Answer {
  if (types === undefined) return 'yes';
  let answer: Answer = 'no';
  for (const t of types) {
    const one = catchesOne(t, raised);
    if (one === 'yes') return 'yes';
    if (one === 'maybe') answer = 'maybe';
  }
  return answer;
}

function catchesOne(caught: string, raised: string): Answer {
  if (caught === 'BaseException' || raised === FOR_THE_HANDLER) return 'yes';
  if (raised === '') return caught === 'Exception' ? 'yes' : PARENT[caught] !== undefined && !descends(caught, 'Exception') ? 'no' : 'maybe';
  if (caught === raised) return 'yes';
  if (caught === '') return 'maybe';
  if (PARENT[raised] !== undefined) {
    if (descends(raised, caught)) return 'yes';
    return PARENT[caught] !== undefined || caught === 'BaseException'
      ? descends(caught, raised)
        ? 'maybe'
        : 'no'
      : raised === 'AssertionError'
        ? 'no'
        : 'maybe';
  }
  return caught === 'Exception' ? 'yes' : 'maybe';
}

function descends(type: string, ancestor: string): boolean {
  for (let t: string | undefined = type; t !== undefined; t = PARENT[t]) if (t === ancestor) return true;
  return ancestor === 'BaseException';
}

/** The class that calls which only raise raise: SkipTest, pytest's outcomes, SystemExit. */
export function raisedBy(name: string): string {
  const last = name.slice(name.lastIndexOf('.') + 1);
  if (/^(skip|importorskip|fail|xfail|exit)$/.test(last) && name.startsWith('pytest.')) return 'Skipped';
  if (/exit$/i.test(last)) return 'SystemExit';
  return /skip/i.test(last) ? 'SkipTest' : 'AssertionError';
}
