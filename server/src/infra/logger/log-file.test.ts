import { mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from './index.ts';
import { openLogFile } from './log-file.ts';

describe('a log file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dengji-log-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('takes whole lines of several writers, and nobody else may read it', () => {
    const path = join(folder, 'api.log');
    const files = [openLogFile(path), openLogFile(path)];
    const logs = files.map((destination, at) => createLogger({ level: 'info', name: `p${at}`, destination }));
    for (let i = 0; i < 200; i++) logs[i % 2]!.info('http.request', { status: i });
    const lines = readFileSync(path, 'utf8').trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { status: number }).status)).toEqual([...Array(200).keys()]);
    expect(statSync(path).mode & 0o007).toBe(0);
    for (const file of files) file.close();
  });

  it('goes on in a new file when the old one was moved away, without a line lost', () => {
    const path = join(folder, 'api.log');
    const file = openLogFile(path);
    file.write('one\n');
    renameSync(path, `${path}.1`);
    file.write('two\n');
    file.follow();
    file.write('three\n');
    file.follow();
    file.write('four\n');
    expect(readFileSync(`${path}.1`, 'utf8')).toBe('one\ntwo\n');
    expect(readFileSync(path, 'utf8')).toBe('three\nfour\n');
    file.close();
  });

  it('a full disk costs lines, not the request', () => {
    const file = openLogFile('/dev/full');
    expect(() => file.write('lost\n')).not.toThrow();
    file.close();
  });
});
