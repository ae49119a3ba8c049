/**
 * The page's script, second part: the list of findings and the ledger, how a row of each is drawn, and how a finding is opened.
 *
 * An opened finding's HTML was made and escaped by detail.ts; it is the only markup the script inserts, and the page's content security policy
 * lets nothing in it run. Runs after script-state.ts, in the same scope.
 */
export const SCRIPT_LISTS = `
const badge = (className, text) => el('span', 'badge ' + className, {}, text);
const bdi = (text) => el('bdi', '', {}, text);
const sinceOf = (row) => data.since[row[F.since]];
const placeOf = (row) => S[row[F.path]] + ':' + row[F.line];

/* The HTML of finding number at; pieces are unpacked once. */
const pieces = new Map();
async function detailOf(at) {
  const number = Math.floor(at / data.chunk);
  if (!pieces.has(number)) {
    pieces.set(number, (async () => {
      const bytes = Uint8Array.from(atob(byId('piece-' + number).textContent), (c) => c.charCodeAt(0));
      const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
      return JSON.parse(await new Response(stream).text());
    })());
  }
  return (await pieces.get(number))[at % data.chunk];
}

/* One path at a time where a finding has several. */
function wirePaths(body, id) {
  const paths = [...body.querySelectorAll('.onepath')];
  if (paths.length < 2) return;
  const tabs = el('div', 'tabs', { role: 'tablist', 'aria-label': 'paths of this finding' });
  const buttons = paths.map((path, at) => {
    path.id = id + '-path' + at;
    path.setAttribute('role', 'tabpanel');
    path.setAttribute('aria-label', path.dataset.words);
    return el('button', '', { type: 'button', role: 'tab', 'aria-controls': path.id }, 'Path ' + (at + 1), el('small', '', {}, path.dataset.words));
  });
  tabs.append(...buttons);
  body.querySelector('.paths').prepend(tabs);
  wireTabs(tabs, paths);
}

/* A picture that is wider than its box shows the beginning of the path. */
function showWay(panel) {
  for (const box of panel.querySelectorAll('.flowbox')) {
    const start = box.querySelector('.n.way rect');
    if (start && box.scrollWidth > box.clientWidth) box.scrollLeft = Number(start.getAttribute('x')) - 24;
  }
}

/* Tabs as the ARIA pattern has them: arrow keys move, one tab stop. */
function wireTabs(list, panels) {
  const tabs = [...list.children];
  const select = (at, focus) => {
    tabs.forEach((tab, i) => {
      tab.setAttribute('aria-selected', String(i === at));
      tab.tabIndex = i === at ? 0 : -1;
      panels[i].classList.toggle('off', i !== at);
    });
    showWay(panels[at]);
    if (focus) tabs[at].focus();
  };
  tabs.forEach((tab, at) => {
    tab.addEventListener('click', () => select(at, false));
    tab.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      select((at + step + tabs.length) % tabs.length, true);
    });
  });
  select(0, false);
}

async function toggle(item, open) {
  const button = item.querySelector('button');
  const body = item.querySelector('.body');
  const at = Number(item.dataset.at);
  button.setAttribute('aria-expanded', String(open));
  body.hidden = !open;
  if (!open || body.childElementCount > 0) return;
  body.textContent = 'Unpacking…';
  try {
    const html = await detailOf(at);
    body.innerHTML = html;
    wirePaths(body, 'd' + at);
    showWay(body);
  } catch (error) {
    body.textContent = 'This browser cannot unpack the finding (it has no DecompressionStream). The Markdown report says the same.';
  }
}

function drawFinding(row, at) {
  const severity = data.severities[row[F.severity]];
  const reach = data.reaches[row[F.reach]];
  const pathKind = data.paths[row[F.pathKind]];
  const since = sinceOf(row);
  const body = el('div', 'body', { id: 'body' + at });
  body.hidden = true;
  const button = el('button', 'head', { type: 'button', 'aria-expanded': 'false', 'aria-controls': 'body' + at },
    el('span', 'sev sev-' + severity, {}, severity), el('span', 'msg', {}, bdi(S[row[F.message]])));
  const meta = el('p', 'meta', {},
    reach ? badge('r-' + reach, reach) : '', pathKind ? badge('path', PATH_WORDS[pathKind]) : '', badge('rule', S[row[F.rule]]),
    row[F.tests] > 1 ? badge('', row[F.tests] + ' tests') : '', since ? badge('c-' + since, since) : '', row[F.state] > 0 ? badge('', data.states[row[F.state]]) : '',
    el('span', 'place', {}, bdi(placeOf(row))), el('span', '', {}, bdi(S[row[F.test]])),
    el('a', 'perma', { href: '#finding=' + S[row[F.fingerprint]], 'aria-label': 'permalink to this finding' }, '#'));
  const item = el('li', 'finding', { 'data-at': at, id: 'finding-' + at }, el('h3', '', {}, button), meta, body);
  button.addEventListener('click', () => {
    const open = body.hidden;
    toggle(item, open);
    setState('finding', open ? S[row[F.fingerprint]] : '');
  });
  return item;
}

function drawEntry(row, at) {
  const status = data.statuses[row[L.status]];
  const reach = data.reaches[row[L.reach]];
  const where = S[row[L.path]] + ':' + row[L.line];
  const cell = (label, ...children) => el('td', '', { 'data-label': label }, ...children);
  const mark = row[L.finding] >= 0 ? el('a', 'badge s-' + status, { href: '#finding=' + S[data.findings[row[L.finding]][F.fingerprint]] }, status) : badge('s-' + status, status);
  const leaks = data.paths.filter((_, i) => row[L.leaks] & (1 << i)).map((kind) => badge('path', PATH_WORDS[kind]));
  const release = row[L.releases] === 0 ? '' : S[row[L.releaseHow]] + ' ' + (row[L.releasePath] === row[L.path] ? 'line ' : S[row[L.releasePath]] + ':') + row[L.releaseLine] + (row[L.releases] > 1 ? ' +' + (row[L.releases] - 1) : '');
  const key = where + ':' + row[L.column] + ':' + S[row[L.kind]];
  return el('tr', '', { id: 'entry-' + at },
    cell('status', mark, ...leaks),
    cell('kind', el('span', 'dot r-' + reach, { title: reach }), S[row[L.kind]], el('small', '', {}, reach)),
    cell('where', bdi(where), el('a', 'perma', { href: '#entry=' + encodeURIComponent(key), 'aria-label': 'permalink to this acquisition' }, '#')),
    cell('in', bdi(S[row[L.name]]), row[L.role] > 0 ? el('small', '', {}, data.roles[row[L.role]]) : ''),
    cell('owner', S[row[L.owner]] === '' ? el('span', 'none', {}, 'nobody') : bdi(S[row[L.owner]])),
    cell('released by', release === '' ? el('span', 'none', {}, 'nothing') : bdi(release)));
}
const entryKey = (row) => S[row[L.path]] + ':' + row[L.line] + ':' + row[L.column] + ':' + S[row[L.kind]];

const findings = makeList({
  prefix: 'f', rows: data.findings, into: byId('finding-list'), noun: 'findings', draw: drawFinding, fallback: { state: 'active' },
  text: (row) => [S[row[F.message]], placeOf(row), S[row[F.test]], S[row[F.rule]], S[row[F.kind]]].join(' '),
  facets: [
    { key: 'severity', label: 'severity', of: (row) => data.severities[row[F.severity]], order: data.severities },
    { key: 'reach', label: 'reach', of: (row) => data.reaches[row[F.reach]] ?? '', order: data.reaches },
    { key: 'path', label: 'path', of: (row) => data.paths[row[F.pathKind]] ?? '', order: data.paths, words: PATH_WORDS },
    { key: 'rule', label: 'rule', of: (row) => S[row[F.rule]] },
    { key: 'pillar', label: 'pillar', of: (row) => S[row[F.pillar]] },
    { key: 'kind', label: 'kind', of: (row) => S[row[F.kind]] },
    { key: 'since', label: 'change', of: sinceOf, order: data.since },
    /* Fixed ones are in no state of this run: they are shown where they are asked for. */
    { key: 'state', label: 'state', of: (row) => (sinceOf(row) === 'fixed' ? 'fixed' : data.states[row[F.state]]), order: [...data.states, 'fixed'], also: (row, value) => sinceOf(row) === 'fixed' && state.get('f.since') === 'fixed' && value === 'active' },
  ],
  sorts: {
    path: (a, b) => compare(S[a[F.path]], S[b[F.path]]) || a[F.line] - b[F.line],
    rule: (a, b) => compare(S[a[F.rule]], S[b[F.rule]]),
    tests: (a, b) => b[F.tests] - a[F.tests],
  },
});

const headers = [...document.querySelectorAll('#ledger th button')];
const ledger = makeList({
  prefix: 'l', rows: data.ledger, into: byId('ledger-rows'), noun: 'acquisitions', draw: drawEntry, grows: true,
  text: (row) => [S[row[L.path]] + ':' + row[L.line], S[row[L.path]] + ': ' + S[row[L.name]], S[row[L.kind]], S[row[L.owner]]].join(' '),
  facets: [
    { key: 'status', label: 'status', of: (row) => data.statuses[row[L.status]], order: data.statuses },
    { key: 'reach', label: 'reach', of: (row) => data.reaches[row[L.reach]], order: data.reaches },
    { key: 'kind', label: 'kind', of: (row) => S[row[L.kind]] },
    { key: 'owner', label: 'owner', of: (row) => S[row[L.group]] },
  ],
  sorts: {
    status: (a, b) => a[L.status] - b[L.status] || a[L.reach] - b[L.reach],
    kind: (a, b) => compare(S[a[L.kind]], S[b[L.kind]]) || a[L.reach] - b[L.reach],
    where: (a, b) => compare(S[a[L.path]], S[b[L.path]]) || a[L.line] - b[L.line],
    in: (a, b) => compare(S[a[L.name]], S[b[L.name]]),
    owner: (a, b) => compare(S[a[L.owner]], S[b[L.owner]]),
    releases: (a, b) => a[L.releases] - b[L.releases],
  },
  afterApply: (sort) => {
    for (const button of headers) {
      const own = sort.replace(/^-/, '') === button.dataset.sort;
      if (own) button.parentElement.setAttribute('aria-sort', sort.startsWith('-') ? 'descending' : 'ascending');
      else button.parentElement.removeAttribute('aria-sort');
    }
  },
});
`;
