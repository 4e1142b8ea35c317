import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { tryJson } from './http.mjs';

/** Where a log ended at some moment. @typedef {{ ino: number, size: number } | null} Position */

/** @param {string} path @returns {Position} */
export function positionOf(path) {
  try {
    const { ino, size } = statSync(path);
    return { ino, size };
  } catch {
    return null;
  }
}

/**
 * Follows a log from a position on, through growth, rotation by renaming (the renamed file is read on, because nginx writes
 * there until it is told) and truncation.
 */
export class Tail {
  /** @param {string} path @param {Position} from */
  constructor(path, from) {
    this.path = path;
    /** @type {{ fd: number, ino: number, at: number, rest: string }[]} */
    this.files = [];
    // Rotated between then and now: the older file still holds what we want.
    if (from && positionOf(path)?.ino !== from.ino && positionOf(`${path}.1`)?.ino === from.ino)
      this.open(`${path}.1`, from.size);
    this.open(path, from && positionOf(path)?.ino === from.ino ? from.size : 0);
  }

  /** @param {string} path @param {number} at */
  open(path, at) {
    try {
      const fd = openSync(path, 'r');
      this.files.push({ fd, ino: fstatSync(fd).ino, at, rest: '' });
    } catch {
      // not there (yet)
    }
  }

  /** @returns {any[]} parsed lines that came since the last call, oldest file first */
  read() {
    const now = positionOf(this.path);
    if (now && !this.files.some(({ ino }) => ino === now.ino)) this.open(this.path, 0);
    return this.files.flatMap((file) => this.more(file));
  }

  /** @param {Tail['files'][number]} file */
  more(file) {
    const { size } = fstatSync(file.fd);
    if (size < file.at) Object.assign(file, { at: 0, rest: '' });
    const part = Buffer.alloc(Math.min(size - file.at, 8 << 20));
    file.at += readSync(file.fd, part, 0, part.length, file.at);
    const lines = (file.rest + part.toString('utf8')).split('\n');
    file.rest = lines.pop() ?? '';
    return lines.map(tryJson).filter((line) => typeof line?.t === 'number');
  }

  close() {
    for (const { fd } of this.files) closeSync(fd);
    this.files = [];
  }
}

/**
 * The lines of the last moments: who probes here.
 * @param {string} path @param {number} since seconds
 * @returns {any[]}
 */
export function recentLines(path, since) {
  const lines = [`${path}.1`, path].flatMap((one) => {
    const size = positionOf(one)?.size ?? 0;
    const tail = new Tail(one, { ino: positionOf(one)?.ino ?? 0, size: Math.max(0, size - (1 << 20)) });
    try {
      return tail.read();
    } finally {
      tail.close();
    }
  });
  return lines.filter((line) => line.t >= since);
}
