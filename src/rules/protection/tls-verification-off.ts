/** Does a test talk to another machine without looking at its certificate? */
import type { Operand } from '../../ir/ir.ts';
import { argumentOf, callBehind } from '../../program/call-site.ts';
import type { Scope } from '../../program/scope.ts';
import { textOf } from '../../typestate/naming.ts';
import { boundaryCalls, isPretended, literalBehind } from '../boundaries.ts';
import { defineRule, py, type RuleContext } from '../define.ts';
import { placedAssignments } from '../placed.ts';

/** Addresses of the machine itself, and names that exist for tests: nobody stands in between. */
const LOCAL = /^(https?:)?\/*(\[?::1|localhost|127\.|0\.0\.0\.0|[\w.-]+\.(test|invalid|localhost|local|internal)\b)|^http:/i;

/** Where the file runs the server itself, the certificate is its own. */
const OWN_SERVER =
  /server_side\s*=\s*True|PROTOCOL_TLS_SERVER|HTTPServer|start_server|create_server|\.listen\(|localhost|127\.0\.0\.1|CLIENT_AUTH|httpserver|live_server/;

/** Attributes that take the checking away. */
const SWITCHES = new Set(['_create_default_https_context', 'verify_mode']);

export const tlsVerificationOff = defineRule({
  id: 'tls-verification-off',
  title: 'The certificate of the peer is not looked at',
  pillar: 'protection',
  cwe: ['CWE-345'],
  severity: 'warning',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: "Anybody between the two machines can read what the test sends, its credentials included, and answer in the server's name (CWE-295); and the test does not notice when the certificate of the real service is wrong.",
    fix: 'Leave verification on; for a private certificate, trust it: `verify="ca.pem"`, `ssl.create_default_context(cafile="ca.pem")`.',
    misses: 'Addresses that are computed: whether the peer is local cannot be seen there. They are reported where they come from the environment.',
    bad: [
      py`
        import requests

        def test_health():
            assert requests.get("https://shop.example.com/health", verify=False).ok    # expect: tls-verification-off
      `,
      py`
        import ssl

        ssl._create_default_https_context = ssl._create_unverified_context    # expect: tls-verification-off "the whole process"

        def test_health():
            assert True
      `,
      py`
        import ssl
        import urllib.request

        def test_health():
            context = ssl.create_default_context()
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE    # expect: tls-verification-off
            urllib.request.urlopen("https://shop.example.com/", context=context).close()
      `,
    ],
    good: [
      py`
        import requests

        def test_health(server):
            assert requests.get("https://localhost:8443/health", verify=False).ok
            assert requests.get("http://shop.example.com/health", verify=False).ok
      `,
      py`
        import requests

        def test_health():
            assert requests.get("https://shop.example.com/health", verify="ca.pem").ok
      `,
      py`
        import ssl

        def test_mode():
            context = ssl.create_default_context()
            assert context.verify_mode != ssl.CERT_NONE
      `,
      py`
        import ssl
        import threading
        from http.server import HTTPServer, SimpleHTTPRequestHandler

        def test_server():
            server = HTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            server.server_close()
      `,
      py`
        from unittest import mock
        import shop

        def test_passes_option():
            with mock.patch("requests.get") as get:
                shop.health(verify=False)
                get.assert_called_once_with("https://shop.example.com/health", verify=False)
      `,
    ],
  },
  check(context, report) {
    const { module, engine } = context;
    const calls = boundaryCalls(context, 'skips-verification');
    const assignments = placedAssignments(context).filter((a) => a.instr.target.op === 'attr' && SWITCHES.has(a.instr.target.name));
    if ((calls.length === 0 && assignments.length === 0) || !/verif|CERT_NONE|cert_reqs/.test(module.text)) return 0;
    let sites = calls.length;
    for (const { instr, scope } of calls) {
      const { importPath, method } = engine.calls.info(instr, scope).view;
      if (isPretended(instr, scope, engine) || importPath === 'ssl._create_unverified_context') continue;
      const url = argumentOf(instr.args, method === 'request' || method === 'stream' ? 1 : 0, 'url');
      if (!goesOut(url, scope, context)) continue;
      report({
        module,
        start: instr.start,
        end: instr.end,
        test: scope.fn.qualifiedName,
        message: `${textOf(module, instr.callee)} does not look at the certificate of ${url ? textOf(module, url) : 'its peer'}`,
      });
    }
    for (const { instr, scope } of assignments) {
      const { target, value } = instr;
      if (target.op !== 'attr') continue;
      const whole = target.name === '_create_default_https_context' && engine.values.canonical(value, scope) === 'ssl._create_unverified_context';
      const none = target.name === 'verify_mode' && engine.values.canonical(value, scope) === 'ssl.CERT_NONE';
      if (!whole && !none) continue;
      sites++;
      if (!whole && (OWN_SERVER.test(module.text) || !leavesTheMachine(scope, context))) continue;
      report({
        module,
        start: instr.start,
        end: instr.end,
        test: scope.fn.kind === 'module' ? '' : scope.fn.qualifiedName,
        message: whole
          ? 'certificates are not looked at any more, in the whole process'
          : `${textOf(module, target)} is switched off, and the function connects to another machine`,
      });
    }
    return sites;
  },
});

/** The address is a constant of another machine, or comes from the environment. */
function goesOut(url: Operand | undefined, scope: Scope, context: RuleContext): boolean {
  if (!url) return false;
  const literal = literalBehind(url, scope, context.engine);
  if (typeof literal === 'string') return /^https:/i.test(literal) && !LOCAL.test(literal);
  if (url.op === 'format') return typeof url.parts[0] === 'string' && /^https:\/\/[\w-]+\.[\w.-]+/i.test(url.parts[0]) && !LOCAL.test(url.parts[0]);
  const call = callBehind(url, scope);
  return call !== undefined && /^os\.(getenv|environ\.get)$/.test(context.engine.calls.info(call, scope).view.importPath ?? '');
}

/** The function names a secure address of another machine. */
function leavesTheMachine(scope: Scope, { module }: RuleContext): boolean {
  const own = module.text.slice(scope.fn.start, scope.fn.end);
  const urls = own.match(/https:\/\/[^\s"'{}]+/g) ?? [];
  return urls.some((u) => !LOCAL.test(u)) || (scope.fn.kind === 'module' && urls.length > 0);
}
