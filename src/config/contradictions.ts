/**
 * Do the settings of the project's files contradict each other, or name what does not exist? Packs, kinds, rules by name alone.
 *
 * Two lines of one file that cannot both be meant are a mistake; a file that takes back what a file it extends said is not. Rule ids are
 * compared with each other only: whether they exist is known elsewhere (app/rule-settings.ts).
 */
import picomatch from 'picomatch';
import type { Pack } from './model.ts';
import { type ConfigProblem, nearest, printKey } from './problems.ts';
import type { Statement } from './statements.ts';

/** Problems of the settings. `packs` are all that are known, `shipped` those that can be extended and disabled by name. */
export function checkStatements(statements: readonly Statement[], packs: readonly Pack[], shipped: readonly Pack[]): readonly ConfigProblem[] {
  const kinds = packs.flatMap((pack) => [...pack.resources, ...pack.state].map((entry) => entry.kind));
  const ids = shipped.map((pack) => pack.id);
  const files = new Map<string, Statement[]>();
  for (const statement of statements) files.set(statement.file, [...(files.get(statement.file) ?? []), statement]);
  return [
    ...unknown(statements, 'disable-packs', 'pack', ids),
    ...unknown(statements, 'disable-kinds', 'kind', kinds),
    ...[...files.values()].flatMap((said) => [...rules(said), ...packsBothWays(said), ...pathsLeftOut(said)]),
  ];
}

/** A problem at a statement. */
export function problemOf(at: Statement, message: string, suggestion?: string): ConfigProblem {
  const { file, line, column } = at;
  const said = suggestion === undefined ? message : `${message}; did you mean \`${suggestion}\`?`;
  return { file, line, column, key: printKey(at.key), message: said, ...(suggestion !== undefined && { suggestion }) };
}

const under = (said: readonly Statement[], ...keys: readonly PropertyKey[]): readonly Statement[] =>
  said.filter(({ key }) => keys.every((name, index) => key[index] === name));

function unknown(said: readonly Statement[], key: string, what: string, valid: readonly string[]): readonly ConfigProblem[] {
  return under(said, key)
    .filter(({ value }) => !valid.includes(String(value)))
    .map((at) => problemOf(at, `there is no ${what} \`${at.value}\``, nearest(String(at.value), valid)));
}

/** What is selected may not be ignored in the same breath, nor be given a severity that says something else. */
function rules(said: readonly Statement[]): readonly ConfigProblem[] {
  const globs = new Set(under(said, 'per-path').map(({ key }) => String(key[1])));
  const scopes: readonly (readonly PropertyKey[])[] = [[], ...[...globs].map((glob) => ['per-path', glob])];
  const turnedOn = new Set(under(said, 'per-path').flatMap(({ key, value }) => (key[2] === 'extend-select' ? [value] : [])));
  return scopes.flatMap((scope) => {
    const selected = [...under(said, ...scope, 'select'), ...under(said, ...scope, 'extend-select')];
    const ignored = under(said, ...scope, 'ignore');
    const severities = under(said, ...scope, 'severity');
    const sameAs = (list: readonly Statement[], name: unknown): Statement | undefined => list.find(({ value }) => value === name);
    return [
      ...ignored.flatMap((at) => {
        const other = sameAs(selected, at.value);
        return other === undefined ? [] : [problemOf(at, `\`${at.value}\` is ignored here and selected on line ${other.line}: leave one out`)];
      }),
      ...severities.flatMap((at) => {
        const rule = at.key[at.key.length - 1];
        const on = sameAs(selected, rule);
        const off = sameAs(ignored, rule);
        if (at.value === 'off' && on !== undefined)
          return [problemOf(at, `\`${String(rule)}\` is off here and selected on line ${on.line}: leave one out`)];
        if (at.value !== 'off' && off !== undefined && !(scope.length === 0 && turnedOn.has(String(rule))))
          return [problemOf(at, `\`${String(rule)}\` has a severity here and is ignored on line ${off.line}: leave one out`)];
        return [];
      }),
    ];
  });
}

function packsBothWays(said: readonly Statement[]): readonly ConfigProblem[] {
  return under(said, 'disable-packs').flatMap((at) => {
    const other = under(said, 'extends').find(({ value }) => value === at.value);
    return other === undefined ? [] : [problemOf(at, `the pack \`${at.value}\` is disabled here and extended on line ${other.line}: leave one out`)];
  });
}

/** A path that is to be analysed and is excluded as a whole. */
function pathsLeftOut(said: readonly Statement[]): readonly ConfigProblem[] {
  return under(said, 'exclude').flatMap((at) => {
    const leavesOut = picomatch([String(at.value), `${String(at.value).replace(/\/$/, '')}/**`], { dot: true });
    const other = under(said, 'paths').find(({ value }) => {
      const path = String(value).replace(/^\.\//, '').replace(/\/$/, '');
      return path !== '' && path !== '.' && leavesOut(path);
    });
    return other === undefined ? [] : [problemOf(at, `leaves out all of \`${other.value}\`, which is to be analysed by line ${other.line}`)];
  });
}
