/**
 * Is a document a pack, or a project's file? Validates a read document and yields the model or problems with places.
 *
 * The keys that are valid at a path come from the schema itself, so a misspelt key is answered with the nearest right one.
 */
import * as z from 'zod';
import type { ReadDocument } from './document.ts';
import type { Pack } from './model.ts';
import type { ConfigProblem } from './problems.ts';
import { problemsOf } from './problems.ts';
import { packFile, packOf } from './schema-pack.ts';
import type { ProjectFile } from './schema-project.ts';
import { projectFile } from './schema-project.ts';

export type Validated<T> =
  | { readonly value: T; readonly problems: readonly [] }
  | { readonly value: undefined; readonly problems: readonly ConfigProblem[] };

/** A document as a pack. `file` is the name for messages. */
export function validatePack(file: string, document: ReadDocument): Validated<Pack> {
  const result = validate(file, document, packFile);
  if (result.value === undefined) return result;
  const { id, description, 'applies-to': appliesTo, ...sections } = result.value;
  const pack = packOf(id, description, file, { imports: appliesTo?.imports ?? [], bases: appliesTo?.bases ?? [] }, sections);
  return { value: pack, problems: [] };
}

/** A document as a project's file. */
export function validateProject(file: string, document: ReadDocument): Validated<ProjectFile> {
  return validate(file, document, projectFile);
}

function validate<T extends z.ZodType>(file: string, document: ReadDocument, schema: T): Validated<z.output<T>> {
  if (document.errors.length > 0) {
    return { value: undefined, problems: document.errors.map(({ place, message }) => ({ file, ...place, key: '', message })) };
  }
  // An empty file says nothing, which is no mistake.
  const result = schema.safeParse(document.value ?? {});
  if (result.success) return { value: result.data, problems: [] };
  return { value: undefined, problems: problemsOf(file, document, result.error.issues, (path) => keysAt(schema, path)) };
}

/** The keys that the schema knows at a path; [] where it is no table with fixed keys. */
function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly string[] {
  const inner = unwrap(schema);
  if (path.length === 0) return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
  const [key, ...rest] = path;
  if (inner instanceof z.ZodObject) {
    const next: z.core.$ZodType | undefined = inner.shape[String(key)];
    return next === undefined ? [] : keysAt(next, rest);
  }
  if (inner instanceof z.ZodRecord) return keysAt(inner.valueType, rest);
  if (inner instanceof z.ZodArray) return keysAt(inner.element, rest);
  return [];
}

/** Looks through optionals, transforms and preprocessing to what describes the input. */
function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodOptional) return unwrap(schema.unwrap());
  if (schema instanceof z.ZodPipe) return unwrap(schema.in instanceof z.ZodTransform ? schema.out : schema.in);
  return schema;
}
