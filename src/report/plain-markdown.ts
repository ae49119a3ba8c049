/**
 * What does a rule's Markdown say as plain text?
 *
 * For the short Markdown of our own rules: marks of headings, emphasis, code and links go, paragraphs and list items stay. Not a Markdown parser; the
 * text is escaped by the format that takes it.
 */

/** Paragraphs separated by one empty line; '' for an empty text. */
export function plainMarkdown(markdown: string): string {
  return markdown
    .replace(/\r\n?/g, '\n')
    .replace(/^```.*$/gm, '')
    .replace(/^#{1,6} +/gm, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\*\*([^*\n]+)\*\*/g, '$1')
    .replace(/`([^`\n]*)`/g, '$1')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
