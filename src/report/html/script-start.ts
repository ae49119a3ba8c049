/**
 * The page's script, last part: what the address asks for, the theme, keyboard and print.
 *
 * Runs after the lists are there. Nothing is stored but the chosen theme, and nothing is ever requested.
 */
export const SCRIPT_START = `
document.documentElement.classList.add('js');
for (const list of document.querySelectorAll('#hot-spots [role="tablist"]')) wireTabs(list, [...document.querySelectorAll('#hot-spots .plot')]);

for (const button of headers) {
  button.addEventListener('click', () => {
    const now = state.get('l.sort') ?? '';
    setState('l.sort', now === button.dataset.sort ? '-' + button.dataset.sort : now === '-' + button.dataset.sort ? '' : button.dataset.sort);
    ledger.apply();
  });
}

const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
const goTo = (node, block) => node.scrollIntoView({ block, behavior: still ? 'auto' : 'smooth' });

/* Shows what the address asks for. */
function follow(first) {
  const asked = readState();
  const has = (prefix) => [...asked.keys()].some((key) => key.startsWith(prefix));
  if (!first && !location.hash.includes('=')) return;
  /* A link to a filtered list keeps the other list as it is. */
  for (const key of [...state.keys()]) if (first || key === 'finding' || key === 'entry' || (key.startsWith('f.') && (has('f.') || asked.has('finding'))) || (key.startsWith('l.') && has('l.'))) state.delete(key);
  for (const [key, value] of asked) state.set(key, value);
  findings.apply();
  ledger.apply();
  const fingerprint = state.get('finding');
  const entry = state.get('entry');
  if (fingerprint !== undefined) {
    const at = data.findings.findIndex((row) => S[row[F.fingerprint]] === fingerprint);
    if (at < 0) byId('f-count').textContent = 'There is no finding ' + fingerprint + ' in this report.';
    else {
      findings.reveal(at);
      const item = byId('finding-' + at);
      toggle(item, true).then(() => goTo(item, 'start'));
      item.querySelector('button').focus({ preventScroll: true });
    }
  } else if (entry !== undefined) {
    const at = data.ledger.findIndex((row) => entryKey(row) === entry);
    if (at < 0) byId('l-count').textContent = 'There is no such acquisition in this report.';
    else {
      ledger.reveal(at);
      const item = byId('entry-' + at);
      item.classList.add('target');
      goTo(item, 'center');
    }
  } else if (has('f.')) goTo(byId('findings'), 'start');
  else if (has('l.')) goTo(byId('ledger'), 'start');
}
addEventListener('hashchange', () => follow(false));
follow(true);

/* Arrow keys go from finding to finding, Escape closes one. */
byId('finding-list').addEventListener('keydown', (event) => {
  const item = event.target.closest('.finding');
  if (!item) return;
  if (event.key === 'Escape' && !item.querySelector('.body').hidden) {
    toggle(item, false);
    item.querySelector('button').focus();
  }
  if (!event.target.classList.contains('head')) return;
  const next = event.key === 'ArrowDown' ? item.nextElementSibling : event.key === 'ArrowUp' ? item.previousElementSibling : undefined;
  if (!next) return;
  event.preventDefault();
  next.querySelector('button').focus();
});

const THEMES = ['auto', 'light', 'dark'];
const themeButton = byId('theme');
function useTheme(theme) {
  if (theme === 'auto') document.documentElement.removeAttribute('data-theme');
  else document.documentElement.setAttribute('data-theme', theme);
  themeButton.textContent = 'Theme: ' + theme;
  themeButton.dataset.now = theme;
}
let stored = 'auto';
try { stored = localStorage.getItem('campsite-theme') ?? 'auto'; } catch { /* A browser that keeps nothing shows the system's theme. */ }
useTheme(THEMES.includes(stored) ? stored : 'auto');
themeButton.hidden = false;
themeButton.addEventListener('click', () => {
  const next = THEMES[(THEMES.indexOf(themeButton.dataset.now) + 1) % THEMES.length];
  useTheme(next);
  try { localStorage.setItem('campsite-theme', next); } catch { /* As above. */ }
});

addEventListener('beforeprint', () => {
  findings.drawForPrint();
  ledger.drawForPrint();
});
`;
