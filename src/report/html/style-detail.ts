/**
 * How do a finding, its source and its picture look?
 *
 * The path is one colour throughout: the stripe beside the source, the numbers of the steps, the edges and the borders of nodes in the picture. What
 * is skipped is struck in dashes, so the difference does not hang on colour alone.
 */
export const DETAIL_STYLE = `
#finding-list{list-style:none;margin:0;padding:0}
.finding{border-top:1px solid var(--line);padding:.2rem 0 .55rem}
.finding .head{display:flex;gap:.7rem;align-items:baseline;width:100%;text-align:left;background:none;border:0;padding:.45rem .4rem;border-radius:8px;cursor:pointer;font-weight:600;line-height:1.35}
.finding .head:hover{background:var(--soft)}
.finding .head:focus-visible{outline-offset:-2px}
.finding .head::before{content:"";flex:none;width:.5rem;height:.5rem;border:solid var(--muted);border-width:0 2px 2px 0;transform:rotate(-45deg) translate(-1px,0)}
.finding .head[aria-expanded=true]::before{transform:rotate(45deg) translate(-2px,-1px)}
.msg{overflow-wrap:anywhere}
.sev{flex:none;min-width:4.1rem;font-size:.8rem;font-weight:600}
.sev-error{color:var(--error)}.sev-warning{color:var(--warning)}.sev-note{color:var(--note)}
.sev-error::before{content:"▲ "}.sev-warning::before{content:"◆ "}.sev-note::before{content:"● "}
.meta{display:flex;flex-wrap:wrap;gap:.25rem .7rem;margin:0 0 0 1.6rem;align-items:center;font-size:.87rem;color:var(--muted);overflow-wrap:anywhere}
.meta .place{font-size:.84rem}
.body{margin:.6rem 0 .8rem;padding:1.1rem;background:var(--soft);border-radius:12px;min-width:0}
.answers{margin:0 0 1rem;display:grid;gap:.55rem}
.qa{display:grid;grid-template-columns:11rem minmax(0,1fr);gap:1rem}
.qa dt{color:var(--muted);font-weight:600;font-size:.92rem}
.qa dd{margin:0;max-width:80ch;overflow-wrap:anywhere}
.qa.cure dt{color:var(--good)}
.qa.cure code{background:color-mix(in srgb,var(--good) 14%,var(--card));border:1px solid color-mix(in srgb,var(--good) 45%,transparent);border-radius:6px;padding:.15rem .45rem;box-decoration-break:clone;-webkit-box-decoration-break:clone}
.paths>.tabs{margin:0 0 .7rem}
.paths .tabs button{text-align:left;font-weight:600}
.paths .tabs small{display:block;font-weight:400}
.paths .tabs [aria-selected=true] small{color:inherit}
.which{margin:.4rem 0 .6rem;font-size:.95rem}
.js .which{display:none}
.pair{display:grid;gap:1rem;grid-template-columns:minmax(0,1fr)}
@media (min-width:1000px){.pair.beside{grid-template-columns:minmax(0,1.12fr) minmax(0,.88fr);align-items:start}.pair.beside .flow{max-width:100%}}
.source{display:grid;gap:.8rem;min-width:0}
.file,.flowbox{background:var(--code);border:1px solid var(--line);border-radius:10px;overflow:hidden;min-width:0}
.file .path{font:600 .8rem/1.4 ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;color:var(--muted);padding:.45rem .8rem;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
.code{overflow-x:auto;padding:.35rem 0;font-size:.84rem;line-height:1.55}
.ln{display:grid;grid-template-columns:3.6rem max-content;min-width:max-content;border-left:3px solid transparent}
.ln .no{color:var(--muted);text-align:right;padding-right:.9rem;user-select:none}
.ln code{white-space:pre;font-size:1em;padding-right:1rem}
.ln.way{border-left-color:var(--way)}
.ln.hit{background:var(--hit)}
.ln.add code{background:color-mix(in srgb,var(--good) 16%,transparent);white-space:pre}
.note{display:flex;gap:.5rem;align-items:flex-start;padding:.12rem .8rem .3rem 3.9rem;font:.86rem/1.4 system-ui,sans-serif;border-left:3px solid var(--way);background:var(--hit);color:var(--way);font-weight:600;position:sticky;left:0;max-width:100%}
.note span:last-child{overflow-wrap:anywhere;min-width:0}
.note.skipped{border-left-color:transparent;color:var(--muted);font-weight:400;text-decoration:line-through dashed 1px}
.num{flex:none;display:inline-grid;place-items:center;min-width:1.3rem;height:1.3rem;border-radius:1rem;background:var(--way);color:var(--card);font-size:.78rem;font-weight:700}
.num.skip{background:var(--badge);color:var(--muted)}
.gap{color:var(--muted);font:.78rem/1.9 system-ui,sans-serif;padding-left:3.9rem;background:repeating-linear-gradient(135deg,transparent 0 5px,var(--soft) 5px 7px)}
.t-keyword{color:var(--keyword)}.t-string{color:var(--string)}.t-number{color:var(--number)}.t-comment{color:var(--comment);font-style:italic}.t-name{color:var(--name);font-weight:600}
.picture{margin:0;min-width:0}
.flowbox{overflow:auto;max-height:46rem;text-align:center}
.flow{display:inline-block;max-width:none;height:auto;font:11.5px ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.n rect{fill:var(--card);stroke:var(--line);stroke-width:1.2}
.n text{fill:var(--muted)}
.n .no{fill:var(--comment)}
.mid{text-anchor:middle}
.n.entry rect,.n.exit rect,.n.raised-exit rect{fill:var(--soft)}
.n.fold rect{stroke-dasharray:2 3}
.n.branch rect{fill:var(--soft)}
.n.release rect{stroke:var(--good);stroke-width:1.6}
.n.release text{fill:var(--good)}
.n.way rect{stroke:var(--way);stroke-width:2}
.n.way text{fill:var(--ink)}
.n.acquire rect{stroke-width:2.4}
.n.raise.way rect{fill:var(--hit)}
.n.last rect{fill:var(--way)}
.n.last>text,.n.last .no{fill:var(--card);font-weight:700}
.n g.badge rect.pip{fill:var(--way);stroke:var(--code);stroke-width:2;stroke-dasharray:none}
g.badge text,.n.way g.badge text{fill:var(--card);font-weight:700;font-size:10.5px}
.n.last g.badge rect.pip{stroke:var(--card)}
.e{fill:none;stroke:var(--muted);stroke-width:1.1;opacity:.75}
.e.dash{stroke-dasharray:5 4}
.e.way{stroke:var(--way);stroke-width:3;opacity:1}
.e.way.dash{stroke-dasharray:7 4}
.arrow{fill:var(--muted)}.arrow.way{fill:var(--way)}
.w{fill:var(--muted);font:10.5px system-ui,sans-serif;paint-order:stroke;stroke:var(--code);stroke-width:4px;stroke-linejoin:round}
.w.way{fill:var(--way);font-weight:700}
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;font-size:.8rem;color:var(--muted);margin-top:.45rem}
.k::before{content:"";display:inline-block;width:1.5rem;margin-right:.4rem;vertical-align:middle;border-top:2px solid var(--muted)}
.k.way::before{border-top:3px solid var(--way)}
.k.dash::before{border-top-style:dashed}
.k.rel::before{height:.8rem;border:1.6px solid var(--good);border-radius:3px}
.aside{color:var(--muted);font-size:.86rem;margin:.7rem 0 0}
.help{margin-top:.9rem}
.help summary{color:var(--accent);font-weight:600}
.help p,.help ul{max-width:75ch;margin:.5rem 0}
.help pre{background:var(--code);border:1px solid var(--line);border-radius:8px;padding:.7rem;overflow-x:auto}
@media (max-width:760px){
.finding .head{flex-wrap:wrap;gap:.1rem .6rem}.msg{flex:1 1 100%;padding-left:1.1rem}.meta{margin-left:1.1rem}
.body{padding:.7rem;margin-inline:-.5rem}.qa{grid-template-columns:minmax(0,1fr);gap:.1rem}
.ln{grid-template-columns:2.8rem max-content}.note,.gap{padding-left:3.1rem}
}
@media print{.body{background:none;padding:0}.flowbox{max-height:none;overflow:visible}.flow{max-width:100%}.code{overflow:visible}.ln code{white-space:pre-wrap}.ln{min-width:0;grid-template-columns:3rem minmax(0,1fr)}.js .which{display:block}}
`;
