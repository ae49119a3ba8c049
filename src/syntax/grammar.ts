/**
 * Which nodes of the Python grammar are worth copying?
 *
 * Names are those of tree-sitter-python 0.25. A type that is not listed is copied with its children, so a newer grammar loses nothing.
 * What is dropped can be read from the text where it matters: operators stand between their operands, `async` at a node's start.
 */

/** How walk.ts treats a node type. */
export const Treatment = {
  unknown: 0,
  /** Not copied, not entered. */
  drop: 1,
  /** Goes into the list of comments. */
  comment: 2,
  /** Copied, not entered: its text says everything. */
  leaf: 3,
  /** Copied, entered only if the prefix says that it may hold interpolations. */
  string: 4,
  /** Copied with its children. */
  inner: 5,
} as const;
export type Treatment = (typeof Treatment)[keyof typeof Treatment];

const dropped: ReadonlySet<string> = new Set([
  'string_start',
  'string_content',
  'string_end',
  'escape_sequence',
  'escape_interpolation',
  'line_continuation',
  'type_conversion',
]);

const leaves: ReadonlySet<string> = new Set([
  'identifier',
  'integer',
  'float',
  'true',
  'false',
  'none',
  'ellipsis',
  'pass_statement',
  'break_statement',
  'continue_statement',
  'dotted_name',
  'relative_import',
  'wildcard_import',
  'positional_separator',
  'keyword_separator',
  'splat_pattern',
  'complex_pattern',
]);

/** What a statement is without a node of its own for the statement: such a node would have the same place, and nearly all have one of these in it. */
export const bareStatements: ReadonlySet<string> = new Set(['assignment', 'augmented_assignment', 'call']);

/** The node around them. */
export const EXPRESSION_STATEMENT = 'expression_statement';

/** Parents whose children are told apart by type or position alone; reading their fields would be wasted calls. */
const withoutFields: ReadonlySet<string> = new Set([
  'module',
  'block',
  'argument_list',
  'expression_statement',
  'expression_list',
  'pattern_list',
  'parameters',
  'lambda_parameters',
  'parenthesized_expression',
  'tuple',
  'list',
  'set',
  'dictionary',
  'tuple_pattern',
  'list_pattern',
  'concatenated_string',
  'string',
  'comparison_operator',
  'boolean_operator',
  'binary_operator',
  'unary_operator',
  'not_operator',
  'conditional_expression',
  'attribute',
  'call',
  'keyword_argument',
  'pair',
  'subscript',
  'slice',
  'await',
  'yield',
  'list_splat',
  'dictionary_splat',
  'list_splat_pattern',
  'dictionary_splat_pattern',
  'return_statement',
  'assert_statement',
  'delete_statement',
  'decorator',
  'type',
  'with_clause',
  'with_item',
  'dotted_name',
  'ERROR',
]);

/** How a node of this type is treated; `named` is false for punctuation and keywords. */
export function treatmentOf(type: string, named: boolean): Treatment {
  if (type === 'ERROR') return Treatment.inner;
  if (!named || dropped.has(type)) return Treatment.drop;
  if (type === 'comment') return Treatment.comment;
  if (type === 'string') return Treatment.string;
  return leaves.has(type) ? Treatment.leaf : Treatment.inner;
}

/** What is known beforehand of the children of a node type, in bits. All but `fields` holds only where nothing is broken. */
export const Trait = {
  /** Their field names are read. */
  fields: 1,
  /** Nothing follows the one that ends where the parent does. */
  endsWithChild: 2,
  /** The last unit of the parent is a bracket of its own. */
  closed: 4,
  /** So is the first, and commas stand between the others. */
  brackets: 8,
  /** An object, a dot and a name. */
  attribute: 16,
} as const;

const endingWithChild: ReadonlySet<string> = new Set([
  'expression_statement',
  'assignment',
  'augmented_assignment',
  'call',
  'attribute',
  'keyword_argument',
  'pair',
  'binary_operator',
  'comparison_operator',
  'boolean_operator',
  'unary_operator',
  'not_operator',
  'await',
  'list_splat',
  'dictionary_splat',
  'return_statement',
  'assert_statement',
  'default_parameter',
]);

const inBrackets: ReadonlySet<string> = new Set(['argument_list', 'parameters', 'parenthesized_expression', 'tuple', 'list', 'set', 'dictionary']);

/** The traits of a node type, as bits. */
export function traitsOf(type: string): number {
  let traits = withoutFields.has(type) ? 0 : Trait.fields;
  if (endingWithChild.has(type)) traits |= Trait.endsWithChild;
  if (inBrackets.has(type)) traits |= Trait.brackets;
  if (type === 'subscript') traits |= Trait.closed;
  if (type === 'attribute') traits |= Trait.attribute;
  return traits;
}

/**
 * Whether the string literal that starts at `start` may hold interpolations: its prefix has an f (or, since Python 3.14, a t).
 */
export function mayInterpolate(text: string, start: number): boolean {
  for (let i = start; i < start + MAX_PREFIX; i++) {
    const unit = text.charCodeAt(i) | 0x20;
    if (unit === 0x66 || unit === 0x74) return true;
    if (unit < 0x61 || unit > 0x7a) return false;
  }
  return false;
}

/** The longest prefix of a Python string literal has two letters (`rb`, `fr`); Python 2's `ur` as well. */
const MAX_PREFIX = 2;
