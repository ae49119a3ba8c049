/**
 * How does the page look, from 320 pixels to a wide screen, on paper, by day and by night?
 *
 * Colours are the roles of theme.ts only. No fonts, images or imports: the page requests nothing. Inline styles are forbidden by the page's policy,
 * so everything that depends on data is an attribute or a class.
 */
import { DETAIL_STYLE } from './style-detail.ts';
import { THEME } from './theme.ts';

const BASE = `
*,*::before,*::after{box-sizing:border-box}
html{scroll-padding-top:4rem;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
code,.place,.no,pre{font-family:ui-monospace,"Cascadia Code","SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
code{font-size:.92em}
a{color:var(--accent)}
:focus-visible{outline:2px solid var(--focus);outline-offset:2px;border-radius:4px}
small{color:var(--muted);font-size:.84em}
h1,h2,h3,h4{line-height:1.2;margin:0}
h2{font-size:1.3rem;letter-spacing:-.01em}
h3{font-size:1rem}
[hidden]{display:none!important}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skiplink{position:absolute;left:-999px}
.skiplink:focus{left:1rem;top:.5rem;background:var(--card);padding:.4rem .8rem;z-index:9}
header.top{position:sticky;top:0;z-index:5;background:color-mix(in srgb,var(--page) 92%,transparent);backdrop-filter:blur(8px);border-bottom:1px solid var(--line)}
.bar-in{max-width:1240px;margin:auto;padding:.55rem 1.25rem;display:flex;gap:1.25rem;align-items:center}
.brand{display:flex;gap:.5rem;align-items:center;font-weight:700;color:var(--ink);text-decoration:none}
.brand svg{width:22px;height:22px;fill:none;stroke:var(--accent);stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
nav{display:flex;gap:1rem;overflow-x:auto;flex:1;scrollbar-width:none}
nav a{color:var(--muted);text-decoration:none;white-space:nowrap;padding:.2rem 0}
nav a:hover{color:var(--ink)}
main{max-width:1240px;margin:0 auto;padding:1.25rem;display:grid;gap:1.25rem;grid-template-columns:minmax(0,1fr)}
.card{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:1.5rem;min-width:0}
button,select,input{font:inherit;color:inherit}
.btn,.tabs button{background:var(--soft);border:1px solid var(--line);border-radius:8px;padding:.3rem .75rem;cursor:pointer}
.btn{white-space:nowrap;font-size:.9rem}
.btn:hover,.tabs button:hover{border-color:var(--muted)}
.hint,.facts,.where{color:var(--muted);margin:.35rem 0 0}
.where{margin:0 0 .5rem;font-size:.95rem}
.hero h1{font-size:clamp(1.35rem,3.2vw,2.05rem);font-weight:500;letter-spacing:-.02em;max-width:46ch;text-wrap:balance}
.hero h1 strong{font-weight:750}
.hero h1 .bad{color:var(--leaks)}
.hero h3{margin:1.75rem 0 .6rem}
.bar{display:block;border-radius:4px;overflow:hidden;background:var(--soft)}
.bar.tall{height:18px;margin:1.25rem 0 .75rem;border-radius:6px}
.dot{display:inline-block;width:.72em;height:.72em;border-radius:3px;margin-right:.45em;background:currentColor}
.legendlist,.keys,.tiles{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:.5rem 1.75rem}
.legendlist a{color:inherit;text-decoration:none;display:block}
.legendlist a:hover b{text-decoration:underline}
.legendlist small{display:block;padding-left:1.17em}
.tiles a{display:block;text-decoration:none;color:inherit;border:1px solid var(--line);border-radius:10px;padding:.5rem 1rem}
.tiles b{font-size:1.5rem;display:block}
.c-new b{color:var(--leaks)}.c-fixed b{color:var(--good)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%}
th{text-align:left;font-weight:600}
thead th{color:var(--muted);font-size:.84rem;font-weight:500;padding:.3rem .6rem;vertical-align:bottom}
.reach{table-layout:fixed;min-width:560px}
.reach th[scope=row]{width:24%;white-space:nowrap}
.reach th small{display:block;font-weight:400;padding-left:1.4em}
.reach td,.reach thead th:not(:first-child){text-align:center}
.reach tbody th,.reach tfoot th{padding:.35rem .6rem .35rem 0}
.reach td{padding:2px}
.reach td a{display:block;padding:.5rem .3rem;text-decoration:none;color:var(--ink);font-size:1.1rem;font-variant-numeric:tabular-nums;border-radius:7px}
.reach td a:hover{outline:2px solid var(--accent)}
.reach .sum a{color:var(--muted)}
.none{color:var(--muted);opacity:.75}
.cell.h1 a{background:rgba(var(--heat),.08)}.cell.h2 a{background:rgba(var(--heat),.16)}.cell.h3 a{background:rgba(var(--heat),.25)}.cell.h4 a{background:rgba(var(--heat),.34)}.cell.h5 a{background:rgba(var(--heat),.44);font-weight:650}
.pillars td,.pillars th{padding:.32rem .6rem;border-top:1px solid var(--line);vertical-align:top}
.pillars thead th{border:0}
.pillars th small{display:block;font-weight:400}
.pillars td:nth-child(n+3){color:var(--muted);font-variant-numeric:tabular-nums}
.pillars a{text-decoration:none}
.verdict{white-space:nowrap;font-weight:600}
.v-findings{color:var(--leaks)}.v-clean{color:var(--good)}.v-not-checked,.v-not-applicable{color:var(--muted);font-weight:400}
.plothead{display:flex;flex-wrap:wrap;gap:.75rem 1.5rem;justify-content:space-between;align-items:center;margin:.9rem 0 1rem}
.tabs{display:none;gap:.4rem;flex-wrap:wrap}
.js .tabs{display:flex}
.tabs button[aria-selected=true]{background:var(--accent);border-color:var(--accent);color:var(--card)}
.js .plot h3{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
.js .off{display:none}
.bars{list-style:none;margin:0;padding:0;display:grid;gap:.45rem}
.bars li{display:grid;grid-template-columns:minmax(0,22rem) minmax(0,1fr) 7.5rem;gap:.9rem;align-items:center}
.bars a{overflow:hidden;text-overflow:ellipsis;white-space:nowrap;text-align:right;color:var(--ink);text-decoration:none;font-size:.93rem}
.bars a:hover{text-decoration:underline}
.bars .bar{height:14px;background:none}
.of{color:var(--muted);font-size:.9rem;font-variant-numeric:tabular-nums;white-space:nowrap}
.of b{color:var(--ink)}
.filters{display:flex;flex-wrap:wrap;gap:.5rem;margin:.9rem 0 .6rem;align-items:end}
.filters label{display:block;font-size:.8rem;color:var(--muted)}
.filters label.search{flex:1 1 14rem}
.filters select,.filters input{display:block;width:100%;margin-top:.15rem;background:var(--card);color:var(--ink);border:1px solid var(--line);border-radius:8px;padding:.3rem .6rem;height:2.25rem;font-size:.93rem;max-width:15rem}
.filters .search input{max-width:none}
.count{color:var(--muted);margin:.2rem 0 .8rem;font-size:.9rem}
.badge{display:inline-block;border-radius:6px;padding:.05rem .45rem;font-size:.8rem;background:var(--badge);color:var(--ink);white-space:nowrap;text-decoration:none}
.badge.r-remote,.badge.r-host,.badge.r-process,.badge.r-object{background:none;border:1px solid currentColor;padding:0 .4rem}
.badge.s-leaks{background:var(--leaks);color:var(--card);font-weight:600}
.badge.s-released,.badge.s-managed{background:color-mix(in srgb,var(--managed) 28%,transparent)}
.badge.s-escaped{background:color-mix(in srgb,var(--escaped) 28%,transparent)}
.badge.s-transferred{background:color-mix(in srgb,var(--transferred) 28%,transparent)}
.badge.c-new{background:var(--leaks);color:var(--card)}.badge.c-fixed{background:var(--good);color:var(--card)}
.r-remote{color:var(--remote);fill:var(--remote)}.r-host{color:var(--host);fill:var(--host)}.r-process{color:var(--process);fill:var(--process)}.r-object{color:var(--object);fill:var(--object)}
.dot.s-leaks,rect.s-leaks{color:var(--leaks);fill:var(--leaks)}.dot.s-escaped,rect.s-escaped{color:var(--escaped);fill:var(--escaped)}.dot.s-transferred,rect.s-transferred{color:var(--transferred);fill:var(--transferred)}.dot.s-managed,rect.s-managed{color:var(--managed);fill:var(--managed)}.dot.s-released,rect.s-released{color:var(--released);fill:var(--released)}
.perma{color:var(--muted);text-decoration:none;padding:0 .35rem;opacity:.55}
.perma:hover,.perma:focus{opacity:1}
.rows{width:100%;font-size:.92rem}
.rows td,.rows thead th{padding:.45rem .6rem;border-top:1px solid var(--line);vertical-align:top;text-align:left}
.rows thead th{border-top:0;white-space:nowrap}
.rows th button{background:none;border:0;padding:0;cursor:pointer;color:inherit;font-weight:600}
.rows th[aria-sort] button{color:var(--ink)}
.rows th[aria-sort=ascending] button::after{content:" ▲"}
.rows th[aria-sort=descending] button::after{content:" ▼"}
.rows td{overflow-wrap:anywhere}
.rows td:nth-child(2){min-width:10.5rem}.rows td:first-child{min-width:9rem}.rows td:nth-child(3){min-width:15rem}.rows td:nth-child(5){min-width:6.8rem}.rows td:nth-child(2) small{padding-left:1.2em}
.rows td small{display:block}
.rows td:first-child .badge{margin:0 .25rem .2rem 0}
.rows td:nth-child(3){font-family:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.85rem}
.rows tr.target td{background:var(--hit)}
.more{display:block;margin:1rem auto 0}
.problems{padding-left:1.1rem;overflow-wrap:anywhere}
summary{cursor:pointer}
summary h2{display:inline}
footer{max-width:1240px;margin:0 auto;padding:.5rem 1.25rem 2.5rem;color:var(--muted);font-size:.9rem}
@media (max-width:760px){
main{padding:.75rem;gap:.75rem}.card{padding:1rem;border-radius:12px}.bar-in{padding:.5rem .75rem;gap:.8rem}
.brand span{display:none}
.bars li{grid-template-columns:minmax(0,1fr) auto;gap:.1rem .6rem}.bars a{text-align:left}.bars .bar{grid-column:1/-1;grid-row:2;height:10px}
.filters label{flex:1 1 8.2rem}.filters label.search{flex-basis:100%}
.legendlist{gap:.6rem 1.2rem}
.reach{min-width:0}.reach small{display:none!important}.reach thead th{font-size:.74rem;padding:.2rem .1rem;hyphens:auto}.reach thead th:first-child{width:31%}.reach th[scope=row]{font-size:.84rem}.reach tbody th .dot{margin-right:.3em}.reach td a{font-size:1rem;padding:.45rem .1rem}
.pillars thead{display:none}.pillars tr{display:grid;grid-template-columns:1fr auto;border-top:1px solid var(--line);padding:.5rem 0}.pillars td,.pillars th{border:0;padding:.1rem 0}.pillars td:nth-child(2){text-align:right}.pillars td:nth-child(n+3){font-size:.85rem}.pillars td:nth-child(4){text-align:right}.pillars td:empty{display:none}
.rows thead{display:none}.rows td:nth-child(n){min-width:0}.rows tr{display:block;border-top:1px solid var(--line);padding:.6rem 0}.rows td{display:grid;grid-template-columns:5.4rem minmax(0,1fr);border:0;padding:.1rem 0;column-gap:.5rem}
.rows td::before{content:attr(data-label);color:var(--muted);font-size:.82rem;font-family:system-ui,sans-serif}
.rows td:nth-child(2) small{padding:0}.rows td>*{grid-column:2;justify-self:start}.rows td>.dot{display:none}
}
@media (prefers-reduced-motion:no-preference){.finding .head,.btn{transition:background .12s,border-color .12s}}
@media print{
body{background:#fff;font-size:10pt}header.top,.filters,.more,.perma,.skiplink,.tabs{display:none!important}.card{border:0;padding:0 0 1rem;break-inside:auto}main{display:block;padding:0}
.finding,.rows tr,.bars li,.ln{break-inside:avoid}a{color:inherit;text-decoration:none}.js .off{display:block}.js .plot h3{position:static;clip-path:none;width:auto;height:auto}
*{print-color-adjust:exact}
}
`;

/** The whole style sheet. */
export const STYLE = `${THEME}${BASE}${DETAIL_STYLE}`;
