// What the compiler does not see: promises nobody waits for, values of no type, templates that mislead. How the text is set
// out is no rule's business here.
import js from '@eslint/js'
import vue from 'eslint-plugin-vue'
import ts from 'typescript-eslint'

export default ts.config(
  { ignores: ['dist/', 'node_modules/', 'src/gen/', 'src/api/contract.ts'] },
  js.configs.recommended,
  ts.configs.recommended,
  vue.configs['flat/recommended'],
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    languageOptions: { parserOptions: { project: './tsconfig.json', extraFileExtensions: ['.vue'], tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'no-eval': 'error',
      'no-undef': 'off', // the compiler's task
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      // With types; whether they fit together vue-tsc says, which knows the components.
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-base-to-string': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false, attributes: false } }],
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/no-undef-components': ['error', { ignorePatterns: ['el-.*', 'router-.*', 'i18n-t'] }],
      'vue/no-unused-refs': 'error',
      'vue/no-useless-v-bind': 'error',
      'vue/no-v-html': 'error',
      'vue/require-default-prop': 'off', // optional props are typed; undefined is their default
      'vue/multi-word-component-names': 'off',
      // How templates are set out.
      'vue/attributes-order': 'off', 'vue/first-attribute-linebreak': 'off', 'vue/html-closing-bracket-newline': 'off', 'vue/html-indent': 'off', 'vue/html-self-closing': 'off',
      'vue/max-attributes-per-line': 'off', 'vue/multiline-html-element-content-newline': 'off', 'vue/singleline-html-element-content-newline': 'off',
    },
  },
  { files: ['**/*.vue'], rules: { '@typescript-eslint/no-unnecessary-type-assertion': 'off' /* it takes what comes out of a component for any */ }, languageOptions: { parserOptions: { parser: ts.parser, vueFeatures: { filter: false } } } },
  { files: ['**/*.{js,mjs}'], extends: [ts.configs.disableTypeChecked], languageOptions: { parserOptions: { project: null } }, rules: { 'no-console': 'off' } },
)
