/**
 * What does a project's first configuration say? The findings of detect.ts as YAML with the reasons in comments.
 *
 * What is written is only where it looks for tests and who runs them; everything else a check would do without the file too, and stands
 * there as a comment to begin from. Names of the project are quoted and made visible.
 */
import { visible } from '../base/escape.ts';
import type { FrameworkHooks } from '../config/model.ts';
import type { Detected } from './detect.ts';

/** The text, with a line feed at its end. */
export function starterText(found: Detected): string {
  const { paths, exclude, runner, because, pytest, packs, plain } = found;
  const total = found.tests.reduce((n, t) => n + t.count, 0);
  const out = [
    '# campsite: leave every test the way you found it.',
    `# Found: ${total} tests in ${found.files} files${total === 0 ? '' : ` (${found.tests.map((t) => `${t.framework} ${t.count}`).join(', ')})`}.`,
    '# Every key: docs/configuration.md; an editor that knows JSON Schema completes them from config/schema.json of the package.',
    '',
    `# Where the tests are${pytest && pytest.testpaths.length > 0 ? ` (testpaths of ${pytest.file})` : ''}.`,
    `paths: ${list(paths)}`,
    ...(exclude.length > 0 ? [`# norecursedirs of ${pytest?.file ?? ''}.`, `exclude: ${list(exclude)}`] : ['# exclude: ["tests/data/**"]']),
    '',
    `# unittest, pytest or auto, which reports what leaks under every runner that fits. ${visible(because)}.`,
    `runner: ${runner}`,
    ...testNames(found, plain),
    '',
    ...(packs.length > 0
      ? [
          '# Packs that switch themselves on here, because their library is imported:',
          ...packs.map((p) => `#   ${p.id} (${p.files} ${p.files === 1 ? 'file' : 'files'}): ${p.description}`),
          `# disable-packs: [${packs[0]?.id ?? ''}]`,
        ]
      : ['# No pack for a library switches itself on here; those for the standard library, unittest, pytest and mock are always on.']),
    '# A pack that is named here is on whatever is imported; files inside the project can be named too.',
    '# extends: [databases, ./campsite-resources.yaml]',
    '',
    '# severity: {never-released: error}',
    '# ignore: [float-equality]',
    '# per-path:',
    '#   "tests/legacy/**": {ignore: [flow]}',
    '',
    "# The project's own resources. `campsite init --learn` proposes some from the tests; `campsite config test` tries them on snippets.",
    '# resources:',
    '#   server:',
    '#     reach: remote',
    '#     acquire: [{method: create_server}]',
    '#     release: [{method: delete_server, handle: "arg[0]"}]',
    `#     identities: ["['id']"]`,
  ];
  return `${out.join('\n')}\n`;
}

const list = (items: readonly string[]): string => `[${items.map((item) => (/^[\w][\w./-]*$/.test(item) ? item : JSON.stringify(item))).join(', ')}]`;

/** pytest's `python_functions` and `python_classes`, where they are not the default: the hooks of plain pytest with other names of tests. */
function testNames({ pytest }: Detected, plain: FrameworkHooks | undefined): readonly string[] {
  const functions = globs(pytest?.functions, /^test_?\*$/);
  const classes = globs(pytest?.classes, /^Test\*$/);
  if (!pytest || !plain || functions.length + classes.length === 0) return [];
  const hooks: readonly (readonly [string, readonly string[]])[] = [
    ['setup', plain.setup],
    ['teardown', plain.teardown],
    ['class-setup', plain.classSetup],
    ['class-teardown', plain.classTeardown],
    ['module-setup', plain.moduleSetup],
    ['module-teardown', plain.moduleTeardown],
  ];
  return [
    `# Names of tests in ${pytest.file}.`,
    'frameworks:',
    `  ${plain.framework}:`,
    ...hooks.filter(([, values]) => values.length > 0).map(([key, values]) => `    ${key}: ${list(values)}`),
    ...(functions.length > 0 ? [`    test-methods: ${list(functions)}`] : []),
    ...(classes.length > 0 ? [`    test-classes: ${list(classes)}`] : []),
  ];
}

/** pytest takes a name without a wildcard for a beginning. Empty where all are the default; sets of characters are not known here. */
function globs(names: readonly string[] | undefined, usual: RegExp): readonly string[] {
  const found = (names ?? []).map((name) => (/[*?[]/.test(name) ? name : `${name}*`)).filter((name) => !/[?[]/.test(name));
  return found.every((name) => usual.test(name)) ? [] : found;
}
