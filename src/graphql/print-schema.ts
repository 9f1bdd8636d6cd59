import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { printSchemaWithDirectives } from '@graphql-tools/utils';
import { lexicographicSortSchema } from 'graphql';
import { buildSchema } from './build-schema.ts';

/** `npm run schema` writes the published schema; with --check it fails where the file is not what the code publishes. */
const file = join(import.meta.dirname, '../../schema/schema.graphql');
const printed = `${printSchemaWithDirectives(lexicographicSortSchema(buildSchema()))}\n`;

if (process.argv.includes('--check')) {
  if ((await readFile(file, 'utf8').catch(() => '')) !== printed) {
    process.stderr.write(
      'schema/schema.graphql is not what the code publishes. Run `npm run schema`, and read the difference.\n',
    );
    process.exitCode = 1;
  }
} else {
  await writeFile(file, printed);
}
