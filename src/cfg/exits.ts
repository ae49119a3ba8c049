/**
 * Where does control go that leaves a statement: by its end, an exception, return, break or continue?
 *
 * On its way it runs the `finally` bodies and with-exits in between. Each of them is copied once per way out, so that a path through the
 * graph never enters by one way and leaves by another:
 *
 *     while more():                          more() ─true─▶ f() ─next──▶ g() [normal] ─next─────▶ after the try
 *         try:                                              │ │
 *             if f(): break                                 │ └─true───▶ g() [break] ──next─────▶ after the loop
 *         finally:                                          └─raise────▶ g() [raise] ──uncaught─▶ handlers further out, or the raised exit
 *             g()                            g() itself may raise; its exception goes outwards, never into its own try.
 *
 *     with open(p) as f:                     enter ─next─▶ f.read() ─next──▶ exit [normal] ─next──▶ after the with
 *         f.read()                             │              └──raise─▶ exit [raising] ─swallow─▶ after the with
 *                                              └─raise─▶ outwards                  └────forward─▶ outwards
 *
 *     try: body                              body ─raise─▶ dispatch ─catch─▶ handler 1 ─┬─▶ after the try (through finally)
 *     except A: handler 1                                      │ └───catch─▶ handler 2 ─┘
 *     except B: handler 2                                      └──uncaught─▶ outwards (through finally)
 *     else: more                             Exceptions of a handler or of `more` go outwards, not to the sibling handlers.
 *     except* A: handler 1                   After each handler stands a second dispatch for the rest of the group: on, to the later handlers, outwards.
 *
 * A copy's entry block is handed out at once, its content is a task for later: no recursion, however deep the nesting.
 * Since a way has one target seen from a given statement, a copy is memoised by (statement, way).
 * Leaves out: which exceptions a handler or a manager catches. Every way that syntax allows is there; types are for who walks the graph.
 */
import type { Handler, Stmt } from '../ir/ir.ts';
import { EdgeKind } from './cfg.ts';
import { addEdge, append, type Draft, EXIT, newBlock, pushExitTask, pushStatement, RAISED_EXIT } from './draft.ts';
import { hasRaisePoint } from './raising.ts';

/** The ways out of a statement. */
export const Way = { normal: 0, raise: 1, return: 2, break: 3, continue: 4 } as const;
export type Way = (typeof Way)[keyof typeof Way];

type TryStmt = Extract<Stmt, { op: 'try' }>;
type WithStmt = Extract<Stmt, { op: 'with' }>;

/**
 * How many statements and instructions of a function may be built in second and further copies of finally bodies.
 * Copies grow with the number of try statements, which is harmless, and by a factor of up to five with each `finally` inside a `finally`,
 * which is not: depth 20 would make 5^20 copies. No function of CPython's own tests, nor of the other large suites tried, clones more than 300;
 * the rest is room for long module bodies, and at the limit a graph is still built in milliseconds.
 */
export const MAX_CLONED_STATEMENTS = 5_000;

/** A statement that control leaves, innermost first by `outer`. */
export interface Context {
  readonly kind: 'function' | 'loop' | 'handlers' | 'finally' | 'with' | 'copy';
  readonly outer: Context | null;
  readonly stmt: TryStmt | WithStmt | null;
  /** Nearest context, this one included, that an exception meets: handlers, finally, with. */
  readonly catcher: Context | null;
  /** … that `return` meets: finally, with. */
  readonly cleanup: Context | null;
  /** … that `break` and `continue` meet: finally, with, loop. */
  readonly stop: Context | null;
  /** Where the normal end of the statement continues; for a loop, where `break` goes. */
  readonly after: number;
  /** Where `continue` goes (loops). */
  readonly again: number;
  /** The entry of the copy for each way, -1 where nothing asked for it yet; for handlers, `raise` is the dispatch block. */
  readonly copies: number[];
  /** Whether what stands in it is counted as cloned. */
  readonly cloned: boolean;
  /** Whether every instruction is a raise point (see raising.ts). */
  readonly raisesAnywhere: boolean;
  /** Whether a copy has been built. */
  built: boolean;
  /** The one copy that all further ways share once the limit is reached: its entry, the block after it, the ways it serves as bits, and whether its end has been connected. */
  shared: number;
  sharedEnd: number;
  sharedWays: number;
  sharedClosed: boolean;
}

const NO_COPIES: number[] = [];

/** The context in which statements inside `outer` of the given kind stand. `after` and `again` as in Context. */
export function newContext(
  kind: Context['kind'],
  outer: Context | null,
  stmt: TryStmt | WithStmt | null,
  after: number,
  again: number,
  cloned: boolean,
): Context {
  const isCleanup = kind === 'finally' || kind === 'with';
  const context: { -readonly [K in keyof Context]: Context[K] } = {
    kind,
    outer,
    stmt,
    catcher: outer?.catcher ?? null,
    cleanup: outer?.cleanup ?? null,
    stop: outer?.stop ?? null,
    after,
    again,
    copies: isCleanup || kind === 'handlers' ? [-1, -1, -1, -1, -1] : NO_COPIES,
    cloned,
    raisesAnywhere: outer?.raisesAnywhere ?? false,
    built: false,
    shared: -1,
    sharedEnd: -1,
    sharedWays: 0,
    sharedClosed: false,
  };
  if (isCleanup || kind === 'handlers') context.catcher = context;
  if (isCleanup) context.cleanup = context;
  if (isCleanup || kind === 'loop') context.stop = context;
  if (kind === 'handlers' && stmt?.op === 'try' && !hasRaisePoint(stmt.body)) context.raisesAnywhere = true;
  return context;
}

