/** Does text from outside become part of an SQL statement? */
import type { Operand } from '../../ir/ir.ts';
import { factsOf, type Scope } from '../../program/scope.ts';
import { defineRule, py } from '../define.ts';
import { isComposed } from './origin.ts';
import { reportTainted } from './sink.ts';

/** An SQL statement begins like this: other things are executed too. */
const SQL =
  /^\s*["'fFrRbBuU]*\s*(select|insert|update|delete|create|drop|alter|truncate|grant|revoke|with|replace|merge|call|copy|pragma|attach|set)\b/i;

export const sqlFromText = defineRule({
  id: 'sql-from-text',
  title: 'Text from outside becomes part of an SQL statement',
  pillar: 'neutralization',
  cwe: ['CWE-89'],
  severity: 'warning',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'The database reads the whole text as SQL: a quote in the environment variable, file or answer that was put into it ends the string and begins new code, in the database the tests have rights on.',
    fix: 'Pass the value as a parameter: `execute("... where name = ?", (name,))`; a name of a table comes from a fixed list.',
    misses: 'Text that goes through containers, other objects or parameters; statements built by a query builder.',
    bad: [
      py`
        import os
        import sqlite3

        def test_user():
            connection = sqlite3.connect(":memory:")
            connection.execute("select * from users where name = '%s'" % os.environ["USER"])    # expect: sql-from-text
            connection.close()
      `,
      py`
        import os

        def test_drop(cursor):
            schema = os.getenv("TEST_SCHEMA", "test")
            cursor.execute(f"DROP SCHEMA {schema} CASCADE")    # expect: sql-from-text "the environment"
      `,
      py`
        def test_load(cursor):
            with open("users.txt") as file:
                for line in file:
                    cursor.execute("insert into users values ('{}')".format(line.strip()))    # expect: sql-from-text "a file"
      `,
    ],
    good: [
      py`
        import os

        def test_user(cursor):
            cursor.execute("select * from users where name = ?", (os.environ["USER"],))
      `,
      py`
        TABLE = "users"

        def test_count(cursor, schema):
            cursor.execute(f"select count(*) from {TABLE}")
            cursor.execute("drop schema %s" % schema)
      `,
      py`
        import os

        def test_remote(connection):
            connection.execute("ls " + os.environ["HOME"])
      `,
      py`
        def test_rows(cursor):
            for n in range(3):
                cursor.execute("insert into t values (%d)" % n)
      `,
    ],
  },
  check(context, report) {
    return reportTainted(
      context,
      report,
      'runs-sql',
      ({ scope }, argument) => isComposed(argument, scope, context.engine) && SQL.test(firstText(argument, scope)),
      (source, argument) => `the database reads ${argument} as SQL, and part of it comes from ${source}`,
    );
  },
});

/** The constant text that a composed one begins with. */
function firstText(operand: Operand, scope: Scope, depth = 0): string {
  if (depth > 6) return ''; // Longer chains of names and additions are not written by people.
  switch (operand.op) {
    case 'const':
      return typeof operand.value === 'string' ? operand.value : '';
    case 'format':
      return typeof operand.parts[0] === 'string' ? operand.parts[0] : '';
    case 'binary':
      return firstText(operand.left, scope, depth + 1);
    case 'temp': {
      const def = factsOf(scope.module, scope.fn).temps[operand.id];
      if (def?.kind === 'value') return firstText(def.value, scope, depth + 1);
      return def?.kind === 'result' && def.instr.op === 'call' && def.instr.callee.op === 'attr'
        ? firstText(def.instr.callee.of, scope, depth + 1)
        : '';
    }
    case 'name': {
      const fn = scope.module.ir.functions[operand.scope === 'global' ? 0 : operand.owner];
      const def = fn && factsOf(scope.module, fn).names.get(operand.name)?.[0];
      return fn && def?.kind === 'value' ? firstText(def.value, { ...scope, fn }, depth + 1) : '';
    }
    default:
      return '';
  }
}
