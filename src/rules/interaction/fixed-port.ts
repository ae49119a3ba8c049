/** Does a test listen on a port whose number it has written down? */
import { textOf } from '../../typestate/naming.ts';
import { addressOf, isPretendedListener, isTolerated } from '../addresses.ts';
import { boundaryCalls, literalBehind } from '../boundaries.ts';
import { defineRule, py } from '../define.ts';

const HIGHEST_PORT = 65535;

/** Addresses of the machine itself. */
const OWN = /^(|localhost|127\..*|0\.0\.0\.0|::1?)$/;

export const fixedPort = defineRule({
  id: 'fixed-port',
  title: 'The test listens on a fixed port',
  pillar: 'interaction',
  cwe: ['CWE-435'],
  severity: 'warning',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'Two runs on one machine, two tests in parallel, or any other program that has the port make the test fail with "address already in use" (CWE-605), although nothing that it tests is wrong.',
    fix: 'Bind to port 0 and ask the socket which port it was given: `server.getsockname()[1]`, `server.server_port`.',
    misses: 'Servers of frameworks whose constructors the configuration does not know (`roles: listens`).',
    bad: [
      py`
        import socket

        def test_echo():
            with socket.socket() as server:
                server.bind(("127.0.0.1", 8080))    # expect: fixed-port "8080"
                server.listen()
      `,
      py`
        from http.server import BaseHTTPRequestHandler, HTTPServer

        ADDRESS = ("localhost", 8000)

        def test_page():
            with HTTPServer(ADDRESS, BaseHTTPRequestHandler) as server:    # expect: fixed-port
                assert server.server_port == 8000
      `,
      py`
        import asyncio
        import unittest

        class TestStream(unittest.IsolatedAsyncioTestCase):
            PORT = 9999

            async def test_stream(self):
                server = await asyncio.start_server(print, "127.0.0.1", self.PORT)    # expect: fixed-port "9999"
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
        import socket

        def test_connect():
            with socket.socket() as client:
                client.connect(("127.0.0.1", 8080))
      `,
      py`
        import pytest
        import socket

        def test_taken():
            with socket.socket() as server:
                with pytest.raises(PermissionError):
                    server.bind(("127.0.0.1", 80))
      `,
      py`
        import socket

        def test_echo(unused_tcp_port):
            with socket.socket() as server:
                server.bind(("127.0.0.1", unused_tcp_port))
      `,
      py`
        import socket
        from unittest import mock

        def test_netlink_and_mock():
            mock.Mock().bind(("127.0.0.1", 80))
            with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW) as route:
                route.bind((0, 1))
      `,
      py`
        import socket

        def test_next_port():
            server = socket.socket()
            try:
                server.bind(("127.0.0.1", 8080))
            except OSError:
                server.bind(("127.0.0.1", 0))
            server.close()
      `,
    ],
  },
  check(context, report) {
    const calls = boundaryCalls(context, 'listens');
    for (const call of calls) {
      const { instr, scope } = call;
      const address = addressOf(call, context);
      const port = address && literalBehind(address.port, address.scope, context.engine);
      if (!address || typeof port !== 'number' || port < 1 || port > HIGHEST_PORT || isPretendedListener(call, context)) continue;
      const host = literalBehind(address.host, address.scope, context.engine);
      // A number in the first place is no host, and an address of another machine is expected to fail.
      if (host !== undefined && host !== null && (typeof host !== 'string' || !OWN.test(host))) continue;
      if (isTolerated(call, context)) continue;
      report({
        module: scope.module,
        start: instr.start,
        end: instr.end,
        test: scope.fn.qualifiedName,
        message: `${textOf(scope.module, instr.callee)} listens on port ${port}: two runs on one machine cannot both have it`,
      });
    }
    return calls.length;
  },
});
