/**
 * Do the names of two calls belong together? `create_server` and `delete_server`, `start` and `stop`, `lease` and `give_back`.
 *
 * English verbs in opposite pairs, and what is left of the name without them. Names of libraries are no part of it, and nothing here is
 * evidence by itself: pairs.ts asks for names only about calls through which one value was seen to go.
 */

/** What a name says about a call that takes or gives a thing. */
export type Fit =
  /** Opposite verbs and the same noun. */
  | 'named'
  /** Opposite verbs, and a noun in one of them at most. */
  | 'opposite'
  /** The second one gives something back, and its noun, if it has one, is in the first. */
  | 'release'
  /** Verbs that are not known as opposites, and the same noun: `hire_crane`, `dismiss_crane`. */
  | 'same-noun'
  /** The second one gives back something that the first does not name. */
  | 'other-noun'
  | 'none';

/** Verbs that begin, and those that end what they began. A word may stand in several rows. */
const OPPOSITES: readonly (readonly [string, string])[] = [
  [
    'create make build new provision boot launch spawn declare define generate upload import clone mk touch put write setup post',
    'delete destroy remove drop purge terminate cleanup erase dispose kill unlink rm clean undeclare teardown clear',
  ],
  ['add insert append attach associate assign grant include', 'remove delete discard detach dissociate disassociate unassign revoke drop'],
  ['open connect login socket', 'close disconnect logout shutdown quit'],
  ['start begin run launch boot spawn enter fork serve', 'stop end finish join terminate kill shutdown quit exit halt cancel abort wait'],
  [
    'acquire lock take get lease borrow checkout claim reserve allocate alloc obtain hold rent',
    'release unlock giveback return free deallocate dealloc checkin unclaim unreserve put putback putconn release_conn unlease',
  ],
  ['mount', 'unmount umount'],
  ['register subscribe bind listen', 'unregister deregister unsubscribe unbind close stop'],
  ['enable activate turnon switchon', 'disable deactivate turnoff switchoff'],
  ['push', 'pop'],
  ['install', 'uninstall remove'],
  ['set', 'unset reset restore'],
  ['patch mock stub replace', 'unpatch restore undo stop'],
  ['setup prepare', 'teardown cleanup dismantle'],
  ['begin', 'commit rollback'],
  ['load', 'unload'],
  ['join', 'leave part'],
  ['export', 'unexport'],
  ['order book', 'sendback cancel'],
];

/** Two words that mean one: the underscore does not part verb and noun. */
const PHRASES: ReadonlyMap<string, string> = new Map([
  ['give back', 'giveback'],
  ['put back', 'putback'],
  ['hand back', 'giveback'],
  ['send back', 'sendback'],
  ['check out', 'checkout'],
  ['check in', 'checkin'],
  ['tear down', 'teardown'],
  ['set up', 'setup'],
  ['clean up', 'cleanup'],
  ['shut down', 'shutdown'],
  ['log in', 'login'],
  ['log out', 'logout'],
  ['turn on', 'turnon'],
  ['turn off', 'turnoff'],
  ['switch on', 'switchon'],
  ['switch off', 'switchoff'],
]);

/** Words in front of the verb that say how, not what: `_try_delete_resource`, `safe_close`. */
const ADVERBS = new Set([
  'try',
  'safe',
  'safely',
  'force',
  'maybe',
  'do',
  'really',
  'ensure',
  'async',
  'and',
  'test',
  'quietly',
  'silently',
  'wait',
  'to',
]);

/** `add_host_to_group`, `remove_host_from_group`. */
const PREPOSITIONS = new Set(['to', 'from', 'for', 'with', 'in', 'into', 'of', 'on', 'by', 'at']);

/** Calls that look at something, or make a plain value: what they return is nobody's to give back. */
const LOOKS = new Set([
  ...['get', 'list', 'show', 'find', 'read', 'is', 'has', 'assert', 'check', 'format', 'iter', 'next', 'copy', 'deepcopy', 'rand', 'random'],
  ...['parse', 'loads', 'load', 'dumps', 'dump', 'len', 'str', 'int', 'bytes', 'dict', 'tuple', 'set', 'sorted', 'sort', 'wait', 'verify'],
  ...['uuid', 'join', 'split', 'describe', 'fetch', 'lookup', 'count', 'super', 'getattr', 'abspath', 'dirname', 'basename', 'realpath'],
  ...['encode', 'decode', 'replace', 'strip', 'append', 'repr', 'enumerate', 'range', 'zip', 'map', 'filter', 'reversed', 'id', 'type', 'update'],
]);

