import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { missingEntries } from './lock-entries.mjs';
import { root } from './paths.mjs';

const read = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'));

describe('the lock file', () => {
  const lock = read('package-lock.json');

  it('knows the packages of every system (else: node scripts/lock.mjs)', () => {
    expect(Object.keys(missingEntries(lock))).toEqual([]);
  });

  it('is the one of package.json', () => {
    const manifest = read('package.json');
    const { dependencies, devDependencies } = lock.packages[''];
    expect({ dependencies, devDependencies }).toEqual({
      dependencies: manifest.dependencies,
      devDependencies: manifest.devDependencies,
    });
    // An override that the lock file does not follow makes npm ci refuse it.
    for (const [name, version] of Object.entries(manifest.overrides).filter(([, wanted]) => /^\d/.test(wanted))) {
      const found = Object.entries(lock.packages).filter(([path]) => path.endsWith(`node_modules/${name}`));
      expect(found.map(([, entry]) => entry.version)).toEqual(found.map(() => version));
    }
  });

  it('names no registry', () => {
    expect(Object.values(lock.packages).filter((entry) => entry.resolved?.startsWith('http'))).toEqual([]);
  });
});

describe('missingEntries', () => {
  it('adds what a package offers for other systems, under its exact version', () => {
    const packages = {
      'node_modules/tool': {
        dev: true,
        optionalDependencies: {
          '@tool/binding-linux-x64-musl': '1.2.3',
          '@tool/darwin-arm64': '1.2.3',
          there: '1.0.0',
          range: '^1.0.0',
        },
      },
      'node_modules/there': {},
    };
    expect(missingEntries({ packages })).toEqual({
      'node_modules/@tool/binding-linux-x64-musl': {
        version: '1.2.3',
        cpu: ['x64'],
        os: ['linux'],
        libc: ['musl'],
        dev: true,
        optional: true,
      },
      'node_modules/@tool/darwin-arm64': {
        version: '1.2.3',
        cpu: ['arm64'],
        os: ['darwin'],
        dev: true,
        optional: true,
      },
    });
  });
});
