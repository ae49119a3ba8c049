/**
 * Which of the configured types does a receiver have? By the expression as written, the call that made it, its annotation, its fixture.
 *
 * Expressions are asked for every receiver that a typed pattern could match, so the answer for an expression is remembered; types that
 * hold only in certain classes are asked each time, they are few.
 */
import type { CallView, Patterns } from './call-view.ts';
import type { Glob } from './globs.ts';
import { compileGlob, testGlob } from './globs.ts';
import type { BuiltinFixture, CallPattern, TypePattern } from './model.ts';
import { indexPatterns } from './pattern-index.ts';

/** Expressions remembered; beyond that the memo starts anew. */
const MEMO_LIMIT = 100_000;

const NONE: readonly string[] = Object.freeze([]);

interface Named {
  readonly name: string;
  readonly globs: readonly Glob[];
}

type TypeQuestions = Pick<Patterns, 'typesOfExpression' | 'typesOfConstructor' | 'typesOfAnnotation' | 'typesOfFixture'>;

/** Compiles the type patterns; `fixtures` adds what plug-ins' fixtures yield. */
export function compileTypes(types: readonly TypePattern[], fixtures: readonly BuiltinFixture[]): TypeQuestions {
  const named = (of: (type: TypePattern) => readonly string[]): readonly Named[] =>
    types.map((type) => ({ name: type.name, globs: of(type).map((source) => compileGlob(source)) })).filter((entry) => entry.globs.length > 0);
  const expressions = remembered(named((type) => type.expressions));
  const annotations = remembered(named((type) => type.annotations));
  const fixtureGlobs = remembered(named((type) => type.fixtures));
  const declared = new Map(fixtures.map((fixture) => [fixture.name, fixture.types]));
  const constructors = indexPatterns(
    types.flatMap((type) => type.constructors.map((pattern): CallPattern & { readonly type: string } => ({ ...pattern, type: type.name }))),
  );
  const inClasses = types.flatMap((type) =>
    type.inClasses.map((entry) => ({
      name: type.name,
      base: compileGlob(entry.base),
      globs: entry.expressions.map((source) => compileGlob(source)),
    })),
  );
  /** Those that an expression is named in, whatever the class. */
  const inClassesOf = new Map<string, typeof inClasses>();

  return {
    typesOfExpression(expression, classBases) {
      const found = expressions(expression);
      if (inClasses.length === 0 || classBases.length === 0) return found;
      let meant = inClassesOf.get(expression);
      if (!meant) {
        meant = inClasses.filter((entry) => entry.globs.some((glob) => testGlob(glob, expression)));
        if (inClassesOf.size >= MEMO_LIMIT) inClassesOf.clear();
        inClassesOf.set(expression, meant);
      }
      if (meant.length === 0) return found;
      const more = meant.filter((entry) => classBases.some((base) => testGlob(entry.base, base)));
      return more.length === 0 ? found : [...new Set([...found, ...more.map((entry) => entry.name)])];
    },
    typesOfConstructor(call: CallView) {
      const found = constructors.find(call);
      return found.length === 0 ? NONE : [...new Set(found.map((match) => match.pattern.type))];
    },
    typesOfAnnotation: annotations,
    typesOfFixture(name) {
      const found = declared.get(name) ?? NONE;
      const more = fixtureGlobs(name);
      return more.length === 0 ? found : found.length === 0 ? more : [...new Set([...found, ...more])];
    },
  };
}

function remembered(entries: readonly Named[]): (text: string) => readonly string[] {
  const memo = new Map<string, readonly string[]>();
  return (text) => {
    let found = memo.get(text);
    if (found === undefined) {
      const names = entries.filter((entry) => entry.globs.some((glob) => testGlob(glob, text))).map((entry) => entry.name);
      found = names.length === 0 ? NONE : names;
      if (memo.size >= MEMO_LIMIT) memo.clear();
      memo.set(text, found);
    }
    return found;
  };
}
