/**
 * Do the packs of libraries say the right thing of a call? One table for each pack: calls, and the kinds and handles that they must have.
 *
 * Each pack is compiled with the core only, as for a file that imports nothing else; a row whose kind is missing says "holds nothing".
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { CallView } from '../src/config/call-view.ts';
import { printHandlePath } from '../src/config/handle-path.ts';
import { shippedPacks } from '../src/config/load-packs.ts';
import type { Pack } from '../src/config/model.ts';
import { compilePatterns } from '../src/config/patterns.ts';
import { selectPacks } from '../src/config/select.ts';
import { call, constant, dynamic } from './config-calls.ts';

let all: readonly Pack[] = [];

beforeAll(async () => {
  const { packs, problems } = await shippedPacks();
  expect(problems).toEqual([]);
  all = packs;
});

const patternsFor = (imported: string) => compilePatterns(selectPacks(all, { imports: [imported], bases: [] }));

describe('what acquires', () => {
  test.each<[string, CallView, string[]]>([
    // web
    [
      'urllib3',
      call('urllib3.PoolManager'),
      ['http-pool return on request urlopen request_encode_url request_encode_body _get_conn _new_conn _make_request'],
    ],
    [
      'urllib3',
      call('urllib3.connectionpool.HTTPSConnectionPool'),
      ['http-pool return on request urlopen request_encode_url request_encode_body _get_conn _new_conn _make_request'],
    ],
    ['urllib3', call('urllib3.connection.HTTPConnection'), ['pool-connection return on connect request request_chunked putrequest _new_conn']],
    ['urllib3', call('x.request', { types: ['urllib3-pool'] }), []],
    ['urllib3', call('x.request', { types: ['urllib3-pool'], keywords: { preload_content: constant(false) } }), ['pool-response return']],
    ['requests', call('requests.get'), []],
    ['requests', call('requests.get', { keywords: { stream: constant(true) } }), ['streamed-response return']],
    ['requests', call('requests.Session'), ['requests-session return on get post put patch delete head options request send']],
    ['tornado', call('tornado.iostream.IOStream'), ['tornado-stream return']],
    ['tornado', call('tornado.netutil.bind_sockets'), ['listening-socket return[*]']],
    ['tornado', call('tornado.testing.bind_unused_port'), ['listening-socket return[0]']],
    ['tornado', call('tornado.ioloop.IOLoop'), ['io-loop return']],
    ['tornado', call('tornado.ioloop.IOLoop.current'), []],
    ['tornado', call('tornado.httpclient.AsyncHTTPClient'), []],
    ['tornado', call('tornado.httpclient.AsyncHTTPClient', { keywords: { force_instance: constant(true) } }), ['tornado-client return']],
    ['flask', call('x.app_context', { types: ['flask-application'] }), ['application-context return on push']],
    ['flask', call('flask.send_file'), ['file-response return']],
    ['werkzeug', call('werkzeug.serving.make_server'), ['wsgi-server return']],
    // openstack
    ['tempest', call('x.create_qos_policy', { types: ['tempest-client'] }), ['tempest-resource return']],
    [
      'tempest',
      call('x.create_backup', { types: ['tempest-client'], keywords: { backup_type: constant('daily') } }),
      ['tempest-backup-image return'],
    ],
    // messaging
    ['zmq', call('zmq.Context'), ['zmq-context return']],
    ['zmq', call('zmq.Context.instance'), []],
    ['zmq', call('x.socket', { types: ['zmq-context'] }), ['zmq-socket return']],
    ['zmq', call('x.socket'), []],
    ['kombu', call('kombu.Connection', { positional: [constant('amqp://localhost//')] }), ['broker-connection return']],
    ['kombu', call('kombu.Connection', { positional: [constant('memory://')] }), []],
    ['pika', call('x.channel', { types: ['amqp-connection'] }), ['broker-channel return']],
    // trio
    ['anyio', call('anyio.create_memory_object_stream'), ['memory-stream return[0] return[1]']],
    ['trio', call('trio.open_tcp_listeners'), ['network-listener return[*]']],
    ['trio', call('trio.open_memory_channel'), []],
    // git
    ['dulwich', call('dulwich.repo.Repo.init_bare'), []],
    ['dulwich', call('dulwich.porcelain.clone'), ['repository return']],
    ['dulwich', call('dulwich.repo.MemoryRepo'), []],
    ['dulwich', call('dulwich.tests.utils.open_repo'), ['repository-copy return']],
    ['git', call('git.Repo.clone_from'), ['git-repository return']],
    ['git', call('x.config_writer'), ['git-config-writer return']],
    ['git', call('x.config_writer', { managers: ['self.assertRaises'] }), []],
    // files
    ['PIL', call('PIL.Image.open'), ['image-file return']],
    ['astropy', call('astropy.io.fits.open'), ['fits-file return']],
    ['h5py', call('h5py.File'), ['hdf-file return']],
    ['numpy', call('numpy.load', { positional: [constant('a.npy')] }), []],
    ['numpy', call('numpy.load', { positional: [constant('a.npz')] }), ['array-archive return']],
    ['pandas', call('pandas.read_csv', { positional: [dynamic] }), []],
    ['pandas', call('pandas.read_csv', { positional: [dynamic], keywords: { chunksize: constant(2) } }), ['table-reader return']],
    ['filelock', call('filelock.FileLock'), ['lock-file return on acquire']],
    // twisted
    ['twisted', call('twisted.internet.reactor.listenTCP'), ['listening-port return']],
    ['twisted', call('x.listenTCP'), []],
    ['twisted', call('x.open', { types: ['twisted-path'] }), ['twisted-file return']],
    // gevent
    ['gevent', call('gevent.socket.create_connection'), ['gevent-socket return']],
    ['gevent', call('gevent.pywsgi.WSGIServer'), ['gevent-server return on start serve_forever init_socket']],
    ['eventlet', call('eventlet.listen'), ['gevent-socket return']],
    // distributed
    ['distributed', call('distributed.Client'), ['cluster-client return']],
    ['dask', call('dask.distributed.Nanny'), ['compute-node return']],
    ['pyspark', call('SparkSession.builder.master().getOrCreate', { imported: false }), ['spark-session return']],
    // servers
    ['oslo_service', call('product.service.WSGIService'), ['oslo-service return on start']],
    ['uvicorn', call('uvicorn.Server'), ['asgi-server return on startup']],
    ['paramiko', call('paramiko.SSHClient'), ['ssh-connection return on connect']],
    ['netlib', call('x.connect', { types: ['proxy-client'] }), ['proxy-client return']],
    // doubles
    ['freezegun', call('freezegun.freeze_time'), ['double return on start']],
    ['moto', call('moto.mock_s3'), ['double return on start']],
    ['mox', call('mox.Mox'), ['stub-set return on StubOutWithMock StubOutClassWithMocks']],
    // databases
    ['ZODB', call('x.open', { types: ['zodb-database'] }), ['zodb-connection return']],
    ['redis', call('x.master_for', { types: ['redis-sentinel'] }), ['sentinel-client return on *']],
    ['cassandra', call('cassandra.cluster.Cluster'), ['cluster-session return on connect']],
    ['aiosqlite', call('aiosqlite.connect'), ['async-sqlite-connection return']],
    ['pymysql', call('pymysql.connect'), ['database-connection return']],
    ['pymysql', call('pymysql.connect', { keywords: { defer_connect: constant(true) } }), ['database-connection return on connect']],
    // the core
    ['unittest', call('multiprocessing.Pipe'), ['connection return[0] return[1]']],
    ['unittest', call('requests.Session'), []],
  ])('%s: %#', (imported, view, expected) => {
    const found = patternsFor(imported)
      .acquisitions(view)
      .map(({ kind, pattern }) =>
        [kind.kind, ...pattern.handles.map(printHandlePath), ...(pattern.startedBy.length > 0 ? ['on', ...pattern.startedBy] : [])].join(' '),
      );
    expect(found).toEqual(expected);
  });
});

describe('what releases', () => {
  test.each<[string, string, CallView, string[]]>([
    ['urllib3', 'pool-response', call('x.read'), ['receiver']],
    ['urllib3', 'pool-response', call('x.read', { positional: [constant(1)] }), []],
    ['tornado', 'tornado-server', call('x.close_all_connections'), []],
    ['tornado', 'listening-socket', call('x.add_sockets'), ['any-arg']],
    ['werkzeug', 'wsgi-server', call('x.shutdown'), ['receiver']],
    ['zmq', 'zmq-socket', call('x.destroy'), ['receiver']],
    ['zmq', 'zmq-socket', call('x.term'), []],
    ['PIL', 'image-file', call('x.load'), ['receiver']],
    ['PIL', 'image-file', call('x.seek'), []],
    ['dulwich', 'repository-copy', call('dulwich.tests.utils.tear_down_repo'), ['arg[0]']],
    ['dulwich', 'repository-copy', call('x.close'), []],
    ['git', 'git-config-writer', call('x.release'), ['receiver']],
    ['gevent', 'greenlet', call('gevent.joinall'), ['any-arg', 'arg[0]']],
    ['gevent', 'gevent-server', call('x.stop'), ['receiver']],
    ['oslo_service', 'oslo-service', call('x.wait'), []],
    ['ZODB', 'zodb-connection', call('x.close'), ['receiver']],
    ['aiohttp', 'http-test-server', call('aiohttp.test_utils.TestClient'), ['arg[0]']],
    ['aiohttp', 'http-test-server', call('aiohttp.test_utils.TestServer'), []],
  ])('%s: %s %#', (imported, kindName, view, expected) => {
    const patterns = patternsFor(imported);
    const kind = patterns.kinds.get(kindName);
    expect(kind).toBeDefined();
    if (kind === undefined) return;
    expect(patterns.releases(view, kind, {}).map(({ pattern }) => printHandlePath(pattern.handle))).toEqual(expected);
  });
});
