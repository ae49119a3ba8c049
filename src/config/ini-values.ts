/**
 * What does the setup.cfg spelling of the settings say? INI has only strings: lists are written over several indented lines or with
 * commas, as in other tools' sections of setup.cfg.
 *
 * Only sections `tool:campsite` and `tool:campsite.<table>` are read; `[tool:campsite.severity]` becomes the table `severity`. Patterns
 * need a structure that INI does not have: they live in a YAML, JSON or TOML file that `extends` names.
 */
import { parse } from 'ini';

/** Settings that are lists; every other value is a word. */
const LISTS: ReadonlySet<string> = new Set([
  'paths',
  'exclude',
  'snippets',
  'extends',
  'select',
  'ignore',
  'extend-select',
  'disable-packs',
  'disable-kinds',
]);

/** All sections as tables; Python's continuation lines are joined first. */
export function parseIni(source: string): Record<string, unknown> {
  const table: Record<string, unknown> = parse(joinContinuations(source));
  return Object.fromEntries(Object.entries(table).map(([section, body]) => [section, section.startsWith('tool:campsite') ? readTable(body) : body]));
}

function readTable(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, readValue(key, value)]));
}

function readValue(key: string, value: unknown): unknown {
  if (typeof value === 'object') return readTable(value);
  if (!LISTS.has(key)) return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return String(value)
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** Python's configparser continues a value on lines that are indented deeper than its key. */
function joinContinuations(source: string): string {
  const lines: string[] = [];
  for (const line of source.split(/\r?\n/)) {
    const last = lines.length - 1;
    if (/^\s+[^\s#;]/.test(line) && last >= 0 && /^[^\s[#;][^=:]*[=:]/.test(lines[last])) {
      const separator = /[=:,]\s*$/.test(lines[last]) ? ' ' : ', ';
      lines[last] += separator + line.trim();
    } else lines.push(line);
  }
  return lines.join('\n');
}
