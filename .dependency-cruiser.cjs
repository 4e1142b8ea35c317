/**
 * Who may import whom. Every rule here has a planted violation in scripts/imports.test.ts: a rule that catches
 * nothing is a bug. Types don't couple at run time, so `import type` is free unless a rule is about layers.
 */
const test = '\\.(test|browser)\\.ts$|/test/|/cases/';
const notTypes = { dependencyTypesNot: ['type-only'] };

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    rule(
      'shared-imports-nothing',
      'server/shared runs in browsers and servers alike',
      { path: '^server/shared/', pathNot: test },
      { pathNot: '^server/shared/' },
    ),
    rule(
      'http-knows-no-feature',
      'http/ serves every feature',
      { path: '^server/src/http/', pathNot: test },
      { path: '^server/src/features/' },
    ),
    rule(
      'infra-knows-no-feature',
      'infra/ serves every feature',
      { path: '^server/src/infra/', pathNot: test },
      { path: '^server/src/(features|http)/' },
    ),
    rule(
      'features-meet-at-index',
      "another feature's index.ts is its only door",
      { path: '^server/src/features/([^/]+)/', pathNot: test },
      {
        path: '^server/src/features/([^/]+)/',
        pathNot: '^server/src/features/$1/|^server/src/features/[^/]+/index\\.ts$',
      },
    ),
    rule(
      'mongoose-in-models',
      'mongoose lives in models, infra and migrations',
      { path: '^server/src/', pathNot: `^server/src/infra/|^server/src/openapi\\.ts|\\.model\\.ts$|${test}` },
      { path: '^node_modules/(mongoose|mongodb)/', ...notTypes },
    ),
    rule(
      'zod-through-http',
      'zod and the decorators come through http/: there must be one copy of zod',
      { path: '^server/(src|migrations)/', pathNot: `^server/src/http/|${test}` },
      { path: '^node_modules/(zod|koa-swagger-decorator)/' },
    ),
    rule(
      'services-hold-no-koa',
      'only http/ and the app know Koa',
      { path: '^server/src/features/', pathNot: test },
      { path: '^node_modules/koa/', ...notTypes },
    ),
    rule(
      'web-imports-shared-only',
      'the browser gets the contract, not the server',
      { path: '^web/', pathNot: test },
      { path: '^server/', pathNot: '^server/shared/' },
    ),
    rule(
      'web-common-knows-no-feature',
      'web/common serves every feature',
      { path: '^web/common/', pathNot: test },
      { path: '^web/(features|apps)/' },
    ),
    rule(
      'citizens-get-no-element-plus',
      'citizen pages use small native controls of our own',
      { path: '^web/(apps/(register|booking|pass)|common/(fields|ui|widgets))/', pathNot: test },
      { path: '^node_modules/element-plus/' },
    ),
    rule(
      'outside-stays-outside',
      'these spawn the server, they are no part of it',
      { path: '^(deploy|miniapp|scripts)/', pathNot: test },
      { path: '^server/src/' },
    ),
    rule(
      'deploy-and-miniapp-stand-alone',
      'they know nothing of the server',
      { path: '^(deploy|miniapp)/', pathNot: test },
      { path: '^server/' },
    ),
    rule('no-cycles', 'a cycle has no order', {}, { circular: true, viaOnly: notTypes }),
    rule(
      'no-unknown-module',
      'every import leads somewhere (the bundler finds folders of element-plus)',
      {},
      { couldNotResolve: true, pathNot: '^element-plus/' },
    ),
    rule(
      'no-development-module-in-the-server',
      'production installs no devDependencies',
      { path: '^server/(src|shared|migrations)/', pathNot: `${test}|^server/src/openapi\\.ts$` },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
