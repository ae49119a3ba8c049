/**
 * Where is it worst? Leaking acquisitions by folder, file, class, setup or fixture, and kind of resource, as bars that are read at a glance.
 *
 * A bar's length is the number of leaking acquisitions, its colours are the reaches, the number at its end says how many of how many. Static SVG in
 * HTML; each name links to the filtered ledger.
 */
import { markupText, visible } from '../../base/escape.ts';
import { compareText } from '../../base/text.ts';
import type { Acquisition, Reach, RunResult } from '../../findings/finding.ts';
import { grouped, REACHES } from './overview.ts';

/** Bars of one plot: what is further down is not where it is worst. */
const BARS = 12;

interface Spot {
  readonly name: string;
  /** Text of the ledger's filter. */
  readonly query: string;
  readonly byReach: Map<Reach, number>;
  leaking: number;
  all: number;
}

interface Plot {
  readonly id: string;
  readonly title: string;
  readonly of: (entry: Acquisition) => { readonly name: string; readonly query: string } | undefined;
}

const functionOf = (entry: Acquisition): string => entry.test ?? entry.fixture ?? entry.setup ?? '';

const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : './');

function className(entry: Acquisition): string | undefined {
  const name = functionOf(entry);
  return name.includes('.') ? name.slice(0, name.indexOf('.')) : undefined;
}

const filter = (text: string): string => `l.q=${encodeURIComponent(visible(text))}`;

const PLOTS: readonly Plot[] = [
  { id: 'folders', title: 'Folders', of: ({ path }) => ({ name: folderOf(path), query: filter(folderOf(path)) }) },
  { id: 'files', title: 'Files', of: ({ path }) => ({ name: path, query: filter(`${path}:`) }) },
  {
    id: 'classes',
    title: 'Classes',
    of: (entry) => {
      const name = className(entry);
      return name === undefined ? undefined : { name, query: filter(`${entry.path}: ${name}.`) };
    },
  },
  {
    id: 'fixtures',
    title: 'Setups and fixtures',
    of: (entry) => {
      const name = entry.fixture ?? entry.setup;
      return name === undefined ? undefined : { name, query: filter(`${entry.path}: ${name}`) };
    },
  },
  { id: 'kinds', title: 'Kinds of resource', of: ({ kind }) => ({ name: kind, query: `l.kind=${encodeURIComponent(visible(kind))}` }) },
];

function spotsOf(plot: Plot, ledger: readonly Acquisition[]): Spot[] {
  const spots = new Map<string, Spot>();
  for (const entry of ledger) {
    const at = plot.of(entry);
    if (at === undefined) continue;
    let spot = spots.get(at.query);
    if (spot === undefined) spots.set(at.query, (spot = { ...at, byReach: new Map(), leaking: 0, all: 0 }));
    spot.all += 1;
    if (entry.status !== 'leaks') continue;
    spot.leaking += 1;
    spot.byReach.set(entry.reach, (spot.byReach.get(entry.reach) ?? 0) + 1);
  }
  return [...spots.values()].filter((spot) => spot.leaking > 0).sort((a, b) => b.leaking - a.leaking || compareText(a.name, b.name));
}

/** The end of a long path tells more than its beginning. */
const NAME_CELLS = 46;
const shortName = (name: string): string => (name.length > NAME_CELLS ? `…${name.slice(1 - NAME_CELLS)}` : name);

function barHtml(spot: Spot, most: number): string {
  let x = 0;
  const rects = REACHES.map((reach) => {
    const count = spot.byReach.get(reach) ?? 0;
    const width = (count / most) * 100;
    const rect =
      count === 0
        ? ''
        : `<rect class="r-${reach}" x="${x.toFixed(2)}%" width="${width.toFixed(2)}%" height="100%"><title>${count} ${reach}</title></rect>`;
    x += width;
    return rect;
  });
  const words = REACHES.flatMap((reach) => (spot.byReach.has(reach) ? [`${spot.byReach.get(reach)} ${reach}`] : [])).join(', ');
  return (
    `<li><a href="#l.status=leaks&amp;${markupText(spot.query)}" title="${markupText(spot.name)}"><bdi>${markupText(shortName(spot.name))}</bdi></a>` +
    `<svg class="bar" role="img" aria-label="${words}" width="100%" height="14">${rects.join('')}</svg>` +
    `<span class="of"><b>${grouped(spot.leaking)}</b> of ${grouped(spot.all)}</span></li>`
  );
}

/** The section with all plots; '' where nothing leaks. */
export function hotSpotsHtml(result: RunResult): string {
  const plots = PLOTS.map((plot) => ({ plot, spots: spotsOf(plot, result.ledger) })).filter(({ spots }) => spots.length > 0);
  if (plots.length === 0) return '';
  const tabs = plots.map(
    ({ plot }, at) =>
      `<button type="button" role="tab" id="tab-${plot.id}" aria-controls="plot-${plot.id}" aria-selected="${at === 0}">${plot.title}</button>`,
  );
  const panels = plots.map(({ plot, spots }) => {
    const most = spots[0].leaking;
    const more = spots.length - BARS;
    return (
      `<div class="plot" role="tabpanel" id="plot-${plot.id}" aria-labelledby="tab-${plot.id}"><h3>${plot.title}</h3>` +
      `<ol class="bars">${spots
        .slice(0, BARS)
        .map((spot) => barHtml(spot, most))
        .join('')}</ol>${more > 0 ? `<p class="hint">and ${grouped(more)} with fewer leaks</p>` : ''}</div>`
    );
  });
  const legend = REACHES.filter((reach) => result.ledger.some((entry) => entry.status === 'leaks' && entry.reach === reach)).map(
    (reach) => `<li><span class="dot r-${reach}"></span>${reach}</li>`,
  );
  return `<section id="hot-spots" class="card"><h2>Where it is worst</h2><div class="plothead"><div class="tabs" role="tablist" aria-label="group leaking acquisitions by">${tabs.join('')}</div><ul class="keys">${legend.join('')}</ul></div>${panels.join('')}</section>`;
}
