import { parseArgs } from 'node:util';
import { readConfig } from './config.ts';
import { openOrm } from './database/open-orm.ts';
import { environments } from './environment.ts';
import { createApiKey } from './identity/access/create-api-key.ts';
import { type KeyScope, keyScopeDescriptions, keyScopes } from './identity/access/scopes.ts';
import { firstProject } from './tenancy/teams/ensure-project.ts';

/** `npm run key`: makes an API key of the installation's first project, and prints it once. */
const { values } = parseArgs({
  options: {
    environment: { type: 'string', default: 'TEST' },
    name: { type: 'string', default: 'Backend' },
    scopes: { type: 'string', default: keyScopes.join(',') },
    days: { type: 'string' },
  },
});
const usage = `npm run key -- --environment TEST|LIVE --name Backend --scopes a,b --days 90
Scopes:
${keyScopes.map((scope) => `  ${scope.padEnd(24)}${keyScopeDescriptions[scope]}`).join('\n')}
`;

const { databaseUrl } = readConfig(process.env);
const environment = environments.find((one) => one === values.environment);
const wanted = values.scopes.split(',').map((scope) => scope.trim());
const unknown = wanted.filter((scope) => !keyScopes.includes(scope as KeyScope));
const days = values.days === undefined ? undefined : Number(values.days);
if (!databaseUrl || !environment || unknown.length || (days !== undefined && !(days > 0))) {
  if (!databaseUrl) process.stderr.write('Set DATABASE_URL: the database of the server that the key is for.\n');
  if (unknown.length) process.stderr.write(`There is no scope ${unknown.join(', ')}.\n`);
  process.stderr.write(usage);
  process.exit(2);
}

const orm = openOrm(databaseUrl, { poolSize: 2 });
const em = orm.em.fork();
const project = await firstProject(em);
if (project) {
  const expiresAt = days ? new Date(Date.now() + days * 86_400_000) : undefined;
  const owner = { teamId: project.team.id, projectIds: [project.id], environment, expiresAt };
  const { secret } = await createApiKey({ em }, { ...owner, name: values.name, scopes: wanted as KeyScope[] });
  process.stdout.write(`${secret}\nKeep it now: only its hash is stored.\n`);
} else {
  process.stderr.write('This database has no project yet. Start the server once.\n');
  process.exitCode = 1;
}
await orm.close();
