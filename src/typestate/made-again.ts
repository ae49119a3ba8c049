/**
 * Does a call make nothing new, because the function has made the thing of that name already?
 *
 * Services answer a second `PUT` of a container, a bucket or a database with the one that is there: it is removed once. Asked where the
 * name is an argument of the call, and where nothing in between removes what has the name.
 */
import { immediateDominators, isDominated } from '../graph/dominators.ts';
import type { Operand } from '../ir/ir.ts';
import { callsIn } from '../program/module.ts';
import type { Scope } from '../program/scope.ts';
import { blocksOf } from './blocks-of.ts';
import type { Engine } from './engine.ts';
import { type Path, pathOf } from './path.ts';
import type { Site } from './sites.ts';

type Made = Omit<Site, 'budget'>;

/** The sites of a function, in source order, without those that make again what is there. */
export function withoutMadeAgain<S extends Made>(sites: readonly S[], scope: Scope, engine: Engine): readonly S[] {
  if (sites.length < 2 || !sites.some(isNamed)) return sites;
  return sites.filter((s, i) => !isNamed(s) || !sites.slice(0, i).some((earlier) => isSameThing(earlier, s, scope, engine)));
}

/** The call is told the name, by which the thing is known from then on. */
function isNamed({ match, handle, tracked, chain }: Made): boolean {
  const reach = match.pattern.reach ?? tracked.kind.reach;
  return (reach === 'remote' || reach === 'host') && chain.length === 1 && match.pattern.handles[handle]?.position.at === 'argument';
}

function isSameThing(earlier: Made, later: Made, scope: Scope, engine: Engine): boolean {
  const name = later.after[0]?.holders[0];
  if (earlier.tracked.kind !== later.tracked.kind || earlier.instr === later.instr || name === undefined) return false;
  return (
    earlier.after.every((s) => s.holders.includes(name)) &&
    !isRemovedBetween(name, earlier, later, scope, engine) &&
    isAlwaysBefore(earlier, later, scope, engine)
  );
}

function isRemovedBetween(name: Path, earlier: Made, later: Made, scope: Scope, engine: Engine): boolean {
  const patterns = engine.patternsFor(scope);
  return callsIn(scope.fn.body).some(
    (i) =>
      i.start > earlier.instr.start &&
      i.start < later.instr.start &&
      i.args.some((a) => isAbout(a.value, name, scope, engine)) &&
      patterns.releases(engine.calls.info(i, scope).view, later.tracked.kind, earlier.tracked.captures).length > 0,
  );
}

const isAbout = (value: Operand, name: Path, scope: Scope, engine: Engine): boolean =>
  value.op === 'list' || value.op === 'tuple'
    ? value.items.some((item) => pathOf(item, scope, engine.values) === name)
    : pathOf(value, scope, engine.values) === name;

function isAlwaysBefore(earlier: Made, later: Made, scope: Scope, engine: Engine): boolean {
  const cfg = engine.cfg(scope);
  const dominators = immediateDominators({ nodes: cfg.blocks, first: cfg.firstEdge, target: cfg.edgeTarget }, 0);
  const before = blocksOf(cfg, earlier.instr);
  return blocksOf(cfg, later.instr).every((b) => before.some((a) => isDominated(dominators, b, a)));
}
