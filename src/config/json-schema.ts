/**
 * What does an editor know of a configuration file? Prints config/schema.json from the zod schemas, descriptions included.
 *
 * One schema serves packs and projects' files: an object with `id` is a pack. Shorthands that are expanded before validation (a string
 * for a call pattern, one value for a list) are put back as alternatives. A test keeps the printed file fresh.
 */
import * as z from 'zod';
import { packFile } from './schema-pack.ts';
import { ALSO } from './schema-parts.ts';
import { projectFile } from './schema-project.ts';

type Json = Record<string, unknown>;

/** The text of config/schema.json. */
export function configurationSchema(): string {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'campsite configuration',
    description: 'A project file (settings and resources), or a resource pack (with an id).',
    if: { type: 'object', required: ['id'] },
    then: { $ref: '#/$defs/pack' },
    else: { $ref: '#/$defs/project' },
  };
  const registry = z.registry<{ id: string }>();
  registry.add(packFile, { id: 'pack' });
  registry.add(projectFile, { id: 'project' });
  const { schemas } = z.toJSONSchema(registry, {
    io: 'input',
    unrepresentable: 'any',
    reused: 'inline',
    uri: (id) => `#/$defs/${id}`,
    override: withShorthand,
  });
  const defs = Object.fromEntries(Object.entries(schemas).map(([id, value]) => [id, strip(value as Json)]));
  return `${JSON.stringify(deduplicate({ ...schema, $defs: defs }), null, 1)}\n`;
}

/** Puts the shorthand back beside the long form. */
function withShorthand({ jsonSchema }: { jsonSchema: Json }): void {
  const also = jsonSchema[ALSO];
  if (typeof also !== 'string') return;
  const { [ALSO]: _, description, ...long } = jsonSchema;
  const short = also === 'item' ? long.items : { type: also };
  for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
  Object.assign(jsonSchema, { ...(description !== undefined && { description }), anyOf: [short, long] });
}

function strip(schema: Json): Json {
  const { $schema: _, $id: __, id: ___, ...rest } = schema;
  return rest;
}

/** Length in characters from which a repeated part is worth a name of its own. */
const SHARED_LENGTH = 400;

/** Moves large parts that occur more than once to `$defs`, so that the file stays readable. */
function deduplicate(schema: Json): Json {
  const counts = new Map<string, number>();
  const count = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (!Array.isArray(value) && isSchema(value as Json)) {
      const text = JSON.stringify(value);
      counts.set(text, (counts.get(text) ?? 0) + 1);
      if ((counts.get(text) ?? 0) > 1) return;
    }
    for (const inner of Object.values(value)) count(inner);
  };
  count(schema);
  const names = new Map<string, string>();
  const defs: Json = {};
  const replace = (value: unknown, top: boolean): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((inner) => replace(inner, false));
    const text = JSON.stringify(value);
    if (!top && isSchema(value as Json) && text.length >= SHARED_LENGTH && (counts.get(text) ?? 0) > 1) {
      let name = names.get(text);
      if (name === undefined) {
        name = `part${names.size + 1}`;
        names.set(text, name);
        defs[name] = replace(value, true);
      }
      return { $ref: `#/$defs/${name}` };
    }
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, replace(inner, false)]));
  };
  const replaced = replace(schema, true) as Json;
  return { ...replaced, $defs: { ...(replaced.$defs as Json), ...defs } };
}

function isSchema(value: Json): boolean {
  return typeof value.type === 'string' || Array.isArray(value.anyOf);
}
