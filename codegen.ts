import type { CodegenConfig } from '@graphql-codegen/cli';

const documents = {
  plugins: ['typescript-operations', 'typed-document-node'],
  config: {
    enumsAsTypes: true,
    useTypeImports: true,
    skipTypename: true,
    documentMode: 'string',
    scalars: {
      ID: 'string',
      BigInt: 'string',
      CurrencyCode: 'string',
      DateTime: 'string',
      Metadata: 'Record<string, string>',
    },
  },
};

/** Typed documents: those of schema/operations for the client and the tests, those of schema/portal for the portal's pages. */
const config: CodegenConfig = {
  schema: 'schema/schema.graphql',
  generates: {
    'src/client/operations.generated.ts': { documents: 'schema/operations/*.graphql', ...documents },
    'src/portal/sessions/documents.generated.ts': { documents: 'schema/portal/*.graphql', ...documents },
  },
};

export default config;
