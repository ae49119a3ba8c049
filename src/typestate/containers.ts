/**
 * What do Python's own containers do with a held resource: `append`, `pop`, `values()`, `list(x)`, `zip(a, b)`?
 *
 * Elements are one place, `[*]`, unless the key is constant. Only builtin behaviour is here, no library's.
 */
import type { Scope } from '../program/scope.ts';
import type { Application } from './call-transfer.ts';
import type { Engine } from './engine.ts';
import { attributeGot } from './named-attributes.ts';
import { below, FOLDER, type Path } from './path.ts';
import { heldBelow, isParameter, type Relation } from './relation.ts';
import { addHolders, type State, withHolders } from './state.ts';
import type { Out, Tracked } from './transfer.ts';

const ADDS = new Set(['append', 'add', 'insert', 'appendleft', 'extend', 'update', 'setdefault', 'put', 'put_nowait']);
const MAX_DEPTH = 4; // Folders that a path is followed up; a loop may join for ever.
/** Methods that take an element out. */
export const TAKES = new Set(['pop', 'popleft', 'popitem', 'get_nowait']);
const COPIES = new Set(['list', 'tuple', 'set', 'frozenset', 'reversed', 'sorted', 'iter', 'dict', 'filter', 'copy.copy']);

/** A method of a list, set, dict or deque; undefined where the call is none or does not concern the resource. */
export function containerCall(
  call: Application,
  receiverPath: Path | undefined,
  rel: Relation | undefined,
  state: State,
  tracked: Tracked,
  scope: Scope,
  engine: Engine,
): Out | undefined {
  if (call.callee.op !== 'attr' || receiverPath === undefined || call.info.callee) return undefined;
  const method = call.callee.name;
  if (ADDS.has(method)) {
    const spread = method === 'extend' || method === 'update';
    const held = call.args.flatMap((a) =>
      heldBelow(a.value, state, tracked.kind, scope, engine.values).map((m) =>
        a.kind === 'keyword' ? `[${JSON.stringify(a.name)}]${m}` : spread ? m.replace(/^\[[^\]]*\]/, '[*]') : `[*]${m}`,
      ),
    );
    if (held.length === 0) return undefined;
    const root = receiverPath;
    if (isParameter(root, scope) && !engine.isCallee(scope)) return { end: 'transferred', instr: call.instr, scope, how: `${method}()` };
    const known =
      receiverPath.startsWith('@') || receiverPath.startsWith('g:') || isParameter(root, scope) || engine.isContainer(call.callee.of, scope);
    if (!known) return undefined;
    const next = addHolders(
      state,
      held.map((m) => receiverPath + m),
    );
    return method === 'setdefault' && call.result !== undefined ? addHolders(next, [`${scope.fn.index}%${call.result}`]) : next;
  }
  if (rel?.kind !== 'owner') return undefined;
  const result = call.result === undefined ? undefined : `${scope.fn.index}%${call.result}`;
  const elements = rel.members.filter((m) => m.startsWith('['));
  if (elements.length === 0) return undefined;
  const inner = elements.map((m) => m.replace(/^\[[^\]]*\]/, ''));
  if (TAKES.has(method)) {
    const moved = state.holders.filter((h) => below(receiverPath, h) === undefined);
    const to = result === undefined ? [] : inner.map((m) => (method === 'popitem' ? `${result}[1]${m}` : result + m));
    return withHolders(state, [...moved, ...to]);
  }
  if (result === undefined) return undefined;
  if (method === 'get')
    return addHolders(
      state,
      inner.map((m) => result + m),
    );
  if (method === 'values')
    return addHolders(
      state,
      inner.map((m) => `${result}[*]${m}`),
    );
  if (method === 'items')
    return addHolders(
      state,
      inner.map((m) => `${result}[*][1]${m}`),
    );
  if (method === 'copy')
    return addHolders(
      state,
      elements.map((m) => result + m),
    );
  if (method === 'clear') {
    const rest = state.holders.filter((h) => below(receiverPath, h) === undefined);
    return rest.length > 0 ? withHolders(state, rest) : { end: 'lost', instr: call.instr, scope, how: 'cleared' };
  }
  return undefined;
}

/** Builtin functions whose result contains what their argument contains. */
export function builtinResult(call: Application, state: State, tracked: Tracked, scope: Scope, engine: Engine): Out | undefined {
  const path = call.info.view.importPath;
  if (path === undefined || call.result === undefined) return undefined;
  const result = `${scope.fn.index}%${call.result}`;
  const of = (i: number): readonly string[] => {
    const a = call.args[i];
    return a && a.kind === 'positional' ? heldBelow(a.value, state, tracked.kind, scope, engine.values) : [];
  };
  if (COPIES.has(path)) {
    const held = of(path === 'filter' ? 1 : 0).filter((m) => m.startsWith('['));
    return held.length > 0
      ? addHolders(
          state,
          held.map((m) => result + m.replace(/^\[[^\]]*\]/, '[*]')),
        )
      : undefined;
  }
  if (path === 'enumerate') {
    const held = of(0).filter((m) => m.startsWith('['));
    return held.length > 0
      ? addHolders(
          state,
          held.map((m) => `${result}${m.replace(/^\[[^\]]*\]/, '[*][1]')}`),
        )
      : undefined;
  }
  if (path === 'zip') {
    const held = call.args.flatMap((_, i) =>
      of(i)
        .filter((m) => m.startsWith('['))
        .map((m) => `${result}${m.replace(/^\[[^\]]*\]/, `[*][${i}]`)}`),
    );
    return held.length > 0 ? addHolders(state, held) : undefined;
  }
  if (path === 'next') {
    const held = of(0).filter((m) => m.startsWith('['));
    return held.length > 0
      ? addHolders(
          state,
          held.map((m) => result + m.replace(/^\[[^\]]*\]/, '')),
        )
      : undefined;
  }
  if (path === 'os.path.join' && scope.module.text.includes('dirname')) {
    // One folder up for every part that is joined to it.
    const up = FOLDER.repeat(call.args.length - 1);
    const held = of(0).filter((m) => m === '' || (m.startsWith(FOLDER) && m.length < MAX_DEPTH * FOLDER.length));
    return held.length > 0
      ? addHolders(
          state,
          held.map((m) => result + up + m),
        )
      : undefined;
  }
  if (path === 'getattr') {
    const held = attributeGot(call, state, scope, engine.values);
    return (
      held &&
      addHolders(
        state,
        held.map((m) => result + m),
      )
    );
  }
  return undefined;
}
