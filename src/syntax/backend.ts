/**
 * Which of the parser's back ends is used?
 *
 * Answered from the environment, without loading any: the version is told at once.
 */

/** Names of the back ends, as the environment variable CAMPSITE_PARSER takes them. */
export type ParserBackend = 'wasm' | 'native';

/** Which back end that would be, without loading it. Throws when the name is not known. */
export function backendOf(backend?: ParserBackend): ParserBackend {
  const wanted = backend ?? process.env.CAMPSITE_PARSER ?? '';
  if (wanted === '' || wanted === 'wasm') return 'wasm';
  if (wanted === 'native') return 'native';
  throw new Error(`CAMPSITE_PARSER is "${wanted}"; it may be "wasm" or "native"`);
}

/** The back end in words that fit any value of CAMPSITE_PARSER. */
export function backendText(): string {
  try {
    return backendOf();
  } catch {
    return 'unknown: CAMPSITE_PARSER may be "wasm" or "native"';
  }
}
