/**
 * Which builtins, and which methods of Python's own collections and strings, raise nothing that a test has to reckon with?
 *
 * The configuration says it of libraries; these are the language.
 */

/** Builtins whose calls raise only on a programming error: an assertion about them is the test's own business. */
export const SAFE_BUILTINS = new Set([
  'len',
  'isinstance',
  'issubclass',
  'print',
  'repr',
  'ascii',
  'str',
  'list',
  'tuple',
  'dict',
  'set',
  'frozenset',
  'bool',
  'id',
  'type',
  'range',
  'enumerate',
  'zip',
  'sorted',
  'reversed',
  'super',
  'callable',
  'hasattr',
  'object',
  'bytes',
  'bytearray',
  'property',
  'vars',
  'locals',
  'globals',
  'map',
  'filter',
]);

/** Methods of Python's own lists, dictionaries, sets and strings that raise only on a programming error. */
export const SAFE_METHODS = new Set([
  'append',
  'appendleft',
  'extend',
  'add',
  'values',
  'items',
  'keys',
  'setdefault',
  'clear',
  'sort',
  'reverse',
  'format',
  'strip',
  'lstrip',
  'rstrip',
  'lower',
  'upper',
  'startswith',
  'endswith',
  'splitlines',
  'title',
  'swapcase',
  'zfill',
  'ljust',
  'rjust',
  'is_set',
  'monotonic',
  'perf_counter',
]);

/** Builtins that look at what they are given and do not keep it, Python 2's among them; not `setattr`, `map`, `filter`, `iter`, `zip`, `vars`, `super`. */
export const BORROWING_BUILTINS = new Set(
  (
    'abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex delattr dict dir divmod enumerate eval ' +
    'exec exit float format frozenset getattr globals hasattr hash help hex id input int isinstance issubclass len list locals max memoryview min next ' +
    'object oct open ord pow print quit range repr reversed round set slice sorted staticmethod str sum tuple type ' +
    'buffer cmp coerce execfile file intern long reload unichr unicode xrange'
  ).split(' '),
);
