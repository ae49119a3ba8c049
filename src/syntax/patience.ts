/**
 * How long may the parser look for sense in a text?
 *
 * What is broken is repaired by trying alternatives, and in thousands of errors among deep brackets their number grows without bound: 110 KB of
 * such text took 21 s. tree-sitter asks every hundred operations whether to go on. Counting the questions, not the time, gives the same answer on
 * every machine.
 */

/** Questions a UTF-16 unit; 59 million units of real tests, broken ones among them, have 0.014, and no file has more than 0.013 beyond its first page. */
const QUESTIONS_PER_UNIT = 0.05;
/** Questions that any text may cost: a page full of errors is still looked at. */
const QUESTIONS = 2_000;

/** The answer to tree-sitter's question for one parse of `text`: true once it has to stop. */
export function patience(text: string): () => boolean {
  let left = QUESTIONS + text.length * QUESTIONS_PER_UNIT;
  return () => --left < 0;
}
