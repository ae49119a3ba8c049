/**
 * Which version is running?
 *
 * Read from the package's own manifest, two folders up in the sources, one in the bundle. A folder that holds another package's manifest
 * is passed over.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function read(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (let i = 0; i < 3; i++) {
    try {
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: string; version?: string };
      if (manifest.name === 'campsite' && manifest.version !== undefined) return manifest.version;
    } catch {
      // Not in this folder.
    }
    folder = dirname(folder);
  }
  return '0.0.0';
}

export const VERSION = read();
