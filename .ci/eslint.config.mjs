import tseslint from 'typescript-eslint';

/** What a room may not import; the project references stand for the same walls. */
const NODE = ['node:*', 'fs', 'fs/*', 'path', 'os', 'child_process', 'net', 'crypto', 'execa'];
const EDITOR = ['vscode'];
const rooms = {
  base: [...NODE, ...EDITOR, '../*', 'vscode-jsonrpc', 'valibot', 'yaml'],
  domain: [...NODE, ...EDITOR, '**/wire/*', '**/machine/*', '**/editor/*', 'vscode-jsonrpc', 'valibot'],
  wire: [...NODE, ...EDITOR, '**/machine/*', '**/editor/*'],
  machine: [...EDITOR, '**/editor/*', '**/webviews/**'],
  editor: ['node:child_process', 'node:fs', 'node:fs/*', 'child_process', 'fs', 'execa', '**/webviews/**'],
};

const wall = (files, forbidden, message) => ({
  files,
  rules: {
    'no-restricted-imports': ['error', { patterns: [{ group: forbidden, message }] }],
  },
});

export default tseslint.config(
  { ignores: ['dist/**', '.build/**', '.vscode-test/**', 'node_modules/**', 'examples/**', 'python/**'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [...tseslint.configs.strict],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/no-dynamic-delete': 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 60, skipComments: true, skipBlankLines: true }],
      'max-params': ['error', 4],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      eqeqeq: 'error',
    },
  },
  ...Object.entries(rooms).map(([room, forbidden]) =>
    wall([`src/${room}/**/*.ts`], forbidden, `src/${room} may not import this: see docs/architecture.md, "The walls".`),
  ),
  wall(['src/cli.ts'], ['vscode', '**/editor/*'], 'The command line skips the editor.'),
  wall(['src/contributions.ts'], ['*', './*', '../*'], 'contributions.ts imports nothing.'),
  wall(
    ['webviews/**/*.ts', 'webviews/**/*.tsx'],
    [...NODE, ...EDITOR, '**/machine/*', '**/editor/*'],
    'A page knows neither Node nor VS Code.',
  ),
  { files: ['test/**/*.ts'], rules: { 'max-lines-per-function': 'off' } },
);
