/**
 * How does the short Markdown of a rule's help become HTML?
 *
 * Paragraphs, lists, fenced code, code spans and bold: what our own rules use. Escapes everything first, so that nothing but these six elements
 * can come out of it, whatever the text; links stay text. Not a Markdown parser.
 */
import { markupText, visibleLines } from '../../base/escape.ts';

function inline(text: string): string {
  return markupText(text)
    .split(/(`[^`]+`)/)
    .map((part) => (/^`[^`]+`$/.test(part) ? `<code>${part.slice(1, -1)}</code>` : part.replace(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>')))
    .join('');
}

function block(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length > 0 && lines.every((line) => /^\s*[-*] /.test(line)))
    return `<ul>${lines.map((line) => `<li>${inline(line.replace(/^\s*[-*] /, ''))}</li>`).join('')}</ul>`;
  return lines.length === 0 ? '' : `<p>${inline(lines.join(' '))}</p>`;
}

/** HTML of a help text. */
export function helpHtml(help: string): string {
  return visibleLines(help.replace(/\r\n?/g, '\n'))
    .split(/^```.*$/m)
    .map((part, at) =>
      at % 2 === 1
        ? `<pre><code>${part.trim().split('\n').map(markupText).join('\n')}</code></pre>`
        : part
            .split(/\n\s*\n/)
            .map(block)
            .join(''),
    )
    .join('');
}
