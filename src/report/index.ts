/**
 * Which output formats are there, and which function writes each?
 *
 * Every renderer is pure: the same result and options give the same text.
 */
import type { RunResult } from '../findings/finding.ts';
import { renderAzure } from './azure.ts';
import { renderConcise } from './concise.ts';
import { renderFull } from './full.ts';
import { renderGithub } from './github.ts';
import { renderGitlab } from './gitlab.ts';
import { renderHtml } from './html/index.ts';
import { renderJson, renderJsonLines } from './json.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';
import type { ReportOptions } from './options.ts';
import { renderRdjson } from './rdjson.ts';
import { renderSarif } from './sarif.ts';

export type Renderer = (result: RunResult, options: ReportOptions) => string;

export const RENDERERS = {
  full: renderFull,
  concise: renderConcise,
  json: renderJson,
  'json-lines': renderJsonLines,
  sarif: renderSarif,
  github: renderGithub,
  gitlab: renderGitlab,
  junit: renderJunit,
  rdjson: renderRdjson,
  azure: renderAzure,
  markdown: renderMarkdown,
  html: renderHtml,
} as const satisfies Readonly<Record<string, Renderer>>;

export type Format = keyof typeof RENDERERS;

/** In the order in which help shows them. */
export const FORMATS = Object.keys(RENDERERS) as readonly Format[];

export const DEFAULT_FORMAT: Format = 'full';

/** Whether a word from the command line names a format. */
export function isFormat(name: string): name is Format {
  return Object.hasOwn(RENDERERS, name);
}

/** The report as text, ending with a newline. */
export function renderReport(format: Format, result: RunResult, options: ReportOptions = {}): string {
  return RENDERERS[format](result, options);
}
