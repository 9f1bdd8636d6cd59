import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const files = globSync('src/**/*.ts', { cwd: root }).filter((file) => !file.endsWith('.generated.ts'));

type Import = { from: string; to: string; typeOnly: boolean };
type Rule = { says: string; from: RegExp; except?: RegExp; to: RegExp; allowsTypes?: boolean };

/** The vocabulary of the graph, which types and resolvers speak. The rest of graphql/ builds and serves it. */
const vocabulary =
  'connection|enum-of|graph-context|mutation-input|money\\.type|node\\.type|requires-scopes|scalars|subscription-field';

/** Features, and what is beneath them: all but the folders that speak GraphQL or HTTP by trade. */
const verb = /^src\/(?!(client|database|development|graphql|http|reader|sandbox)\/)([\w-]+\/){1,2}[\w-]+\.ts$/;

/** Who may not import whom, and where the thing belongs instead. See ARCHITECTURE.md. */
const rules: Rule[] = [
  {
    says: 'Nothing imports main, app or set-up but the process itself: hand the tool on as an argument.',
    from: /^src\/(?!(main|serve|app|complete-app|set-up|demo|create-key)\.ts|development\/)/,
    to: /^src\/(main|app|complete-app|set-up)\.ts$/,
  },
  {
    says: 'Only app.ts mounts http/: a feature exports a verb, and http/ calls it.',
    from: /^src\/(?!app\.ts|http\/)/,
    to: /^src\/http\//,
  },
  {
    says: "Of graphql/, features may use the vocabulary alone (scalars, connections, guards, the context's type).",
    from: /^src\/(?!(complete-)?app\.ts|http\/|graphql\/)/,
    to: new RegExp(`^src/graphql/(?!(${vocabulary})\\.ts$)`),
  },
  {
    says: 'A verb knows neither GraphQL nor HTTP: the resolver or the route translates.',
    from: verb,
    except: /\.(type|published|resolver|loader|entity)\.ts$/,
    to: /^(type-graphql|graphql|fastify|@apollo\/.*|src\/graphql\/.*)$/,
    allowsTypes: true,
  },
  {
    says: 'A published type imports type-graphql, the vocabulary and other types; entities are joined to it in *.published.ts.',
    from: /\.type\.ts$/,
    to: /^(@mikro-orm\/.*|stripe|src\/(?!graphql\/|errors\.ts).*(?<!\.type)(?<!-status)\.ts)$/,
    allowsTypes: true,
  },
  {
    says: 'An entity knows nothing of GraphQL.',
    from: /\.entity\.ts$/,
    to: /^(type-graphql|graphql|src\/graphql\/.*)$/,
  },
  {
    says: 'Only config.ts is asked for configuration, by the process: hand the value on.',
    from: /^src\/(?!main|serve|set-up|demo|create-key|run-backfill|run-doctor|run-migrations|run-operator|rotate-secrets|development\/)/,
    to: /^src\/config\.ts$/,
    allowsTypes: true,
  },
  {
    says: 'Fastify belongs to http/.',
    from: /^src\/(?!http\/|sandbox\/)/,
    to: /^(fastify|@fastify\/.*)$/,
    allowsTypes: true,
  },
  {
    says: 'Apollo belongs to graphql/ (and its mount in http/).',
    from: /^src\/(?!graphql\/|http\/)/,
    to: /^@apollo\//,
  },
  {
    says: "Stripe's client is made in stripe/: take an open connection.",
    from: /^src\/(?!stripe\/|sandbox\/)/,
    except: /^src\/ingestion\/webhooks\/verify-signature\.ts$/,
    to: /^stripe$/,
    allowsTypes: true,
  },
  {
    says: 'better-auth belongs to identity/operators/.',
    from: /^src\/(?!identity\/operators\/)/,
    to: /^better-auth/,
    allowsTypes: true,
  },
  {
    says: 'The sandbox is reached over HTTP, as Stripe is. Only a development start begins it.',
    from: /^src\/(?!sandbox\/|development\/start-development)/,
    to: /^src\/sandbox\//,
  },
  {
    says: 'The sandbox is a stand-in for Stripe: it knows nothing of Billgraph.',
    from: /^src\/sandbox\/(?!main\.ts)/,
    to: /^src\/(?!sandbox\/)/,
  },
  {
    says: 'A client runs in browsers: it imports nothing of the server.',
    from: /^src\/client\//,
    to: /^(src\/(?!client\/)|node:)/,
  },
];

describe('imports', () => {
  it.each(rules)('$says', (rule) => {
    const broken = files.flatMap(importsOf).filter((one) => breaks(one, rule));
    expect(broken.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  it('reads imports, so that the rules above can fail', () => {
    expect(importsOf('src/complete-app.ts')).toContainEqual({
      from: 'src/complete-app.ts',
      to: 'src/lanes/start-worker.ts',
      typeOnly: false,
    });
  });
});

describe('folders and files', () => {
  it('have no drawers for everything, and no barrels', () => {
    expect(
      files.filter((file) => /\/(utils?|helpers?|common|lib|shared|services?|core)(\/|\.ts)|\/index\.ts$/.test(file)),
    ).toEqual([]);
  });

  it('lie in an area or are one: nothing is deeper, and a folder holds either folders or files', () => {
    const folders = Map.groupBy(
      files.filter((file) => !file.startsWith('src/sandbox/')).map((file) => file.split('/').slice(1)),
      ([folder]) => folder!,
    );
    const depths = [...folders.values()].map((paths) => new Set(paths.map((path) => path.length)));
    expect(depths.every((depths) => depths.size === 1 && Math.max(...depths) <= 3)).toBe(true);
  });

  it('export a verb under the name of its file', () => {
    const verbs = files.filter(
      (file) => verb.test(file) && /^(create|make|ensure|connect|complete|sync)-/.test(file.split('/').at(-1)!),
    );
    const misnamed = verbs.filter((file) => {
      const name = file
        .split('/')
        .at(-1)!
        .replace(/\.(loader\.|)ts$/, '')
        .replace(/-(.)/g, (_, letter) => letter.toUpperCase());
      return !new RegExp(`export (async )?function \\*?${name}\\b`).test(readFileSync(join(root, file), 'utf8'));
    });
    expect(misnamed).toEqual([]);
  });
});

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found = text.matchAll(
    /^(?:import|export)\s(type\s)?([\w\s{},*]*?\sfrom\s|)['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/gm,
  );
  return [...found].map(([, type, names = '', static_, dynamic]) => {
    const to = (static_ ?? dynamic)!;
    const braces = /^\s*\{(.*)\}\s*from\s*$/s.exec(names)?.[1];
    const allTypes = braces
      ?.split(',')
      .filter((name) => name.trim())
      .every((name) => name.trim().startsWith('type '));
    return {
      from: file,
      to: to.startsWith('.') ? relative(root, join(root, dirname(file), to)) : to,
      typeOnly: Boolean(type || allTypes),
    };
  });
}

function breaks({ from, to, typeOnly }: Import, rule: Rule): boolean {
  if (!rule.from.test(from) || rule.except?.test(from) || !rule.to.test(to)) return false;
  return !(rule.allowsTypes && typeOnly);
}
