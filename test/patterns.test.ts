/**
 * Do the shipped packs say the right thing of a call? Tables of calls and the kinds, releases and effects that they must have.
 *
 * Each row was looked up in the library's documentation or source; a row is where a mistake in a pack is written down.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { CallView, Patterns } from '../src/config/call-view.ts';
import { printHandlePath } from '../src/config/handle-path.ts';
import { shippedPacks } from '../src/config/load-packs.ts';
import type { Pack } from '../src/config/model.ts';
import { compilePatterns } from '../src/config/patterns.ts';
import { selectPacks } from '../src/config/select.ts';
import { call, constant, dynamic } from './config-calls.ts';

let all: readonly Pack[] = [];
let core: Patterns;

beforeAll(async () => {
  const { packs, problems } = await shippedPacks();
  expect(problems).toEqual([]);
  all = packs;
  core = compilePatterns(selectPacks(packs, { imports: [], bases: [] }));
});

const acquired = (patterns: Patterns, view: CallView) =>
  patterns
    .acquisitions(view)
    .map(
      ({ kind, pattern }) =>
        `${kind.kind} ${pattern.handles.map(printHandlePath).join(' ')}${pattern.startedBy.length > 0 ? ` on ${pattern.startedBy.join(' ')}` : ''}`,
    );

describe('what acquires', () => {
  test.each<[string, CallView, string[]]>([
    ['open()', call('open'), ['file return']],
    ['open of a borrowed descriptor', call('open', { keywords: { closefd: constant(false) } }), []],
    [
      'io.open, positional closefd',
      call('io.open', { positional: [dynamic, constant('r'), constant(-1), constant(null), constant(null), constant(null), constant(false)] }),
      [],
    ],
    ['gzip over a file object', call('gzip.GzipFile', { keywords: { fileobj: dynamic } }), []],
    ["a path's open", call('x.open', { types: ['path'] }), ['file return']],
    ["somebody's open", call('x.open'), []],
    ['os.open', call('os.open'), ['descriptor return']],
    ['a pipe has two ends', call('os.pipe'), ['descriptor return[0] return[1]']],
    ['mkstemp makes a descriptor and a file', call('tempfile.mkstemp'), ['descriptor return[0]', 'temporary-path return[1]']],
    ['a named temporary file', call('tempfile.NamedTemporaryFile'), ['temporary-file return']],
    [
      'one that stays on the disk',
      call('tempfile.NamedTemporaryFile', { keywords: { delete: constant(false) } }),
      ['temporary-file return', 'temporary-path return.name'],
    ],
    ['mkdtemp', call('tempfile.mkdtemp'), ['temporary-directory return']],
    ['accept on a socket', call('x.accept', { types: ['socket'] }), ['socket return[0]']],
    ['a thread, when it is started', call('threading.Thread', { keywords: { target: dynamic } }), ['thread return on start']],
    ['a daemon thread', call('threading.Thread', { keywords: { daemon: constant(true) } }), []],
    ['a thread that may be a daemon', call('threading.Thread', { keywords: { daemon: dynamic } }), []],
    ['a child process', call('subprocess.Popen'), ['process return']],
    ['sqlite', call('sqlite3.connect'), ['sqlite-connection return']],
    ['a patcher', call('unittest.mock.patch.object'), ['patch return on start __enter__']],
    ['the mock package', call('mock.patch'), ['patch return on start __enter__']],
    ['shared memory that exists already', call('multiprocessing.shared_memory.SharedMemory', { keywords: { name: dynamic } }), []],
    [
      'shared memory that is made',
      call('multiprocessing.shared_memory.SharedMemory', { keywords: { create: constant(true) } }),
      ['shared-memory return'],
    ],
    ['an unknown call', call('x.frobnicate'), []],
  ])('%s', (_name, view, expected) => {
    expect(acquired(core, view)).toEqual(expected);
  });
});

describe('what releases', () => {
  test.each<[string, string, CallView, string[]]>([
    ['file', 'close', call('x.close'), ['receiver']],
    ['descriptor', 'os.close', call('os.close'), ['arg[0]']],
    ['descriptor', 'fdopen takes it over', call('os.fdopen'), ['arg[0]']],
    ['descriptor', 'fdopen that does not', call('os.fdopen', { keywords: { closefd: constant(false) } }), []],
    ['process', 'wait', call('x.wait'), ['receiver']],
    ['process', 'kill leaves a zombie', call('x.kill'), []],
    ['socket-server', 'shutdown keeps the port', call('x.shutdown'), []],
    ['socket-server', 'server_close', call('x.server_close'), ['receiver']],
    ['temporary-directory', 'rmtree', call('shutil.rmtree'), ['arg[0]']],
    ['temporary-directory', 'test.support', call('test.support.os_helper.rmtree'), ['arg[0]']],
    ['thread', 'join', call('x.join'), ['receiver']],
    ['patch', 'stop', call('x.stop'), ['receiver']],
    ['sqlite-connection', 'commit', call('x.commit'), []],
  ])('%s: %s', (kindName, _name, view, expected) => {
    const kind = core.kinds.get(kindName);
    expect(kind).toBeDefined();
    if (kind === undefined) return;
    expect(core.releases(view, kind, {}).map(({ pattern }) => printHandlePath(pattern.handle))).toEqual(expected);
  });

  test('stopall stops whatever was started', () => {
    const kind = core.kinds.get('patch');
    expect(kind && core.releases(call('unittest.mock.patch.stopall'), kind, {}).map(({ pattern }) => pattern.sweeps)).toEqual([true]);
  });

  test('a call that looks like a release is known as none', () => {
    const process = core.kinds.get('process');
    expect(process && core.isNotRelease(process, 'kill')).toBe(true);
    expect(process && core.isNotRelease(process, 'wait')).toBe(false);
  });
});

describe('what registers', () => {
  test.each<[string, CallView, string | null]>([
    ['addCleanup', call('self.addCleanup'), 'test arg[0] lifo'],
    ['addCleanup under asyncio', call('self.addCleanup', { bases: ['unittest.IsolatedAsyncioTestCase'] }), 'test arg[0] lifo awaits'],
    ['addClassCleanup', call('cls.addClassCleanup'), 'class arg[0] lifo'],
    ['addModuleCleanup', call('unittest.addModuleCleanup'), 'module arg[0] lifo'],
    ['enterContext', call('self.enterContext'), 'test manager arg[0] lifo'],
    ['useFixture', call('self.useFixture'), 'test manager arg[0] lifo'],
    ['callback of an exit stack', call('x.callback', { types: ['exit-stack'] }), 'receiver arg[0] lifo'],
    ["somebody's callback", call('x.callback'), null],
    ['enter_context', call('x.enter_context', { types: ['exit-stack'] }), 'receiver manager arg[0] lifo'],
    ['addfinalizer', call('x.addfinalizer'), 'fixture arg[0] lifo'],
    ['atexit', call('atexit.register'), 'process arg[0] lifo'],
  ])('%s', (_name, view, expected) => {
    const found = core.registration(view)?.pattern;
    const said = found && [
      found.scope,
      found.callable && printHandlePath(found.callable),
      found.manager && `manager ${printHandlePath(found.manager)}`,
      found.order,
      found.awaits ? 'awaits' : null,
    ];
    expect(said?.filter(Boolean).join(' ') ?? null).toBe(expected);
  });
});

describe('what calls and managers do', () => {
  test.each<[CallView, string]>([
    [call('len'), 'borrows safe'],
    [call('json.load'), 'borrows'],
    [call('io.TextIOWrapper'), 'wraps rarely-raises'],
    [call('self.assertEqual'), 'asserts borrows'],
    [call('self.fail'), 'raises'],
    [call('pytest.skip'), 'raises'],
    [call('os._exit'), 'borrows ends fails-with'],
    [call('io.BytesIO'), 'in-memory safe'],
    [call('os.path.join', { positional: [dynamic, dynamic] }), 'borrows safe'],
    [call('os.path.join', { positional: [dynamic] }), 'borrows safe wraps'],
    [call('gc.collect'), 'borrows safe collects'],
    [call('x.frobnicate'), ''],
  ])('%#', (view, expected) => {
    const effects = [...new Set(core.models(view).map(({ pattern }) => pattern.effect))];
    expect(new Set(effects)).toEqual(new Set(expected === '' ? [] : expected.split(' ')));
  });

  test.each<[CallView, string[]]>([
    [call('self.assertRaises'), ['must-raise']],
    [call('pytest.raises'), ['must-raise']],
    [call('contextlib.suppress'), ['swallows']],
    [call('self.subTest'), ['swallows-failure']],
    [call('contextlib.nullcontext'), ['releases-nothing']],
    [call('contextlib.closing'), ['releases-argument']],
    [call('self.assertWarns', { positional: [{ dynamic: true, name: 'ResourceWarning' }] }), ['intended', 'releases-nothing']],
    [call('self.assertWarns', { positional: [{ dynamic: true, name: 'DeprecationWarning' }] }), ['releases-nothing']],
  ])('manager %#', (view, expected) => {
    expect(
      core
        .manager(view)
        .map(({ pattern }) => pattern.effect)
        .sort(),
    ).toEqual(expected);
  });

  test.each<[CallView, string]>([
    [call('os.chdir'), 'working-directory changes'],
    [call('os.getcwd'), 'working-directory saves'],
    [call('logging.disable', { positional: [constant(50)] }), 'logging-level changes'],
    [call('logging.disable', { positional: [constant(0)] }), 'logging-level restores'],
    [call('socket.setdefaulttimeout', { positional: [constant(null)] }), 'socket-timeout restores'],
    [call('gc.enable'), 'garbage-collector restores'],
  ])('state %#', (view, expected) => {
    expect(core.stateOfCall(view).map(({ state, role }) => `${state.kind} ${role}`)).toContain(expected);
  });

  test('assigning to os.environ changes the environment', () => {
    expect(core.statesOfTarget('os.environ').map((state) => state.kind)).toEqual(['environment']);
    expect(core.statesOfTarget('os.name')).toEqual([]);
  });
});

describe('which packs are on', () => {
  test('the core always, a library where it is imported', () => {
    const ids = (imports: string[], bases: string[] = []) => selectPacks(all, { imports, bases }).map((pack) => pack.id);
    expect(ids([])).toEqual(['python', 'unittest', 'pytest', 'mock', 'boundaries']);
    for (const pack of all.filter(({ appliesTo }) => appliesTo.imports.length > 0)) {
      expect(ids([`${pack.appliesTo.imports[0]}.inner.module`])).toContain(pack.id);
      expect(ids([`${pack.appliesTo.imports[0]}x`])).not.toContain(pack.id);
    }
  });

  test('the same packs are compiled once', () => {
    const packs = selectPacks(all, { imports: [], bases: [] });
    expect(compilePatterns([...packs])).toBe(compilePatterns(packs));
  });
});
