import vue from 'eslint-plugin-vue';
import vueParser from 'vue-eslint-parser';

/** Only what oxlint cannot see: the templates of Vue files. Their scripts are TypeScript and oxlint's. */
export default [
  { ignores: ['**/dist/**', '**/node_modules/**', '.data/**'] },
  {
    files: ['web/**/*.vue'],
    plugins: { vue },
    processor: 'vue/vue',
    languageOptions: {
      parser: vueParser,
      parserOptions: { parser: false, ecmaVersion: 'latest', sourceType: 'module' },
    },
    rules: {
      ...essentialRules(),
      // It stumbles over TypeScript in templates, which vue-tsc and the build check.
      'vue/no-parsing-error': 'off',
      'vue/no-v-html': 'error',
      'vue/no-template-target-blank': 'error',
      'vue/no-useless-template-attributes': 'error',
      'vue/no-unused-vars': 'error',
      'vue/multi-word-component-names': 'off',
    },
  },
];

function essentialRules() {
  return Object.assign({}, ...vue.configs['flat/essential'].map((config) => config.rules ?? {}));
}
