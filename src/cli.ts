#!/usr/bin/env node
/**
 * Arguments → command → exit code.
 *
 * Nothing else happens here but a word to the compiler; each command is loaded when it is asked for.
 */
import { compileLess } from './app/just-in-time.ts';
import { run } from './commands/main.ts';

compileLess();
process.exitCode = await run(process.argv.slice(2));
