/**
 * The page's script, first part: data, small tools, and the state that lives in the address (`#f.reach=remote&finding=…`).
 *
 * A string and not a function, because it runs in a browser and the report touches no file to fetch it. Written for browsers of 2023 and later,
 * without markup: text from the project only ever becomes a text node. Every filter is a parameter of the fragment, so every view is a permalink.
 */
export const SCRIPT_STATE = String.raw`
const data = JSON.parse(document.getElementById('data').textContent);
const S = data.strings;
const F = { fingerprint: 0, severity: 1, rule: 2, pillar: 3, message: 4, path: 5, line: 6, column: 7, test: 8, kind: 9, reach: 10, pathKind: 11, state: 12, since: 13, tests: 14 };
const L = { kind: 0, reach: 1, path: 2, line: 3, column: 4, role: 5, name: 6, owner: 7, group: 8, status: 9, leaks: 10, releases: 11, finding: 12, releasePath: 13, releaseLine: 14, releaseHow: 15 };
const PATH_WORDS = { normal: 'even when passing', failure: 'test fails', 'setup-failure': 'setup fails', 'teardown-failure': 'teardown fails' };
const byId = (id) => document.getElementById(id);

/* An element with a class, attributes and children; strings become text nodes. */
function el(name, className, attributes, ...children) {
  const node = document.createElement(name);
  if (className) node.className = className;
  for (const key in attributes || {}) if (attributes[key] !== undefined) node.setAttribute(key, attributes[key]);
  for (const child of children) if (child !== undefined && child !== '') node.append(child);
  return node;
}

/* The fragment's parameters; a plain section name has none. */
function readState() {
  const state = new Map();
  const text = location.hash.slice(1);
  if (!text.includes('=')) return state;
  for (const [key, value] of new URLSearchParams(text)) if (value !== '') state.set(key, value);
  return state;
}

let state = readState();

function writeState() {
  const text = new URLSearchParams([...state]).toString();
  history.replaceState(null, '', text === '' ? '#' : '#' + text);
}

/* Sets one parameter; empty takes it away. */
function setState(key, value) {
  if (value === '' || value === undefined) state.delete(key);
  else state.set(key, value);
  writeState();
}

/* Compares by UTF-16 units: the same order everywhere. */
const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const grouped = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, ',');

/* Rows drawn at once; the rest follows when one scrolls there. */
const BATCH = 100;
/* Rows that a print has at most. */
const PRINTED = 1000;

/*
 * A list that is filtered, sorted and drawn in batches.
 * options: { prefix, rows, facets: [{key, label, of(row) -> string, order?}], text(row), sorts: {name: (a, b)}, draw(row) -> element, into, more, count, noun, fallback: {key: value} }
 */
function makeList(options) {
  const { prefix, rows, facets, into } = options;
  const form = byId(prefix + '-filters');
  const texts = [];
  const textOf = (row) => texts[row] === undefined ? (texts[row] = options.text(rows[row]).toLowerCase()) : texts[row];
  let shown = [];
  let drawn = 0;
  let pinned = -1;
  const more = byId(prefix + '-more');
  const valueOf = (key) => state.get(prefix + '.' + key) ?? options.fallback?.[key] ?? '';

  for (const facet of facets) {
    const counts = new Map();
    for (const row of rows) {
      const value = facet.of(row);
      if (value !== '') counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    const select = form.querySelector('[name="' + facet.key + '"]');
    const values = [...counts.keys()].sort(facet.order ? (a, b) => facet.order.indexOf(a) - facet.order.indexOf(b) : (a, b) => counts.get(b) - counts.get(a) || compare(a, b));
    select.append(el('option', '', { value: 'all' }, 'any ' + facet.label));
    for (const value of values) select.append(el('option', '', { value }, (facet.words?.[value] ?? value) + ' (' + grouped(counts.get(value)) + ')'));
    if (values.length < 2 && !facet.keep) select.closest('label').hidden = true;
  }

  function apply() {
    for (const control of form.elements) {
      if (!control.name) continue;
      const value = valueOf(control.name);
      control.value = control.tagName === 'SELECT' && value === '' ? (control.name === 'sort' ? '' : 'all') : value;
      if (control.tagName === 'SELECT' && control.selectedIndex < 0) control.value = control.name === 'sort' ? '' : 'all';
    }
    const words = valueOf('q').toLowerCase().split(/\s+/).filter((word) => word !== '');
    const active = facets.map((facet) => [facet, valueOf(facet.key)]).filter(([, value]) => value !== '' && value !== 'all');
    shown = [];
    for (let at = 0; at < rows.length; at++) {
      if (active.every(([facet, value]) => facet.of(rows[at]) === value || (facet.also && facet.also(rows[at], value))) && (words.length === 0 || words.every((word) => textOf(at).includes(word)))) shown.push(at);
    }
    const sort = valueOf('sort');
    const by = options.sorts[sort.replace(/^-/, '')];
    if (by) {
      const sign = sort.startsWith('-') ? -1 : 1;
      shown.sort((a, b) => sign * by(rows[a], rows[b]) || a - b);
    }
    if (pinned >= 0) shown = [pinned, ...shown.filter((at) => at !== pinned)];
    into.replaceChildren();
    drawn = 0;
    drawMore(BATCH);
    byId(prefix + '-count').textContent = grouped(shown.length) + ' of ' + grouped(rows.length) + ' ' + options.noun;
    options.afterApply?.(sort);
  }

  function drawMore(number) {
    const fragment = document.createDocumentFragment();
    const end = Math.min(shown.length, drawn + number);
    for (; drawn < end; drawn++) fragment.append(options.draw(rows[shown[drawn]], shown[drawn]));
    into.append(fragment);
    more.hidden = drawn >= shown.length;
    more.textContent = 'Show more (' + grouped(shown.length - drawn) + ' left)';
  }

  form.addEventListener('input', (event) => {
    const control = event.target;
    if (!control.name) return;
    pinned = -1;
    const value = control.tagName === 'SELECT' && control.value === 'all' && !(options.fallback && control.name in options.fallback) ? '' : control.value;
    setState(prefix + '.' + control.name, value);
    apply();
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', (event) => {
    event.preventDefault();
    clear();
    apply();
  });
  more.addEventListener('click', () => drawMore(BATCH));
  /* Only the last list of the page grows by itself: another would push away what one scrolls to. */
  if (options.grows && 'IntersectionObserver' in window) new IntersectionObserver((entries) => entries.some((e) => e.isIntersecting) && !more.hidden && drawMore(BATCH), { rootMargin: '600px' }).observe(more);

  function clear() {
    pinned = -1;
    for (const key of [...state.keys()]) if (key.startsWith(prefix + '.')) state.delete(key);
    writeState();
  }

  return {
    apply, clear,
    /* Draws the row first where it would not be on the page by itself. */
    reveal(row) {
      const place = shown.indexOf(row);
      if (place >= 0 && place < drawn) return;
      pinned = row;
      apply();
    },
    drawForPrint: () => drawMore(Math.max(0, PRINTED - drawn)),
  };
}
`;
