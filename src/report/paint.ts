/**
 * Which part of the text has which colour?
 *
 * Named by meaning, so that a format never speaks of colours. Whether there are any is the caller's decision (an explicit flag); what is
 * painted says the same without.
 */
import picocolors from 'picocolors';
import type { Severity } from '../findings/finding.ts';

type Brush = (text: string) => string;

export interface Paint {
  readonly severity: (severity: Severity, text: string) => string;
  readonly rule: Brush;
  readonly place: Brush;
  readonly headline: Brush;
  /** Numbers and messages of steps. */
  readonly step: Brush;
  /** What raises, where it leaks. */
  readonly alarm: Brush;
  readonly good: Brush;
  /** Gutters and asides. */
  readonly quiet: Brush;
  /** Source lines that are only context. */
  readonly faint: Brush;
}

/** The brushes, or ones that change nothing. */
export function paintFor(color: boolean): Paint {
  const colors = picocolors.createColors(color);
  const bySeverity: Readonly<Record<Severity, Brush>> = { error: colors.red, warning: colors.yellow, note: colors.cyan };
  return {
    severity: (severity, text) => colors.bold(bySeverity[severity](text)),
    rule: colors.bold,
    place: colors.cyan,
    headline: colors.bold,
    step: colors.blue,
    alarm: colors.red,
    good: colors.green,
    quiet: colors.dim,
    faint: colors.dim,
  };
}
