/** Is identity asked where a value is meant: `x is "abc"`, `assertIs(x, [])`? */
import { type Operand, Operator } from '../../ir/ir.ts';
import { forEachOperandIn } from '../../suite/operands.ts';
import { textOf } from '../../typestate/naming.ts';
import { assertionsOf } from '../assertions.ts';
import { defineRule, py } from '../define.ts';
import { functionScopes } from '../scopes.ts';

export const identityWithLiteral = defineRule({
  id: 'identity-with-literal',
  title: 'Identity is asked of a literal',
  pillar: 'comparison',
  cwe: ['CWE-595'],
  severity: 'warning',
  precision: 'high',
  default: true,
  since: '0.1.0',
  docs: {
    why: '`x is "abc"` asks whether both are one object. Whether equal strings and numbers are one object is up to the interpreter, and a list or dict that is written down is always a new one.',
    fix: 'Compare values: `==` or `assertEqual`.',
    bad: [
      py`
        def test_state(server):
            assert server.state is "active"    # expect: identity-with-literal
      `,
      py`
        import unittest

        class TestRows(unittest.TestCase):
            def test_rows(self):
                self.assertIs(self.rows(), [])    # expect: identity-with-literal "always a new object"
                self.assertIsNot(self.name, "eth0")    # expect: identity-with-literal
      `,
      py`
        def test_port(config):
            if config.port is not 8080:    # expect: identity-with-literal
                raise AssertionError("wrong port")
            assert config.weight is 0.5    # expect: identity-with-literal
      `,
    ],
    good: [
      py`
        from project import State

        def test_singletons(server):
            assert server.owner is None
            assert server.ready is True
            assert server.default is ...
            assert server.state is State.ACTIVE
      `,
      py`
        import unittest

        class TestRows(unittest.TestCase):
            def test_one_object(self):
                rows = []
                self.assertIs(self.keep(rows), rows)
                self.assertIs(self.flag(), False)
                self.assertIsNot(self.copy(rows), rows)
      `,
      py`
        import sys
        import unittest

        class TestIntern(unittest.TestCase):
            def test_interned_strings_are_one(self):
                self.assertIs(sys.intern("a" + "b"), "ab")
      `,
      py`
        def test_class(value):
            assert type(value) is int
            assert value.__class__ is not str
      `,
    ],
  },
  check(context, report) {
    let sites = 0;
    const { text } = context.module;
    for (const { scope, assertion } of text.includes('assertIs') ? assertionsOf(context) : []) {
      if ((assertion.by !== 'assertIs' && assertion.by !== 'assertIsNot') || !assertion.right) continue;
      sites++;
      const word = literalWord(assertion.left) ?? literalWord(assertion.right);
      if (word === undefined || isAboutIdentity(scope.fn.qualifiedName, text.slice(scope.fn.start, scope.fn.end))) continue;
      report({
        module: scope.module,
        start: assertion.instr.start,
        end: assertion.instr.end,
        test: scope.fn.qualifiedName,
        message: `${assertion.by} asks for identity with ${word}; compare values`,
      });
    }
    for (const scope of functionScopes(context)) {
      const { start, end, operators } = scope.fn;
      if ((operators & Operator.identity) === 0) continue;
      const look = (operand: Operand): void => {
        if (operand.op !== 'compare') return;
        let left: Operand = operand.left;
        for (const { operator, value } of operand.rest) {
          if (operator === 'is' || operator === 'is not') {
            sites++;
            const word = literalWord(left) ?? literalWord(value);
            if (word !== undefined && !isAboutIdentity(scope.fn.qualifiedName, text.slice(start, end))) {
              report({
                module: scope.module,
                start: operand.start,
                end: operand.end,
                test: scope.fn.qualifiedName,
                message: `${textOf(scope.module, operand)} asks for identity with ${word}; compare values`,
              });
            }
          }
          left = value;
        }
      };
      forEachOperandIn(scope.fn.body, look);
    }
    return sites;
  },
});

/** Words for a literal whose identity means nothing; undefined for the others. */
function literalWord(operand: Operand): string | undefined {
  switch (operand.op) {
    case 'const':
      return operand.kind === 'int' || operand.kind === 'float' || operand.kind === 'complex'
        ? 'a number'
        : operand.kind === 'string'
          ? 'a string'
          : operand.kind === 'bytes'
            ? 'bytes'
            : undefined;
    case 'format':
      return 'a string';
    case 'list':
    case 'dict':
    case 'set':
      return `a ${operand.op} that is always a new object`;
    case 'tuple':
      return operand.items.length === 0 ? undefined : 'a tuple';
    default:
      return undefined;
  }
}

/** Interning, caching and the interpreter's own constants are tested by identity. */
function isAboutIdentity(name: string, text: string): boolean {
  return (
    /intern|identi|singleton|cache|constant|const_|fold|peephole|optimi|small_?int|latin|immortal|same_?obj|_is_|fast|memo/i.test(name) ||
    /\bintern\b|\bis is\b|sys\.intern/.test(text)
  );
}
