/**
 * Do the Markdown specifications of the IR under test/spec/ir hold?
 *
 * Each language of output blocks has its printer here; spec.ts says how a file is written. The other folders have test files of their own.
 */
import { fileURLToPath } from 'node:url';
import { printModule } from '../src/ir/print.ts';
import { lowerModule } from '../src/lower/module.ts';
import { createParser } from '../src/syntax/parse.ts';
import type { SpecPrinter } from './spec.ts';
import { runSpecs } from './spec.ts';

const parser = await createParser('wasm');

const printers: Readonly<Record<string, SpecPrinter>> = {
  ir: (source) => printModule(lowerModule(parser.parse(source))),
  'ir-scopes': (source) => printModule(lowerModule(parser.parse(source)), { scopes: true }),
  'ir-spans': (source) => printModule(lowerModule(parser.parse(source)), { spans: true }),
};

runSpecs(fileURLToPath(new URL('spec/ir', import.meta.url)), printers);
