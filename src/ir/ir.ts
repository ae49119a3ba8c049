/**
 * What does a Python function do, step by step, in a form that is easy to reason about?
 *
 * Two levels. Leaves are *instructions*: calls, assignments, yields… in evaluation order, each call with its result in a temporary, so
 * that `open(p).read()` has something that holds the file. Around them stands a tree of structured *statements* (if, loop, try, with,
 * match) which cfg/build.ts flattens; lowering (Python's rules) and flow (exits, finally) are separate problems.
 * Expressions without calls stay operand trees (`self.x.y`, `a < b`, `(x, 'k')`): that is where access paths are read.
 *
 * Invariant: no syntax node in here, only plain data; `start`/`end` are 0-based UTF-16 offsets into the file and the only way back.
 * A short-circuit or conditional expression with a call in a branch is lowered to an `if` statement that assigns a temporary.
 */

/** Index of a function, lambda, class body or module body in `IrModule.functions`; 0 is the module body. */
export type FunctionIndex = number;

interface Placed {
  readonly start: number;
  readonly end: number;
}

/**
 * How a name is found: `local` in the function itself, `closure` in the enclosing function `owner`, `global` in the module or builtins. A
 * module variable is `global` in the module's body too, so that it has one form everywhere. Comprehension variables are locals of the
 * enclosing function (or module), named `x@1` where `x` would clash.
 */
export interface NameRef extends Placed {
  readonly op: 'name';
  readonly name: string;
  readonly scope: 'local' | 'closure' | 'global';
  /** The function whose local it is (own index for `local`); 0 for `global`. In a class body, locals are class attributes. */
  readonly owner: FunctionIndex;
}

export type Operand =
  | NameRef
  /** The result of an instruction of this function. */
  | ({ readonly op: 'temp'; readonly id: number } & Placed)
  /** Literals. `bytes` and `string` hold the cooked text without quotes (escapes left as written); numbers their JS value, or the source text where it does not fit. */
  | ({
      readonly op: 'const';
      readonly kind: 'none' | 'bool' | 'int' | 'float' | 'complex' | 'string' | 'bytes' | 'ellipsis';
      readonly value: string | number | boolean | null;
    } & Placed)
  | ({ readonly op: 'attr'; readonly of: Operand; readonly name: string } & Placed)
  | ({ readonly op: 'index'; readonly of: Operand; readonly key: Operand } & Placed)
  | ({ readonly op: 'slice'; readonly parts: readonly (Operand | null)[] } & Placed)
  | ({ readonly op: 'tuple' | 'list' | 'set'; readonly items: readonly Operand[] } & Placed)
  | ({ readonly op: 'dict'; readonly entries: readonly { readonly key: Operand | null; readonly value: Operand }[] } & Placed)
  | ({ readonly op: 'star'; readonly of: Operand } & Placed)
  /** An f-string (or concatenation holding one): literal texts and interpolated operands in order. */
  | ({ readonly op: 'format'; readonly parts: readonly (string | Operand)[] } & Placed)
  /** A lambda, or a nested function as a value. */
  | ({ readonly op: 'function'; readonly index: FunctionIndex } & Placed)
  | ({ readonly op: 'binary'; readonly operator: string; readonly left: Operand; readonly right: Operand } & Placed)
  | ({ readonly op: 'unary'; readonly operator: string; readonly of: Operand } & Placed)
  | ({ readonly op: 'compare'; readonly left: Operand; readonly rest: readonly { readonly operator: string; readonly value: Operand }[] } & Placed)
  | ({ readonly op: 'boolean'; readonly operator: 'and' | 'or'; readonly items: readonly Operand[] } & Placed)
  /** `a if test else b` without calls. */
  | ({ readonly op: 'choice'; readonly test: Operand; readonly then: Operand; readonly otherwise: Operand } & Placed)
  /** A call that is only described, not executed here: in decorators, class bases, annotations, default values, exception types and assert messages. */
  | ({ readonly op: 'described-call'; readonly callee: Operand; readonly args: readonly Argument[] } & Placed)
  | ({ readonly op: 'unknown' } & Placed);

export interface Argument {
  readonly kind: 'positional' | 'keyword' | 'star' | 'double-star';
  /** The keyword's name; '' otherwise. */
  readonly name: string;
  readonly value: Operand;
}

/** What can be assigned to. */
export type Target =
  | NameRef
  | Extract<Operand, { op: 'attr' | 'index' | 'temp' | 'unknown' }>
  | ({ readonly op: 'targets'; readonly items: readonly (Target | ({ readonly op: 'starred'; readonly of: Target } & Placed))[] } & Placed);

