/**
 * Text that means harm: what each format must carry without being changed by it.
 */
import fc from 'fast-check';
import type { Finding, RunResult } from '../../src/findings/finding.ts';
import { withFingerprints } from '../../src/findings/fingerprint.ts';
import { findingAt, runWith } from './build.ts';

const PIECES = [
  '\u001b[31m',
  '\u001b]0;title\u0007',
  '\u009b2J',
  '\u0000',
  '\b',
  '\r',
  '\n',
  '\r\n',
  '\t',
  '\u2028',
  '\u202e',
  '\u2066',
  '\u200b',
  '\ufeff',
  '\ufffe',
  '\ud800',
  '\udc00',
  '</script>',
  '<!--',
  '-->',
  ']]>',
  '<b>',
  '&amp;',
  '&#x41;',
  '"',
  "'",
  '`',
  '``',
  '|',
  '%0A',
  '%25',
  '%',
  '::error::',
  '::',
  ',',
  ':',
  ';',
  ']',
  '##[error]',
  '##vso[task.complete]',
  '##teamcity[x]',
  '](1)',
  '[a](1)',
  '{0}',
  '{',
  '}',
  '\\',
  '@user',
  '#12',
  'https://x.example',
  ':smile:',
  '**',
  '_',
  '~~',
  '$x$',
  '- ',
  '1. ',
  '# ',
  '😀',
  'é',
  '名',
  '\u{e0041}',
  ' ',
  'a',
];

/** Any string, and strings of pieces that mean something to some format. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary', maxLength: 20 }),
);

/** A run whose finding and problem have this text wherever text of the project can get. */
export function hostileRun(text: string): RunResult {
  const step = { kind: 'acquire' as const, path: text, line: 1, column: 1, message: text };
  const finding: Omit<Finding, 'fingerprint'> = findingAt({
    path: text,
    message: text,
    test: text,
    tests: { count: 2, examples: [text] },
    resource: { kind: text, reach: 'host', name: text },
    pathKind: 'failure',
    witnesses: [{ pathKind: 'failure', steps: [step, { ...step, kind: 'raise', line: 2 }, { ...step, kind: 'exit', line: 2 }] }],
    fix: { title: text, safety: 'safe', edits: [{ path: text, startLine: 1, startColumn: 1, endLine: 1, endColumn: 1, text }] },
  });
  const suppressed = findingAt({
    path: text,
    message: text,
    rule: 'never-released',
    suppressed: { kind: 'inline', reason: text, at: { line: 1, column: 1 } },
  });
  return runWith({ findings: withFingerprints([finding, suppressed]), problems: [{ path: text, line: 1, message: text, kind: 'syntax' }] });
}

/** Characters that must not reach a terminal, a log or a page as they are; line ends are judged by each format. */
export const UNSAFE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]|\p{Cs}/u;
