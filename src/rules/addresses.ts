/**
 * At which address does a call listen? Host and port of the calls whose role is `listens`, as operands.
 *
 * Addresses are given as a pair (`bind((host, port))`) or as two arguments (`start_server(callback, host, port)`). Left out: addresses of
 * families other than IP, which are texts, or pairs that mean something else; unknown shapes have no host and no port.
 */
import type { Operand, Stmt } from '../ir/ir.ts';
import { argumentOf } from '../program/call-site.ts';
import { type BoundaryCall, behind, isPretended } from './boundaries.ts';
import type { RuleContext } from './define.ts';

export interface Address {
  readonly host: Operand | undefined;
  readonly port: Operand | undefined;
  /** Where the two are to be looked at. */
  readonly scope: BoundaryCall['scope'];
}

/** Families whose pairs are no host and port. */
const OTHER_FAMILY = /AF_(UNIX|NETLINK|PACKET|BLUETOOTH|VSOCK|CAN|ALG|QIPCRTR|SYSTEM|TIPC)|BTPROTO|PF_CAN|HVPROTO/;

/** The address of a listening call; undefined where it is not an IP address or cannot be told. */
export function addressOf(call: BoundaryCall, { engine }: RuleContext): Address | undefined {
  const { instr, scope, argument } = call;
  const method = instr.callee.op === 'attr' || instr.callee.op === 'name' ? instr.callee.name : '';
  const named = { host: argumentOf(instr.args, null, 'host'), port: argumentOf(instr.args, null, 'port') };
  if (method === 'make_server') return { host: argumentOf(instr.args, 0, 'host'), port: argumentOf(instr.args, 1, 'port'), scope };
  if (method === 'start_server') return { host: argumentOf(instr.args, 1, 'host'), port: argumentOf(instr.args, 2, 'port'), scope };
  if (method === 'create_server' && instr.callee.op === 'attr' && scopeText(call, instr.callee.of.start, instr.callee.of.end).includes('loop')) {
    return { host: argumentOf(instr.args, 1, 'host'), port: argumentOf(instr.args, 2, 'port'), scope };
  }
  if (method === 'run' || method === 'serve_forever') return named.host && named.port ? { ...named, scope } : undefined;
  const pair = instr.args[0]?.kind === 'positional' ? instr.args[0].value : argument;
  if (!pair || OTHER_FAMILY.test(scopeText(call, scope.fn.start, scope.fn.end))) return undefined;
  const at = behind(pair, scope, engine);
  return at.operand.op === 'tuple' && at.operand.items.length >= 2
    ? { host: at.operand.items[0], port: at.operand.items[1], scope: at.scope }
    : undefined;
}

function scopeText({ scope }: BoundaryCall, start: number, end: number): string {
  return scope.module.text.slice(start, end);
}

/** The call goes to a stand-in, is made with one, or its failure is what the test is about: nothing listens. */
export function isPretendedListener(call: BoundaryCall, { engine }: RuleContext): boolean {
  const { instr, scope } = call;
  if (isPretended(instr, scope, engine) || instr.args.some((a) => /mock|fake|stub|dummy/i.test(scopeText(call, a.value.start, a.value.end))))
    return true;
  const stubbed = [...scope.fn.decorators, ...(scope.cls?.body.decorators ?? [])].some((d) =>
    /patch[\s\S]*socket/.test(scopeText(call, d.start, d.end)),
  );
  if (stubbed) return true;
  // `coro = loop.create_server(...)` makes a coroutine; it is run, and expected to fail, further down.
  const name = instr.callee.op === 'attr' ? instr.callee.name : '';
  return (
    /^(create_server|start_server)$/.test(name) &&
    /assertRaises|\braises\(/.test(scopeText(call, instr.end, scope.fn.end)) &&
    !/await|run_until_complete/.test(scopeText(call, lineStart(call), instr.start))
  );
}

function lineStart({ instr, scope }: BoundaryCall): number {
  return scope.module.text.lastIndexOf('\n', instr.start) + 1;
}

/** Handlers of these catch what a taken port raises. */
const CATCHES_TAKEN = /^(OSError|IOError|EnvironmentError|Exception|BaseException|socket\.error|PermissionError|socket\.timeout)$/;

/** The call stands in a try body whose handler expects that it fails: another port is tried, or the test is skipped. */
export function isTolerated({ instr, scope }: BoundaryCall, { engine }: RuleContext): boolean {
  const names = (types: Operand | null): readonly (string | undefined)[] => {
    if (types === null) return ['Exception'];
    return types.op === 'tuple' ? types.items.flatMap((t) => names(t)) : [engine.values.canonical(types, scope)];
  };
  let found = false;
  const visit = (stmt: Stmt): void => {
    switch (stmt.op) {
      case 'seq':
        stmt.items.forEach(visit);
        break;
      case 'if':
        visit(stmt.then);
        if (stmt.otherwise) visit(stmt.otherwise);
        break;
      case 'loop':
        visit(stmt.body);
        break;
      case 'with':
        visit(stmt.body);
        break;
      case 'try': {
        const [first] = stmt.handlers;
        const inBody = stmt.start <= instr.start && instr.end <= (first?.start ?? stmt.start);
        if (inBody && stmt.handlers.some((h) => names(h.types).some((n) => n !== undefined && CATCHES_TAKEN.test(n)))) found = true;
        visit(stmt.body);
        for (const h of stmt.handlers) visit(h.body);
        if (stmt.final) visit(stmt.final);
        break;
      }
      default:
    }
  };
  visit(scope.fn.body);
  return found;
}
