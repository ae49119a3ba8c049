/**
 * How does a file become text? Bytes, byte order mark, PEP 263 encoding declaration.
 *
 * What cannot be decoded is a problem entry; the file is then read as Latin-1, which maps every byte, so that the rest of the run sees it.
 */
import { isAscii } from 'node:buffer';
import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { TextDecoder } from 'node:util';
import type { Problem } from '../findings/finding.ts';

/** Python's own tokenizer looks for the encoding in the first two lines (PEP 263). */
const DECLARATION = /^[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)/;
/** Larger files are generated data, not tests; parsing them would take longer than all others together. */
export const MAX_BYTES = 32 * 1024 * 1024;

/** Base64 digits: 132 bits, more than chance or anybody's own files need. */
const HASH_LENGTH = 22;

export interface Source {
  /** undefined: it could not be read. */
  readonly text: string | undefined;
  readonly problem: Problem | undefined;
  /** Of the bytes; '' where they could not be read, or nobody asked. */
  readonly hash: string;
}

export interface Decoded {
  readonly text: string;
  readonly problem: Problem | undefined;
}

/** Longer files are read into a buffer of their own. */
const SHARED_BYTES = 1024 * 1024;
let shared: Buffer | undefined;

/** Reads a file; `path` is what problems call it. */
export function readSource(absolute: string, path: string, hashed = false): Source {
  shared ??= Buffer.allocUnsafeSlow(SHARED_BYTES);
  const bytes = readBytes(absolute, path, shared);
  if (!Buffer.isBuffer(bytes)) return { text: undefined, problem: bytes, hash: '' };
  const { text, problem } = decode(bytes, path);
  return { text, problem, hash: hashed ? hashOf(bytes) : '' };
}

/** Tells whether a file is as it was. */
export function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64url').slice(0, HASH_LENGTH);
}

/**
 * The bytes of a regular file that is not too large, or what is wrong with it. Never waits for a pipe. They lie in `buffer`, where one is given and
 * large enough, until it is given again.
 */
export function readBytes(absolute: string, path: string, buffer?: Buffer): Buffer | Problem {
  try {
    const fd = openQuietly(absolute);
    try {
      const stat = fstatSync(fd);
      if (!stat.isFile()) return { path, kind: 'unreadable', message: 'is not a regular file' };
      if (stat.size > MAX_BYTES) return { path, kind: 'budget', message: `is larger than ${MAX_BYTES / 1024 / 1024} MiB and was not analysed` };
      const fits = buffer !== undefined && stat.size > 0 && stat.size <= buffer.length;
      return fits && readSync(fd, buffer, 0, stat.size, 0) === stat.size ? buffer.subarray(0, stat.size) : readFileSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    return { path, kind: 'unreadable', message: `cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'error'}` };
  }
}

/** Opens a file to be read. Throws where it cannot be; a pipe is opened without waiting for its writer, for ever where there is none. */
export function openQuietly(absolute: string): number {
  return openSync(absolute, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
}

/** Decodes Python source as Python would. */
export function decode(bytes: Buffer, path: string): Decoded {
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const head = bytes.toString('latin1', start, start + 400);
  const lines = head.includes('coding') ? head.split('\n', 2) : [];
  const declared = lines.map((l) => DECLARATION.exec(l)?.[1]).find((e) => e !== undefined);
  const name = (declared ?? 'utf-8').toLowerCase().replaceAll('_', '-');
  const body = bytes.subarray(start);
  if (name === 'utf-8' && isAscii(body)) return { text: body.toString('latin1'), problem: undefined };
  try {
    return { text: decoder(name).decode(body), problem: undefined };
  } catch {
    const text = body.toString('latin1');
    const message =
      declared === undefined ? 'is not valid UTF-8 and declares no encoding; read as Latin-1' : `cannot be decoded as ${declared}; read as Latin-1`;
    return { text, problem: { path, line: 1, kind: 'encoding', message } };
  }
}

/** Throws where the encoding is not known. */
function decoder(name: string): TextDecoder {
  const label = /^(latin-?1|iso-8859-1|l1|cp1252)(-|$)/.test(name) ? 'windows-1252' : /^(utf-?8|ascii|us-ascii)/.test(name) ? 'utf-8' : name;
  return new TextDecoder(label, { fatal: true, ignoreBOM: true });
}
