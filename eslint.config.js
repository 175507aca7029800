import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/**
 * The arrows between the folders: `target` may not import from any of `from`. What is not forbidden here is allowed;
 * ARCHITECTURE.md says why each arrow points the way it does.
 */
const arrows = [
  {
    target: 'experiments',
    from: ['server', 'web', 'prisma'],
    why: 'the engine knows neither database nor API',
  },
  {
    target: 'experiments/graph',
    from: ['schema', 'data', 'freeze', 'models', 'runtime', 'training'].map(
      (folder) => `experiments/${folder}`,
    ),
    why: 'the recording backend and its lowering rules know TensorFlow.js and ONNX only',
  },
  {
    target: 'experiments/runtime',
    from: ['schema', 'freeze', 'training'].map((folder) => `experiments/${folder}`),
    why: 'runtimes run graphs and do not know what they train',
  },
  {
    target: 'server/graphql',
    from: ['server/worker', 'server/cli'],
    why: 'the API talks to workers through the queue',
  },
  ...['runs', 'comparison', 'metrics', 'datasets', 'embeddings', 'inference', 'evaluations', 'dump'].map(
    (folder) => ({
      target: `server/${folder}`,
      from: ['server/graphql', 'server/worker', 'server/cli'],
      why: 'services are below the API and the worker',
    }),
  ),
  {
    target: 'server/auth',
    from: ['graphql', 'http', 'worker', 'cli', 'runs'].map((name) => `server/${name}`),
    why: 'who may do what is decided without knowing what it is',
  },
  ...['queue', 'blobs', 'db'].map((folder) => ({
    target: `server/${folder}`,
    from: [
      'auth',
      'graphql',
      'worker',
      'cli',
      'runs',
      'comparison',
      'metrics',
      'datasets',
      'embeddings',
      'evaluations',
    ].map((name) => `server/${name}`),
    why: 'storage is below the services',
  })),
  {
    target: 'server/query',
    from: ['graphql', 'worker', 'cli', 'runs', 'db'].map((name) => `server/${name}`),
    why: 'the query language knows neither database nor API',
  },
  {
    target: 'client',
    from: ['server', 'experiments', 'web', 'prisma'],
    why: 'the client package knows the SDL only, and stands on its own',
  },
  { target: 'server', from: ['web'], why: 'the server serves the dashboard and does not import it' },
  { target: 'web', from: ['server', 'experiments', 'prisma'], why: 'the dashboard knows the SDL only' },
];

const onnxRuntime = {
  group: ['onnxruntime-*'],
  message: 'Only experiments/runtime/onnx… imports onnxruntime-node.',
};

const noProcessEnv = {
  'no-restricted-properties': [
    'error',
    { object: 'process', property: 'env', message: 'Only server/config.ts reads the environment.' },
  ],
};

export default tseslint.config(
  {
    ignores: [
      '**/dist/',
      '**/.next/',
      '**/generated/',
      '**/next-env.d.ts',
      '.frostline/',
      'test/fixtures/',
      'test/output/',
      'experiments/**/kernels/assembly/',
    ],
  },
  js.configs.recommended,
  {
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        fetch: 'readonly',
      },
    },
  },
  {
    // Served to browsers as it is.
    files: ['web/public/**/*.js'],
    rules: { 'no-undef': 'off' },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommended],
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['prisma/*.ts'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    plugins: { 'import-x': importX },
    settings: {
      'import-x/extensions': ['.ts', '.tsx', '.js', '.mjs'],
      'import-x/resolver-next': [
        createTypeScriptImportResolver({
          project: ['tsconfig.json', 'web/tsconfig.json'],
          noWarnOnMultipleProjects: true,
        }),
      ],
    },
    rules: {
      'max-lines': ['error', 400],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-duplicates': ['error', { 'prefer-inline': true }],
      'import-x/no-restricted-paths': [
        'error',
        {
          basePath: import.meta.dirname,
          zones: arrows.flatMap(({ target, from, why }) =>
            from.map((folder) => ({ target: `./${target}`, from: `./${folder}`, message: `${why}.` })),
          ),
        },
      ],
    },
  },
  {
    files: ['experiments/**/*.ts', 'server/**/*.ts', 'web/**/*.{ts,tsx}', 'test/**/*.ts'],
    ignores: [
      'experiments/runtime/onnx*.ts',
      'experiments/runtime/onnx*/**',
      'test/support/exportedModels.ts',
    ],
    rules: { 'no-restricted-imports': ['error', { patterns: [onnxRuntime] }] },
  },
  {
    files: ['experiments/**/*.ts', 'server/**/*.ts', 'client/**/*.ts'],
    ignores: ['server/config.ts'],
    rules: noProcessEnv,
  },
  {
    // Decorated classes need their types as values, for the metadata.
    files: ['server/graphql/**/*.ts'],
    rules: { '@typescript-eslint/consistent-type-imports': 'off' },
  },
  {
    files: ['server/cli/**/*.ts', 'scripts/**', 'bin/**', 'test/support/**'],
    rules: { 'no-console': 'off' },
  },
  prettier,
);
