/** Does a test file hold something that is a credential by its form? */
import { defineRule, py } from '../define.ts';
import { isPlaceholder, KEY_FORMATS } from './key-formats.ts';

const KEY = new RegExp(`(?<![A-Za-z0-9_/+=-])(?:${KEY_FORMATS.map((f) => `(${f.pattern})`).join('|')})(?![A-Za-z0-9_/+-])`, 'g');

/** A file without any of these holds no key. Whole formats are searched faster than their beginnings: more characters can be skipped. */
const SOME = new RegExp(KEY_FORMATS.map((f) => f.pattern).join('|'));

/** As much of a key as a message may repeat. */
const SHOWN = 8;

export const liveCredential = defineRule({
  id: 'live-credential',
  title: 'A credential stands in the test',
  pillar: 'access',
  cwe: ['CWE-798'],
  severity: 'error',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'The text has the form of a key that a service hands out. Whoever can read the repository, or any old copy of it, can use it.',
    fix: 'Revoke the key, then read it from the environment or make up one that says so: `AKIAIOSFODNN7EXAMPLE`.',
    misses: 'Passwords and keys without a form of their own; keys that are put together from parts.',
    bad: [
      py`
        ACCESS_KEY = "${'AKIA'}Q3EGR7VTPMWX4KZ2"    # expect: live-credential "an AWS access key"

        def test_key():
            assert ACCESS_KEY
      `,
      py`
        def connect(**options):
            return options

        def test_session():
            assert connect(key="${'ASIA'}XM7Q2RJ5CZKTVY4H")    # expect: live-credential "ASIAXM7Q"
      `,
      py`
        CREDENTIALS = {
            "id": "${'AKIA'}W5HJ3NBCYQLD6ROU",    # expect: live-credential
        }
      `,
    ],
    good: [
      py`
        ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE"
      `,
      py`
        ACCESS_KEY = "AKIAXXXXXXXXXXXXXXXX"
        TOKEN = "ghp_" + "a" * 36
      `,
      py`
        import os

        ACCESS_KEY = os.environ["ACCESS_KEY"]
        PASSWORD = "hunter2"
      `,
      py`
        DIGEST = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        UNIQUE = "0b5a1f6e-95c5-4a5e-8b6f-2d9d0c2f4e11"
      `,
      py`
        TOKEN = "ghp_0123456789abcdefghijklmnopqrstuvwxyz"
        DATA = "iVBORw0KGgoAKIAQ3EGR7VTPMWX4KZ2AAANSUhEUg"
      `,
    ],
  },
  check(context, report) {
    const { module } = context;
    if (!SOME.test(module.text)) return 1;
    for (const match of module.text.matchAll(KEY)) {
      const format = KEY_FORMATS[match.slice(1).findIndex((g) => g !== undefined)];
      const line = module.text.slice(module.text.lastIndexOf('\n', match.index) + 1, module.text.indexOf('\n', match.index) >>> 0);
      if (!format || isPlaceholder(match[0], line)) continue;
      let test = '';
      for (const fn of module.ir.functions) if (fn.kind === 'function' && fn.start <= match.index && match.index < fn.end) test = fn.qualifiedName;
      report({
        module,
        start: match.index,
        end: match.index + match[0].length,
        test,
        message: `${match[0].slice(0, SHOWN)}… has the form of ${format.what}; whoever reads this file can use it`,
      });
    }
    return 1;
  },
});
