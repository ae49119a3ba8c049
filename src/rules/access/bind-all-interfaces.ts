/** Does a test listen on every interface of the machine? */
import { textOf } from '../../typestate/naming.ts';
import { addressOf, isPretendedListener } from '../addresses.ts';
import { type BoundaryCall, boundaryCalls, literalBehind } from '../boundaries.ts';
import { defineRule, py } from '../define.ts';

/** What Python takes for "every interface". */
const EVERYWHERE: ReadonlySet<unknown> = new Set(['', '0.0.0.0', '::', '0', '::0']);

/** Who speaks to a group must listen everywhere. */
const GROUP = /SO_BROADCAST|IP_ADD_MEMBERSHIP|IPV6_JOIN_GROUP|multicast|IPV6_V6ONLY|dualstack/i;

export const bindAllInterfaces = defineRule({
  id: 'bind-all-interfaces',
  title: 'A test server listens on every interface',
  pillar: 'access',
  cwe: ['CWE-923'],
  severity: 'warning',
  precision: 'high',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'While the test runs, everybody in the network can talk to its server, which was written to trust its client (CWE-1327); firewalls ask the developer for permission.',
    fix: 'Bind to `127.0.0.1` or `localhost`.',
    misses: 'Servers of frameworks whose constructors the configuration does not know (`roles: listens`).',
    bad: [
      py`
        import socket

        def test_echo():
            with socket.socket() as server:
                server.bind(("0.0.0.0", 0))    # expect: bind-all-interfaces
                server.listen()
      `,
      py`
        from http.server import BaseHTTPRequestHandler, HTTPServer

        def test_page():
            with HTTPServer(("", 0), BaseHTTPRequestHandler) as server:    # expect: bind-all-interfaces
                assert server.server_port
      `,
      py`
        import asyncio

        HOST = "::"

        async def test_stream():
            server = await asyncio.start_server(print, HOST, 0)    # expect: bind-all-interfaces "::1 is enough"
            server.close()
      `,
    ],
    good: [
      py`
        import socket

        def test_echo():
            with socket.socket() as server:
                server.bind(("127.0.0.1", 0))
                server.listen()
      `,
      py`
        def test_parse():
            assert "0.0.0.0:80".split(":") == ["0.0.0.0", "80"]
      `,
      py`
        import socket
        from unittest import mock

        def test_stubbed():
            with mock.patch("socket.socket") as factory:
                factory().bind.assert_not_called()
            fake_socket = mock.Mock()
            fake_socket.bind(("0.0.0.0", 80))
            fake_socket.listen()
      `,
      py`
        import socket

        def free_port():
            with socket.socket() as probe:
                probe.bind(("", 0))
                return probe.getsockname()[1]
      `,
      py`
        import socket

        def test_group():
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
                receiver.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
                receiver.bind(("", 0))
      `,
      py`
        import unittest
        from unittest import mock

        class TestServer(unittest.TestCase):
            @mock.patch("asyncio.base_events.socket")
            def test_no_port(self, sockets):
                future = self.loop.create_server(print, "0.0.0.0", 0, reuse_port=True)
                self.assertRaises(ValueError, self.loop.run_until_complete, future)
      `,
    ],
  },
  check(context, report) {
    const calls = boundaryCalls(context, 'listens');
    for (const call of calls) {
      const { instr, scope } = call;
      const address = addressOf(call, context);
      const host = address?.host && literalBehind(address.host, address.scope, context.engine);
      if (!EVERYWHERE.has(host) || !isReachable(call) || isPretendedListener(call, context)) continue;
      const isIpv6 = host === '::' || host === '::0' || /AF_INET6/.test(scope.module.text.slice(instr.start, instr.end));
      const shown = host === '' ? 'an empty host' : String(host);
      report({
        module: scope.module,
        start: instr.start,
        end: instr.end,
        test: scope.fn.qualifiedName,
        // A port that nobody knows beforehand is hard to find for as long as a test runs.
        ...(isWrittenPort(address?.port && literalBehind(address.port, address.scope, context.engine)) ? {} : { severity: 'note' as const }),
        message: `${textOf(scope.module, instr.callee)} listens on every interface of the machine (${shown}); ${isIpv6 ? '::1' : '127.0.0.1'} is enough for a test`,
      });
    }
    return calls.length;
  },
});

const isWrittenPort = (port: unknown): boolean => typeof port === 'number' && port > 0;

/** A bound socket that never listens is reachable only if it takes datagrams. */
function isReachable({ instr, scope }: BoundaryCall): boolean {
  const own = scope.module.text.slice(scope.fn.start, scope.fn.end);
  if (GROUP.test(own)) return false;
  if (instr.callee.op !== 'attr' || instr.callee.name !== 'bind') return true;
  const around = instr.callee.of.op === 'attr' && scope.cls ? scope.module.text.slice(scope.cls.body.start, scope.cls.body.end) : own;
  return /\.listen\(|SOCK_DGRAM|\.recvfrom\(/.test(around);
}
