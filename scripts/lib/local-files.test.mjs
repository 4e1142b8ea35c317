import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { fingerprintOf } from './build.mjs';
import { checkNode, isInstalled } from './install.mjs';
import { followOutbox } from './outbox.mjs';
import { readSettings } from './backup/settings.mjs';
import { localBackupKey, localSecrets } from './secrets.mjs';
import { countReport, namesOfFailed } from './vitest-report.mjs';

const folder = mkdtempSync(join(tmpdir(), 'dengji-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('local secrets', () => {
  const path = join(folder, 'deep/secrets.json');

  it('are random, made once, and readable by their owner only', () => {
    const first = localSecrets(path);
    expect(localSecrets(path)).toEqual(first);
    expect(localSecrets(join(folder, 'other.json')).INDEX_KEY).not.toBe(first.INDEX_KEY);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const { current, keys } = JSON.parse(first.DATA_KEYS);
    expect(Buffer.from(keys[current], 'base64')).toHaveLength(32);
    expect(Buffer.from(first.INDEX_KEY, 'base64')).toHaveLength(32);
  });

  it('hold one for backups, of its own', () => {
    const own = join(folder, 'backup-key');
    const BACKUP_KEY = localBackupKey(own);
    expect(localBackupKey(own)).toBe(BACKUP_KEY);
    expect(statSync(own).mode & 0o777).toBe(0o600);
    expect(readSettings(undefined, { ...localSecrets(path), BACKUP_KEY }).key.id).toMatch(/^[0-9a-f]{16}$/);
  });

  it('are never replaced when the file is damaged: the data would be lost', () => {
    writeFileSync(path, '{"dataKeys":{}}');
    expect(() => localSecrets(path)).toThrow('is damaged');
    expect(readFileSync(path, 'utf8')).toBe('{"dataKeys":{}}');
  });
});

describe('outbox', () => {
  it('shows what is added from now on, whole lines only, also after the file began anew', async () => {
    const path = join(folder, 'outbox.ndjson');
    writeFileSync(path, '{"code":"old"}\n');
    const seen = [];
    const stop = followOutbox(path, (message) => seen.push(message.code), 10);
    try {
      appendFileSync(path, '{"code":"1"}\nnot json\n{"code":');
      await vi.waitFor(() => expect(seen).toEqual(['1']));
      appendFileSync(path, '"2"}\n');
      await vi.waitFor(() => expect(seen).toEqual(['1', '2']));
      writeFileSync(path, '{"code":"3"}\n');
      await vi.waitFor(() => expect(seen).toEqual(['1', '2', '3']));
    } finally {
      stop();
    }
  });
});

describe('fingerprint of sources', () => {
  it('changes with a content, a name and a new file, not with a test or an output', () => {
    const sources = ['src', 'missing', 'config.json'];
    mkdirSync(join(folder, 'src/dist'), { recursive: true });
    const write = (path, text) => {
      writeFileSync(join(folder, path), text);
      return fingerprintOf(folder, sources);
    };
    const prints = [write('src/a.ts', '1'), write('src/a.ts', '2'), write('src/b.ts', '2'), write('config.json', '{}')];
    expect(new Set(prints).size).toBe(4);
    expect(write('src/a.test.ts', 'x')).toBe(prints[3]);
    expect(write('src/dist/a.js', 'x')).toBe(prints[3]);
  });
});

describe('installed dependencies', () => {
  it('are those of the lock file, but for packages of other systems', () => {
    const write = (path, packages) => {
      mkdirSync(join(folder, 'node_modules'), { recursive: true });
      writeFileSync(join(folder, path), JSON.stringify({ packages }));
    };
    write('package-lock.json', {
      '': {},
      'node_modules/a': { version: '1.0.0' },
      'node_modules/mac': { version: '1.0.0', optional: true },
    });
    expect(existsSync(join(folder, 'node_modules/.package-lock.json'))).toBe(false);
    expect(isInstalled(folder)).toBe(false);
    write('node_modules/.package-lock.json', { 'node_modules/a': { version: '1.0.0' } });
    expect(isInstalled(folder)).toBe(true);
    write('node_modules/.package-lock.json', { 'node_modules/a': { version: '0.9.0' } });
    expect(isInstalled(folder)).toBe(false);
  });

  it('need a Node that is new enough', () => {
    expect(() => checkNode('20.19.0', '>=20.19')).not.toThrow();
    expect(() => checkNode('22.1.0', '>=20.19')).not.toThrow();
    expect(() => checkNode('20.18.3', '>=20.19')).toThrow('Node 20.19 or newer is needed and this is 20.18.3');
  });
});

describe('counts of a test report', () => {
  const file = (status, assertions) => ({ status, assertionResults: Array.from({ length: assertions }) });

  it('count every test, and nothing that did not run as passed', () => {
    expect(countReport({ numPassedTests: 5, numTotalTests: 5, testResults: [file('passed', 5)] }, 0)).toEqual({
      passed: 5,
      failed: 0,
    });
    expect(countReport({ numPassedTests: 3, numTotalTests: 5, testResults: [file('failed', 5)] }, 1)).toEqual({
      passed: 3,
      failed: 2,
    });
    expect(
      countReport({ numPassedTests: 5, numTotalTests: 5, testResults: [file('passed', 5), file('failed', 0)] }, 1),
    ).toEqual({ passed: 5, failed: 1 });
    expect(countReport({ numPassedTests: 5, numTotalTests: 5, testResults: [file('passed', 5)] }, 1)).toEqual({
      passed: 5,
      failed: 1,
    });
    expect(countReport({ numPassedTests: 0, numTotalTests: 0, testResults: [] }, 0)).toEqual({ passed: 0, failed: 1 });
    expect(countReport(undefined, 1)).toEqual({ passed: 0, failed: 1 });
  });

  it('name what failed, did not run or was skipped', () => {
    const assertion = (status) => ({ status, fullName: `what ${status}` });
    const testResults = [
      {
        name: '/project/a.test.ts',
        status: 'failed',
        assertionResults: ['passed', 'failed', 'skipped'].map(assertion),
      },
      { name: '/project/b.test.ts', status: 'failed', assertionResults: [] },
      { name: '/project/c.test.ts', status: 'passed', assertionResults: [assertion('passed')] },
    ];
    expect(namesOfFailed({ testResults }, '/project')).toEqual([
      'a.test.ts: what failed',
      'a.test.ts: what skipped',
      'b.test.ts: did not run',
    ]);
    expect(namesOfFailed(undefined, '/project')).toEqual([]);
  });
});
