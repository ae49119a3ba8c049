/**
 * On which line of which configuration file does a pattern stand?
 *
 * Patterns carry no places: they are looked for where they came from, in the project's own files or the shipped packs, which are read again
 * for it. A pattern that was filled with captures keeps the list of conditions of the one it was made from, and is found by that.
 */
import { readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { type ReadDocument, readDocument } from '../config/document.ts';
import type { Configuration } from '../config/load.ts';
import { packFolder } from '../config/load-packs.ts';
import type { CallPattern, ManagedScope, Pack } from '../config/model.ts';
import { patternsOf } from '../config/references.ts';

type Path = readonly PropertyKey[];

export class ConfigurationLines {
  readonly #configuration: Configuration;
  readonly #documents = new Map<Pack, ReadDocument | undefined>();
  readonly #patterns = new Map<CallPattern['when'], { readonly pack: Pack; readonly path: Path }>();

  constructor(configuration: Configuration) {
    this.#configuration = configuration;
    for (const pack of configuration.packs) for (const { path, pattern } of patternsOf(pack)) this.#patterns.set(pattern.when, { pack, path });
  }

  /** `campsite.yaml:12` of a pattern of any section; undefined for one that no file holds. */
  ofPattern(pattern: CallPattern): string | undefined {
    const found = this.#patterns.get(pattern.when);
    return found && this.#at(found.pack, found.path);
  }

  /** The place of a key of a resource kind or process state: `release-all`, `context-manager`. */
  ofKind(kind: { readonly kind: string; readonly pack: string }, ...keys: Path): string | undefined {
    for (const section of ['resources', 'state'] as const) {
      const pack = this.#configuration.packs.find((p) => p.id === kind.pack && p[section].some((entry) => entry.kind === kind.kind));
      if (pack) return this.#at(pack, [section, kind.kind, ...keys]);
    }
    return undefined;
  }

  ofManaged(scope: ManagedScope): string | undefined {
    const pack = this.#configuration.packs.find((p) => p.managed.includes(scope));
    return pack && this.#at(pack, ['managed', pack.managed.indexOf(scope)]);
  }

  #at(pack: Pack, path: Path): string {
    const own = this.#configuration.own.find((o) => o.pack === pack);
    const file = own ? relative(this.#configuration.root, own.file).split(sep).join('/') : pack.source;
    const document = own ? own.document : this.#shipped(pack);
    return document === undefined ? file : `${file}:${document.placeOf(path).line}`;
  }

  #shipped(pack: Pack): ReadDocument | undefined {
    if (!this.#documents.has(pack)) {
      let document: ReadDocument | undefined;
      try {
        document = readDocument(readFileSync(join(packFolder(), pack.source.slice(pack.source.lastIndexOf('/') + 1)), 'utf8'), 'yaml');
      } catch {
        document = undefined; // The packs are in the snapshot, their files are gone: the name of the file is all there is to say.
      }
      this.#documents.set(pack, document);
    }
    return this.#documents.get(pack);
  }
}
