import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './lib/paths.mjs';

const read = (path) => readFileSync(join(root, path), 'utf8');
const manifest = JSON.parse(read('package.json'));
const lock = JSON.parse(read('package-lock.json'));

describe('control 64: dependencies', () => {
  it('are pinned to one version', () => {
    for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
      expect(version, name).toMatch(/^(npm:[^@]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/);
    }
  });

  it('are locked with their integrity and without the address of a registry', () => {
    const entries = Object.entries(lock.packages).filter(([path, entry]) => path !== '' && !entry.link);
    expect(entries.length).toBeGreaterThan(300);
    for (const [path, entry] of entries) {
      expect(entry.resolved, path).toBeUndefined();
      // The linter's and formatter's binaries for other systems, which npm leaves out here (scripts/lock.mjs).
      if (entry.dev && entry.optional && /^node_modules\/@(oxfmt|oxlint|oxlint-tsgolint)\//.test(path)) continue;
      expect(entry.integrity, path).toMatch(/^sha512-/);
    }
  });

  it('run no scripts at their installation', () => {
    expect(read('.npmrc')).toMatch(/^ignore-scripts=true$/m);
  });

  it('give a bill of materials', () => {
    const sbom = JSON.parse(
      execFileSync('npm', ['sbom', '--package-lock-only', '--omit=dev', '--sbom-format=cyclonedx'], {
        cwd: root,
        encoding: 'utf8',
        maxBuffer: 64 << 20,
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    );
    expect(sbom.bomFormat).toBe('CycloneDX');
    const names = sbom.components.map(({ name }) => name);
    for (const name of Object.keys(manifest.dependencies)) expect(names).toContain(name);
  });
});

/** What a secret looks like. The last one is our own: a database address with a password in it. */
const SECRETS = [
  /-----BEGIN (?:RSA |EC |OPENSSH |ENCRYPTED )?PRIVATE KEY-----/,
  /\bAKIA[0-9A-Z]{16}\b/,
  /\bLTAI[A-Za-z0-9]{16,24}\b/,
  /\bgh[pousr]_[A-Za-z0-9]{36}\b/,
  /\bxox[baprs]-[A-Za-z0-9-]{20,}/,
  /\b(?:mongodb(?:\+srv)?|rediss?|postgres):\/\/[^\s:/@'"`$]{2,}:[^\s@'"`$]{3,}@/,
  /(?:DATA_KEYS|INDEX_KEY|BACKUP_KEY|SMS_SECRET|FIRST_ADMIN_PASSWORD)\s*[=:]\s*['"]?[A-Za-z0-9+/]{16,}/,
];
const secretIn = (text) => SECRETS.find((pattern) => pattern.test(text));

describe('control 44: secrets', () => {
  it('stand in no file of the repository', () => {
    const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
    expect(files.length).toBeGreaterThan(100);
    const found = files
      .filter((path) => !/\.(png|xlsx|xls|ico)$/.test(path) && path !== 'package-lock.json')
      .flatMap((path) =>
        read(path)
          .split('\n')
          .flatMap((line, at) => (secretIn(line) ? [`${path}:${at + 1}`] : [])),
      );
    expect(found).toEqual([]);
  });

  it('would be found', () => {
    const planted = [
      '-----BEGIN ' + 'PRIVATE KEY-----',
      'AKIA' + 'ABCDEFGHIJKLMNOP',
      'mongodb://root:' + 'hunter22@db',
      'INDEX_KEY=' + 'a'.repeat(44),
    ];
    for (const text of planted) expect(secretIn(text), text).toBeTruthy();
  });
});
