/**
 * Which build is this? A cache is only good for the code that wrote it.
 *
 * The bundle carries a hash of everything it was built from; running from the sources, every process is a build of its own.
 */
declare const __CAMPSITE_BUILD__: string | undefined;

export const BUILD: string = typeof __CAMPSITE_BUILD__ === 'undefined' ? `sources ${process.pid}` : __CAMPSITE_BUILD__;
