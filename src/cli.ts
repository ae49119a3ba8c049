#!/usr/bin/env node
/**
 * Arguments → command → exit code.
 *
 * Nothing else happens here; each command is loaded when it is asked for.
 */
import { run } from './commands/main.ts';

process.exitCode = await run(process.argv.slice(2));
