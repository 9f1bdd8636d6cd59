import type { CodegenConfig } from '@graphql-codegen/cli';

/** Typed documents from schema/operations, for the client and the tests. */
const config: CodegenConfig = {
  schema: 'schema/schema.graphql',
  documents: 'schema/operations/*.graphql',
  generates: {
    'src/client/operations.generated.ts': {
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
    },
  },
};

export default config;
