/**
 * How did the run end, in one line a script can read? A vitest reporter whose last line is `N passed, N failed`.
 *
 * A test file that cannot be loaded and an error outside any test count as failures: a run that says `0 failed` is green.
 * Skipped tests are named one by one before it, because a skipped test must never be silent.
 */

/** Reporter for vitest's `reporters` list. */
export class Tally {
  onTestRunEnd(modules, errors) {
    let passed = 0;
    let failed = errors.length;
    const skipped = [];
    for (const module of modules) {
      if (module.errors().length > 0) failed += 1;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed += 1;
        else if (state === 'failed') failed += 1;
        else skipped.push(`${module.relativeModuleId ?? module.moduleId} > ${test.fullName}`);
      }
      for (const suite of module.children.allSuites()) if (suite.errors().length > 0) failed += 1;
    }
    for (const name of skipped) console.log(`not run: ${name}`);
    console.log(`${passed} passed, ${failed} failed`);
  }
}

// Reporters are loaded by their default export.
export default Tally;
