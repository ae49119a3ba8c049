/**
 * What does a person see on the terminal (`full`, the default)?
 *
 * Each finding: place, severity, rule and CWE; one sentence; the frame with the numbered witness; who else goes through it; the cure. Then the
 * problems and the end of the run. Says the same without colour, and without sources (the steps are listed with their places then).
 */
import { visible } from '../base/escape.ts';
import { cutText, plural } from '../base/text.ts';
import type { Finding, RunResult, Witness } from '../findings/finding.ts';
import { exitWords, joinWords, numberedSteps, placeOf, ruleLabel, testsSentence } from './finding-words.ts';
import { drawPlace, drawWitness } from './frame.ts';
import { FRAME_ROWS, type Lines } from './frame-rows.ts';
import { hiddenNotes, type ReportOptions, shownFindings, widthOf } from './options.ts';
import { type Paint, paintFor } from './paint.ts';
import { renderProblems, renderSummary } from './summary.ts';

/** Further witnesses are named up to this number. */
const NAMED_WITNESSES = 5;

/** Splits a source once a file, not once a finding. */
export function linesReader(options: ReportOptions): Lines {
  const known = new Map<string, readonly string[] | undefined>();
  return (path) => {
    if (!known.has(path)) known.set(path, options.sources?.(path)?.split(/\r\n|\r|\n/));
    return known.get(path);
  };
}

function listedSteps(witness: Witness, paint: Paint, width: number): string[] {
  const steps = numberedSteps(witness);
  const lines = steps.slice(0, FRAME_ROWS - 1).map(({ step, number }) => {
    const text = `${visible(`${step.path}:${step.line}`)}  ${visible(step.message)}`;
    return `  ${paint.step(number === undefined ? ' ' : String(number))} ${cutText(text, width - 4)}`;
  });
  const more = steps.length - lines.length;
  return more > 0 ? [...lines, `    ${paint.quiet(`${more} more`)}`] : lines;
}

function frames(finding: Finding, linesOf: Lines, options: ReportOptions, paint: Paint): string[] {
  const width = widthOf(options);
  if (finding.witnesses.length === 0) return drawPlace(finding, linesOf, width, paint);
  const drawn = finding.witnesses.slice(0, Math.max(1, options.frames ?? 1));
  const lines = drawn.flatMap((witness, at) => {
    const known = witness.steps.some((step) => linesOf(step.path) !== undefined);
    const frame = known ? drawWitness(witness, finding.path, linesOf, width, paint) : listedSteps(witness, paint, width);
    return at === 0 ? frame : ['', ...frame];
  });
  const others = [...new Set(finding.witnesses.slice(drawn.length).map((witness) => exitWords(witness, finding.path)))];
  if (others.length === 0) return lines;
  const named = others.slice(0, NAMED_WITNESSES);
  const more = others.length - named.length;
  const words = more > 0 ? `${named.join(', ')} and on ${more} more` : joinWords(named);
  return [...lines, `   ${paint.quiet(`also when ${visible(words)}`)}`];
}

function renderFinding(finding: Finding, linesOf: Lines, options: ReportOptions, paint: Paint): string {
  const head = [
    paint.place(visible(placeOf(finding))),
    paint.severity(finding.severity, finding.severity),
    paint.rule(visible(ruleLabel(finding))),
  ].join('  ');
  const frame = frames(finding, linesOf, options, paint);
  const tests = testsSentence(finding);
  const lines = [head, paint.headline(visible(finding.message))];
  if (frame.length > 0) lines.push('', ...frame);
  const tail = [
    ...(tests === undefined ? [] : [`   ${paint.quiet(visible(tests))}`]),
    ...(finding.fix === undefined ? [] : [`   ${paint.good('cure:')} ${visible(finding.fix.title)}`]),
  ];
  if (tail.length > 0) lines.push('', ...tail);
  return `${lines.join('\n')}\n`;
}

/** Findings with frames, problems, and the end of the run; ends with a newline. */
export function renderFull(result: RunResult, options: ReportOptions): string {
  const paint = paintFor(options.color ?? false);
  const linesOf = linesReader(options);
  const findings = shownFindings(result, options, false).map((finding) => renderFinding(finding, linesOf, options, paint));
  const problems = renderProblems(result, options);
  const hidden = hiddenNotes(result, options, false);
  const hint = hidden > 0 ? `  ${paint.quiet(`${plural(hidden, 'note')} not shown here: see the report or the JSON`)}\n` : '';
  return [...findings, ...(problems === '' ? [] : [problems]), renderSummary(result, options) + hint].join('\n');
}
