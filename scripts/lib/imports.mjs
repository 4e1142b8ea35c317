/** dependency-cruiser with our rules, over any folder: the tree itself, or a planted one in a test. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './paths.mjs';

/**
 * @param {string} base folder that the rules' paths are relative to
 * @param {string[]} folders below it
 * @returns {Promise<{ modules: number, violations: { rule: string, from: string, to: string }[] }>} modules: own ones seen
 */
export async function checkImports(base, folders) {
  const { cruise } = await import('dependency-cruiser');
  const { options, ...ruleSet } = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs'));
  const { output } = await cruise(folders, { ...options, validate: true, ruleSet, baseDir: base });
  return {
    modules: output.modules.filter((one) => !one.coreModule && !one.source.includes('node_modules')).length,
    violations: output.summary.violations.map((one) => ({ rule: one.rule.name, from: one.from, to: one.to })),
  };
}