export type Instr =
  | ({ readonly op: 'call'; readonly result: number; readonly callee: Operand; readonly args: readonly Argument[] } & Placed)
  /** Target = value; `annotation` where there was one. Assigning does not raise. */
  | ({ readonly op: 'assign'; readonly target: Target; readonly value: Operand; readonly annotation?: Operand } & Placed)
  | ({ readonly op: 'augment'; readonly target: Target; readonly operator: string; readonly value: Operand } & Placed)
  /** An expression statement that is not a call: `x == 1`, `a.b`, a docstring. */
  | ({ readonly op: 'evaluate'; readonly value: Operand } & Placed)
  | ({ readonly op: 'await'; readonly result: number; readonly value: Operand } & Placed)
  | ({ readonly op: 'yield'; readonly result: number; readonly value: Operand | null; readonly from: boolean } & Placed)
  /** `message` is described: it is evaluated only when the test fails. */
  | ({ readonly op: 'assert'; readonly test: Operand; readonly message: Operand | null } & Placed)
  | ({ readonly op: 'delete'; readonly target: Operand } & Placed)
  /** The element that a for loop (or comprehension) takes next: `target = next(iterable)`. Stands in the loop's head. */
  | ({ readonly op: 'next'; readonly target: Target; readonly iterable: Operand; readonly isAsync: boolean } & Placed)
  /** A comprehension's element goes into the collection in temporary `into` (a generator expression is lowered the same way). */
  | ({ readonly op: 'collect'; readonly into: number; readonly key: Operand | null; readonly value: Operand } & Placed)
  /** `with manager`: calls `__enter__`; `result` is what `as` binds. */
  | ({ readonly op: 'enter'; readonly result: number; readonly manager: Operand; readonly target: Target | null; readonly isAsync: boolean } & Placed)
  /** `__exit__` on one way out; made by cfg/build.ts, never by lowering. `raising` where an exception is on its way. */
  | ({
      readonly op: 'exit';
      readonly manager: Operand;
      readonly target: Target | null;
      readonly raising: boolean;
      readonly isAsync: boolean;
    } & Placed)
  | ({ readonly op: 'define'; readonly name: string; readonly target: NameRef; readonly index: FunctionIndex } & Placed)
  | ({ readonly op: 'import'; readonly bindings: readonly ImportBinding[] } & Placed)
  /** `raise value from cause`; value null re-raises. The last instruction of its block. */
  | ({ readonly op: 'raise'; readonly value: Operand | null; readonly cause: Operand | null } & Placed)
  /** `return value`; in a lambda its body. */
  | ({ readonly op: 'return'; readonly value: Operand | null } & Placed)
  /** Binds the exception of a handler (`except E as name`); stands first in the handler. */
  | ({ readonly op: 'caught'; readonly target: Target | null; readonly types: Operand | null } & Placed);

/** `import a.b as c` binds c to module a.b; `from a import b as c` binds c to `a` + name b; `from a import *` has bound '*'. */
export interface ImportBinding {
  readonly bound: NameRef;
  /** Dotted module that is bound, or that the name comes from, with its leading dots for relative imports; `import a.b` binds module `a`. */
  readonly module: string;
  /** The name imported from it; null for `import module`. */
  readonly name: string | null;
  /** Dotted module as written, which the statement loads: `a.b` for `import a.b`; otherwise the same as `module`. */
  readonly loaded: string;
}

/** What was found in a statement tree, kept by program/module.ts: dozens of rules walk the same bodies. */
export interface StatementMemo {
  /** All instructions in source order, those of nested functions left out. */
  readonly instrs: readonly Instr[];
  /** Bits of `Kind` in program/module.ts. */
  readonly kinds: number;
  readonly calls: readonly Extract<Instr, { op: 'call' }>[];
  readonly enters: readonly Extract<Instr, { op: 'enter' }>[];
  /** Those that give something to an attribute, an item or several targets, and all deletions. */
  readonly stores: readonly Store[];
}

export type Store = Extract<Instr, { op: 'assign' | 'augment' | 'next' | 'enter' | 'caught' | 'delete' }>;

export type Stmt = StmtForm & {
  /** A note, no part of what the statement says: a look into a table for each question costs more than the answer. */
  memo?: StatementMemo | undefined;
};

