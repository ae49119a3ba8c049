/**
 * When are the tables for the widths of characters made? When a text is not plain ASCII, and not at every start.
 *
 * string-width compiles regular expressions over all of Unicode as it is loaded, which takes longer than everything else that loads; the argument
 * parser and the reports import it, so every start of the command and of each of its threads would pay for it. esbuild runs what is `require`d
 * when the call is reached, also where it is a module.
 */

import { relative } from 'node:path';

const NAMESPACE = 'lazy-width';

/** An esbuild plugin that puts a function in front of each copy of string-width. */
export const lazyWidth = {
  name: NAMESPACE,
  setup(build) {
    build.onResolve({ filter: /^string-width$/ }, async ({ path, pluginData, ...asked }) => {
      if (pluginData === NAMESPACE) return undefined;
      const found = await build.resolve(path, { ...asked, namespace: '', pluginData: NAMESPACE });
      // A name of its own, for the licences are collected by the folders of node_modules; the bundle keeps it, so it does not say where it was built.
      const name = relative(build.initialOptions.absWorkingDir ?? process.cwd(), found.path).replaceAll('node_modules', 'packages');
      return { path: name, namespace: NAMESPACE, pluginData: found.path };
    });
    build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ pluginData }) => ({
      contents: `let width; module.exports = (text, options) => /^[\\x20-\\x7e]*$/.test(text) ? text.length : (width ??= require(${JSON.stringify(pluginData)}).default)(text, options);`,
      resolveDir: '/',
      loader: 'js',
    }));
  },
};
