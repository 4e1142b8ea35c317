/**
 * Everything that `npm test` runs, in order; add a step here and nowhere else. Kinds of steps:
 * `bin`: a program of node_modules/.bin with arguments, one check; `node`: a script of ours, one check;
 * `vitest`: a project of vitest.config.ts, every test counts; `proofs`: every proof of some folders in its small form, one check each.
 * `fast` ones are also what `npm run check` runs.
 */
export const steps = [
  { name: 'format', title: 'Format', bin: ['oxfmt', '--check'], fast: true, repair: 'npx oxfmt' },
  { name: 'lint', title: 'Lint', bin: ['oxlint', '--type-aware'], fast: true },
  { name: 'lint-vue', title: 'Lint of templates', bin: ['eslint', 'web', '--max-warnings=0'], fast: true },
  { name: 'types', title: 'Types of the server', bin: ['tsc', '--noEmit', '-p', 'server'], fast: true },
  { name: 'types-deploy', title: 'Types of the deploy', bin: ['tsc', '--noEmit', '-p', 'deploy'], fast: true },
  { name: 'types-web', title: 'Types of the web', bin: ['vue-tsc', '--noEmit', '-p', 'web'], fast: true },
  { name: 'types-miniapp', title: 'Types of the mini-program', bin: ['tsc', '--noEmit', '-p', 'miniapp'], fast: true },
  {
    name: 'types-miniapp-test',
    title: 'Types of its tests',
    bin: ['tsc', '--noEmit', '-p', 'miniapp/test'],
    fast: true,
  },
  { name: 'imports', title: 'Import rules', node: ['scripts/imports.mjs'], fast: true },
  { name: 'drift', title: 'Generated files', node: ['scripts/drift.mjs'], repair: 'npm run openapi' },
  { name: 'build', title: 'Build', node: ['scripts/build.mjs'] },
  { name: 'unit', title: 'Unit tests', vitest: 'unit', fast: true },
  { name: 'web', title: 'Web tests', vitest: 'web' },
  { name: 'api', title: 'API tests', vitest: 'server' },
  { name: 'hosts', title: 'Tests of hosts', vitest: 'hosts' },
  { name: 'browser', title: 'Browser tests', vitest: 'browser' },
  { name: 'lab', title: 'Deploy lab', vitest: 'lab' },
  { name: 'proofs', title: 'Proofs', proofs: ['server/test/proofs'] },
];
