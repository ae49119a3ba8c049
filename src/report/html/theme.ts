/**
 * Which colours does the page use, by day and by night?
 *
 * One table of roles with two values each, so that no colour exists in one theme only. Reaches differ in lightness as well as in hue (vermilion,
 * amber, blue, grey): they can be told apart by people who see few colours, and on a grey print. Text on its background has a contrast of 4.5
 * to 1 at least.
 */

const COLOURS: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  page: ['#f6f4ee', '#111714'],
  card: ['#ffffff', '#19211d'],
  soft: ['#f0ede4', '#212b26'],
  line: ['#dcd7ca', '#33403a'],
  ink: ['#1b241f', '#e7ece8'],
  muted: ['#59655e', '#9fada5'],
  accent: ['#1b6848', '#74cfa1'],
  focus: ['#0b57d0', '#8ab4f8'],
  remote: ['#b5341c', '#ff8a6b'],
  host: ['#b87503', '#f0b849'],
  process: ['#3a62b5', '#8fb0f5'],
  object: ['#75808a', '#a3aeb7'],
  leaks: ['#b5341c', '#ff8a6b'],
  escaped: ['#c99a2e', '#d3a94a'],
  transferred: ['#9aa6ae', '#7d8a93'],
  managed: ['#7dbb9d', '#4f9a78'],
  released: ['#2b7a57', '#7bd0a4'],
  error: ['#a3230f', '#ff9c83'],
  warning: ['#865400', '#f0bd5c'],
  note: ['#4a5f75', '#a9bdd1'],
  code: ['#fbfaf6', '#141b18'],
  hit: ['#fdf0d3', '#3a3218'],
  way: ['#c2410c', '#ff9a62'],
  good: ['#1f7a50', '#78d3a2'],
  badge: ['#ebe7dc', '#2a3630'],
  keyword: ['#7b2f8e', '#d3a3e6'],
  string: ['#22653f', '#93d6a8'],
  number: ['#96460f', '#f0ac7a'],
  comment: ['#6a746d', '#8f9c95'],
  name: ['#1d4fa0', '#9fc0ff'],
  heat: ['181, 52, 28', '255, 122, 88'],
};

const block = (at: 0 | 1): string =>
  Object.entries(COLOURS)
    .map(([name, values]) => `--${name}:${values[at]}`)
    .join(';');

/** The custom properties of both themes; the system decides unless the reader has. Print is always light. */
export const THEME = [
  `:root{color-scheme:light;${block(0)}}`,
  `@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;${block(1)}}}`,
  `@media screen{:root[data-theme=dark]{color-scheme:dark;${block(1)}}}`,
].join('\n');
