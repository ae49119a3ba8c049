/**
 * In which other modules does pytest look for the fixtures that a module's tests ask for?
 *
 * In the conftest files from the nearest folder up to the root, and then in the modules of the project that `pytest_plugins` of one of them, or of the
 * module itself, names: a text, or a list or tuple of texts. Leaves out: plug-ins that are installed, or named on a command line.
 */
import type { ModuleUnit } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import { factsOf } from '../program/scope.ts';
import { texts } from './marks.ts';

const known = new WeakMap<ModuleUnit, readonly ModuleUnit[]>();

/** The modules in the order in which pytest would look, the module itself left out. */
export function fixtureModules(module: ModuleUnit, program: Program): readonly ModuleUnit[] {
  let found = known.get(module);
  if (found) return found;
  const conftests = program.conftestsAround(module.path).flatMap((path) => (path === module.path ? [] : (program.module(path) ?? [])));
  const plugins = new Set([module, ...conftests]);
  // What is added on the way is come to as well.
  for (const unit of plugins) {
    for (const name of pluginNames(unit)) {
      const plugin = program.plugin(name, unit);
      if (plugin) plugins.add(plugin);
    }
  }
  plugins.delete(module);
  known.set(module, (found = [...plugins]));
  return found;
}

/** What the module says in `pytest_plugins`. */
function pluginNames(unit: ModuleUnit): readonly string[] {
  const body = unit.ir.functions[0];
  if (!body || !unit.globals.has('pytest_plugins')) return [];
  return (factsOf(unit, body).names.get('pytest_plugins') ?? []).flatMap((d) => (d.kind === 'value' ? texts(d.value) : []));
}
