/**
 * How does a program know the rules without loading them? The build loads them for it.
 *
 * src/rules/listed.ts makes plain data of all rules; here it is run once, and what it makes takes its place in the bundle. From the sources it
 * runs as it stands.
 */
import { runBuilt } from './run-built.mjs';

/** An esbuild plugin with the list in it; `options` are those of the bundle, `folder` (absolute) is where a program may lie for a moment. */
export async function listedRules(options, folder) {
  const { LISTED } = await runBuilt(options, 'src/rules/listed.ts', folder);
  const contents = `export const LISTED = ${JSON.stringify(LISTED)};`;
  return {
    name: 'listed-rules',
    setup(bundle) {
      bundle.onLoad({ filter: /[\\/]rules[\\/]listed\.ts$/ }, () => ({ contents, loader: 'js' }));
    },
  };
}