/** The block to which control goes that leaves the innermost statement of `context` by raise, return, break or continue. */
export function leave(draft: Draft, context: Context, way: Way): number {
  const met = way === Way.raise ? context.catcher : way === Way.return ? context.cleanup : context.stop;
  // `break` outside any loop is a syntax error in Python; it leaves the function here.
  if (met === null) return way === Way.raise ? RAISED_EXIT : EXIT;
  if (met.kind === 'loop') return way === Way.break ? met.after : met.again;
  let entry = met.copies[way];
  if (entry === -1) {
    entry = newBlock(draft);
    met.copies[way] = entry;
    if (met.kind !== 'handlers') pushExitTask(draft, 'copy', met, entry, way);
  }
  return entry;
}

/** Makes `entry` the way out by the normal end of a finally or with context. */
export function leaveNormally(draft: Draft, context: Context, entry: number): void {
  context.copies[Way.normal] = entry;
  pushExitTask(draft, 'copy', context, entry, Way.normal);
}

/** Where control goes after the copy for `way` of the finally or with statement of `context`. */
function beyond(draft: Draft, context: Context, way: Way): number {
  return way === Way.normal ? context.after : leave(draft, context.outer ?? context, way);
}

/** Builds the copy of a finally body or with-exit that begins in `entry`. */
export function buildCopy(draft: Draft, context: Context, way: Way, entry: number): void {
  if (draft.reached[entry] === 0) return;
  if (context.stmt?.op === 'with') buildWithExit(draft, context, context.stmt, way, entry);
  else if (context.stmt?.op === 'try' && context.stmt.final) buildFinally(draft, context, context.stmt.final, way, entry);
}

function buildWithExit(draft: Draft, context: Context, stmt: WithStmt, way: Way, entry: number): void {
  const { manager, target, isAsync, start, end } = stmt.enter;
  const raising = way === Way.raise;
  append(draft, entry, { op: 'exit', manager, target, raising, isAsync, start, end });
  const outwards = leave(draft, context.outer ?? context, Way.raise);
  if (raising) {
    addEdge(draft, entry, context.after, EdgeKind.swallow);
    addEdge(draft, entry, outwards, EdgeKind.forward);
  } else {
    addEdge(draft, entry, beyond(draft, context, way), EdgeKind.next);
  }
  addEdge(draft, entry, outwards, EdgeKind.raise);
}

function buildFinally(draft: Draft, context: Context, final: Stmt, way: Way, entry: number): void {
  if (draft.cloned > MAX_CLONED_STATEMENTS) {
    if (context.shared !== -1) {
      joinShared(draft, context, way, entry);
      return;
    }
    context.shared = entry;
    context.sharedWays = 1 << way;
  }
  const end = newBlock(draft);
  if (context.shared === entry) context.sharedEnd = end;
  const copy = newContext('copy', context.outer, null, -1, -1, context.cloned || context.built);
  context.built = true;
  pushExitTask(draft, 'end', context, end, way);
  pushStatement(draft, final, 0, copy, entry, end);
}

/** Lets one more way out go through the shared copy: control may then leave it by a way by which it did not come. */
function joinShared(draft: Draft, context: Context, way: Way, entry: number): void {
  draft.merged = true;
  addEdge(draft, entry, context.shared, EdgeKind.next);
  if ((context.sharedWays & (1 << way)) !== 0) return;
  context.sharedWays |= 1 << way;
  if (context.sharedClosed && draft.reached[context.sharedEnd] === 1) connectEnd(draft, context, way, context.sharedEnd);
}

/** Connects the end of the copy of a finally body for `way` (or of the shared copy, for all its ways). */
export function buildEnd(draft: Draft, context: Context, way: Way, end: number): void {
  const isShared = end === context.sharedEnd;
  if (isShared) context.sharedClosed = true;
  if (draft.reached[end] === 0) return;
  if (!isShared) {
    connectEnd(draft, context, way, end);
    return;
  }
  for (const each of Object.values(Way)) {
    if ((context.sharedWays & (1 << each)) !== 0) connectEnd(draft, context, each, end);
  }
}

function connectEnd(draft: Draft, context: Context, way: Way, end: number): void {
  addEdge(draft, end, beyond(draft, context, way), way === Way.raise ? EdgeKind.uncaught : EdgeKind.next);
}

/** Builds the dispatch block of a try statement and its handlers, if anything in its body can raise. */
export function buildDispatch(draft: Draft, context: Context): void {
  const dispatch = context.copies[Way.raise];
  const outer = context.outer;
  if (dispatch === -1 || context.stmt?.op !== 'try' || outer === null) return;
  const { handlers } = context.stmt;
  const entries = handlers.map(() => newBlock(draft));
  for (const [i, handler] of handlers.entries()) {
    let after = context.after;
    if (handler.isGroup) {
      after = newBlock(draft);
      addEdge(draft, after, context.after, EdgeKind.next);
      addCatches(draft, after, handlers, entries, i + 1, outer);
    }
    pushStatement(draft, handler.body, 0, outer, entries[i], after);
  }
  addCatches(draft, dispatch, handlers, entries, 0, outer);
}

/** The edges from a dispatch block to the handlers from `begin` on, and outwards. */
function addCatches(draft: Draft, dispatch: number, handlers: readonly Handler[], entries: readonly number[], begin: number, outer: Context): void {
  for (let i = begin; i < handlers.length; i++) {
    const edge = addEdge(draft, dispatch, entries[i], EdgeKind.catch);
    draft.types.set(edge, { types: handlers[i].types, isGroup: handlers[i].isGroup });
    // Nothing gets past a bare except, neither to later handlers nor outwards.
    if (handlers[i].types === null) return;
  }
  addEdge(draft, dispatch, leave(draft, outer, Way.raise), EdgeKind.uncaught);
}