const releasesOf = new Map<string, Set<string>>();
const releaseVerbs = new Set<string>();
for (const [begins, ends] of OPPOSITES) {
  for (const begin of begins.split(' ')) {
    const known = releasesOf.get(begin) ?? new Set();
    for (const end of ends.split(' ')) known.add(end);
    releasesOf.set(begin, known);
  }
  for (const end of ends.split(' ')) releaseVerbs.add(end);
}
const endings: ReadonlySet<string> = new Set(releaseVerbs);
// They end something only beside what began it: `queue.put(1)` alone gives nothing back.
for (const word of ['put', 'return', 'set', 'commit', 'pop', 'end', 'exit', 'wait', 'part', 'clear', 'reset', 'join', 'write'])
  releaseVerbs.delete(word);

export interface NameParts {
  readonly verb: string;
  /** Words behind the verb, in the singular. */
  readonly nouns: readonly string[];
}

const memo = new Map<string, NameParts>();

/** Verb and nouns of a call's last name: `_try_delete_servers` is delete, [server]; `mkdtemp` is mk, [dtemp]. */
export function partsOf(name: string): NameParts {
  let known = memo.get(name);
  if (!known) memo.set(name, (known = split(name)));
  return known;
}

function split(name: string): NameParts {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split('_')
    .filter((word) => word !== '');
  while (words.length > 1 && ADVERBS.has(words[0] as string)) words.shift();
  const [first = '', second = ''] = words;
  const phrase = PHRASES.get(`${first} ${second}`);
  if (phrase !== undefined) return { verb: phrase, nouns: words.slice(2).map(singular) };
  const short = /^(mk|rm)([a-z]{3,})$/.exec(first);
  if (short) return { verb: short[1] as string, nouns: [short[2] as string, ...words.slice(1).map(singular)] };
  return { verb: first, nouns: words.slice(1).map(singular) };
}

function singular(word: string): string {
  if (/(ies)$/.test(word)) return word.replace(/ies$/, 'y');
  return /[^s]s$/.test(word) && word.length > 3 ? word.slice(0, -1) : word;
}

/** The name says that something is given back. */
export function isReleaseName(name: string): boolean {
  const { verb } = partsOf(name);
  return releaseVerbs.has(verb) || (/^(un|de)[a-z]{3,}/.test(verb) === true && releasesOf.has(verb.replace(/^(un|de)/, '')));
}

/** The name may say so, of what it is called on: `thread.join()`, `process.wait()`. */
export function mayEnd(name: string): boolean {
  return endings.has(partsOf(name).verb) || isReleaseName(name);
}

/** A word of the name says that something is given back: `cleanup_later`, `wait_and_delete`. */
export function speaksOfRelease(name: string): boolean {
  return isReleaseName(name) || name.split('_').some((word) => releaseVerbs.has(word.toLowerCase()));
}

/** The call looks at something, or makes a plain value. */
export function isLook(name: string): boolean {
  return LOOKS.has(partsOf(name).verb);
}

/** How well the name of a release fits that of an acquisition. */
export function fitOf(acquire: string, release: string): Fit {
  const [a, b] = [partsOf(acquire), partsOf(release)];
  const [made, gone] = [a.nouns, b.nouns].map((nouns) => nouns.filter((noun) => !PREPOSITIONS.has(noun)).join(''));
  // `create_test_server` makes what `delete_server` deletes; `delete_group_user` deletes something else than `create_user` makes.
  const same = gone !== '' && made !== '' && ((made as string).endsWith(gone as string) || (a.verb === 'mk' && b.verb === 'rm'));
  const opposite = (releasesOf.get(a.verb)?.has(b.verb) ?? false) || b.verb === `un${a.verb}` || b.verb === `de${a.verb}`;
  if (opposite && same) return 'named';
  if (opposite && (a.nouns.length === 0 || b.nouns.length === 0)) return 'opposite';
  if (!isReleaseName(release)) return same && a.verb !== b.verb && !LOOKS.has(b.verb) ? 'same-noun' : 'none';
  const words = [a.verb, ...a.nouns];
  return b.nouns.length === 0 || b.nouns.every((noun) => words.includes(noun)) ? 'release' : 'other-noun';
}

/** What the thing is called: `create_network` makes a network, `socket` a socket, `TemporaryDirectory` a temporary-directory. */
export function thingOf(name: string): string {
  const { verb, nouns } = partsOf(name);
  const words =
    releasesOf.has(verb) && verb !== 'mk' && verb !== 'socket' && nouns.length > 0
      ? nouns
      : verb === 'mk'
        ? [`mk${nouns[0]}`, ...nouns.slice(1)]
        : [verb, ...nouns];
  const word = words.join('-').replace(/[^a-z0-9-]/g, '');
  return /^[a-z]/.test(word) ? word : 'thing';
}