type StmtForm =
  | { readonly op: 'seq'; readonly items: readonly Stmt[] }
  | { readonly op: 'run'; readonly instrs: readonly Instr[] }
  | ({ readonly op: 'if'; readonly test: Operand; readonly then: Stmt; readonly otherwise: Stmt | null } & Placed)
  /** `head` runs before each test. A for loop has its `next` instruction in the head and test null (the false edge is exhaustion). */
  | ({
      readonly op: 'loop';
      readonly kind: 'while' | 'for';
      readonly head: Stmt;
      readonly test: Operand | null;
      readonly body: Stmt;
      readonly otherwise: Stmt | null;
    } & Placed)
  | ({
      readonly op: 'try';
      readonly body: Stmt;
      readonly handlers: readonly Handler[];
      readonly otherwise: Stmt | null;
      readonly final: Stmt | null;
    } & Placed)
  /** One manager; `with a, b:` is nested. The manager's expression has been evaluated before; `enter` is the enter instruction. */
  | ({ readonly op: 'with'; readonly enter: Extract<Instr, { op: 'enter' }>; readonly body: Stmt } & Placed)
  | ({ readonly op: 'match'; readonly subject: Operand; readonly cases: readonly MatchCase[] } & Placed)
  | ({ readonly op: 'return'; readonly instr: Extract<Instr, { op: 'return' }> } & Placed)
  | ({ readonly op: 'raise'; readonly instr: Extract<Instr, { op: 'raise' }> } & Placed)
  | ({ readonly op: 'break' | 'continue' } & Placed);

export interface Handler extends Placed {
  /** The exception type or tuple of them; null for a bare `except:`. */
  readonly types: Operand | null;
  readonly isGroup: boolean;
  /** Begins with its `caught` instruction. */
  readonly body: Stmt;
}

export interface MatchCase extends Placed {
  /** Instructions that bind the pattern's names (targets taken from the subject). */
  readonly bind: Stmt;
  readonly guard: Operand | null;
  /** Instructions of the guard, run before it is tested. */
  readonly guardHead: Stmt | null;
  /** True for `case _:` and a bare name without guard. */
  readonly irrefutable: boolean;
  readonly body: Stmt;
}

export interface Param extends Placed {
  readonly name: string;
  readonly kind: 'positional-only' | 'normal' | 'keyword-only' | 'star' | 'double-star';
  /** Described; calls in it run in the enclosing function, before its `define`. Never holds a temporary. */
  readonly default: Operand | null;
  readonly annotation: Operand | null;
}

/** `start` and `end` are those of the definition without its decorators. */
export interface IrFunction extends Placed {
  readonly index: FunctionIndex;
  /** '<module>', '<lambda>', or the name. */
  readonly name: string;
  /** As Python's __qualname__: `TestX.setUp`, `outer.<locals>.inner`, `TestX` for a class body, '<module>'. */
  readonly qualifiedName: string;
  readonly kind: 'module' | 'class' | 'function' | 'lambda';
  /** The function, class body or module it stands in; null for the module body. */
  readonly parent: FunctionIndex | null;
  readonly isAsync: boolean;
  readonly isGenerator: boolean;
  /** Outermost first, as written; calls in them are `described-call`. */
  readonly decorators: readonly Operand[];
  readonly params: readonly Param[];
  /** Class bases and keywords (`metaclass=`); empty for others. */
  readonly bases: readonly Argument[];
  /** Names assigned in it (params included), without those declared global or nonlocal. */
  readonly locals: readonly string[];
  readonly body: Stmt;
  /** One past the highest temporary. */
  readonly temps: number;
  /** Where the name stands: [start, end). */
  readonly nameStart: number;
  readonly nameEnd: number;
  /** True where the function's code holds something the grammar did not understand. */
  readonly broken: boolean;
  /** It names a variable of a function around it. */
  readonly usesOuter: boolean;
  /** Which operators its own code has, as bits of `Operator`: most functions have none, and who looks for one need not walk their operands. */
  readonly operators: number;
  readonly memo?: FunctionMemo;
}

/** Kinds of operators, as bits of `operators`. */
export const Operator = {
  /** `/`, `//`, and a `%` behind a number that is written out; `/=` and `//=`. */
  division: 1,
  /** `+` and `-` between two values; not `+=`. */
  sum: 2,
  /** Every comparison. */
  comparison: 4,
  /** `is` and `is not`. */
  identity: 8,
} as const;

/** What others have found in a function, each in a field of its own: they ask a million times, and a table of all functions is slow to ask. */
export interface FunctionMemo {
  /** Kept by program/scope.ts. */
  facts: unknown;
  /** Kept by program/abstract-body.ts. */
  isAbstract: boolean | undefined;
  /** Kept by typestate/process-state.ts; a module belongs to one engine. */
  stateEvents: unknown;
  /** Kept by typestate/stubs.ts. */
  stubs: unknown;
}

/** An import, and the function that it stands in. */
export interface PlacedImport {
  readonly instr: Extract<Instr, { op: 'import' }>;
  readonly within: FunctionIndex;
}

export interface IrModule {
  readonly functions: readonly IrFunction[];
  /** Those of a function in the order of the text. */
  readonly imports: readonly PlacedImport[];
  /** Functions in which something was nested too deep to be lowered; it is `unknown`. */
  readonly tooDeep?: readonly FunctionIndex[];
}
