import type { PolicyDef } from '@mikro-orm/core';

/**
 * Who may see and write a row, as PostgreSQL enforces it: the wall behind the conditions that every statement states itself.
 * A connection says for whom it works by settings (database/reach.ts). A setting that nobody made is null or empty, and equals
 * nothing: then no row is there. Each is read once in a statement, since it stands in a subquery of its own.
 */
const said = (...settings: string[]) =>
  `(select ${settings.map((setting) => `current_setting('billgraph.${setting}', true)`).join(', ')})`;

/** The same, compared: once in a statement, and not for each row, of which analytics read hundreds of thousands. */
const isSaid = (setting: string, value: string) =>
  `(select current_setting('billgraph.${setting}', true) = '${value}')`;

/** The server's own work: webhooks, lanes, reconciliation, keys. A request's connection never says it. */
const everyTenant = isSaid('reach', 'every tenant');

const ofTenant = `(project_id, environment) = ${said('project_id', 'environment')}`;
const ofTeam = (column: string) => `${column} = ${said('team_id')}`;

/** A key or a session reaches every customer; a customer's token says its customer's id instead. */
const everyCustomer = isSaid('customer_id', '*');

/** He, or a credential that reaches every customer. PostgreSQL takes that for likely, and an array of both for rare. */
const ofCustomer = (...columns: string[]) =>
  `(${[everyCustomer, ...columns.map((column) => `${column} = ${said('customer_id')}`)].join(' or ')})`;

const policy = (reach: string): PolicyDef[] => [{ name: 'tenant', using: `(${reach}) or ${everyTenant}` }];

/** For a row of a project and environment with a customer's id in `column`. A customer's token has its customer's rows. */
export const rowsOfCustomers = (column = 'customer_id') => policy(`${ofTenant} and ${ofCustomer(column)}`);

/** The same, where a row without a customer is of all customers of the project and environment: they see it, and cannot write it. */
export const rowsOfCustomersAndSides = (): PolicyDef[] => [
  { name: 'everyone', command: 'select', using: `${ofTenant} and customer_id is null` },
  ...rowsOfCustomers(),
];

/** For a row of a project and environment with a `customer_id`, which a customer's token sees and does not write. */
export const rowsSeenByCustomers = (): PolicyDef[] => [
  { name: 'seen', command: 'select', using: `${ofTenant} and ${ofCustomer('customer_id')}` },
  ...rowsOfProjects(),
];

/** For a row of a project and environment that both a referrer and who he referred see, and neither writes. */
export const rowsOfReferrals = (): PolicyDef[] => [
  {
    name: 'seen',
    command: 'select',
    using: `${ofTenant} and ${ofCustomer('referrer_id', 'referee_id')}`,
  },
  ...rowsOfProjects(),
];

/** For a row of a project and environment that belongs to a row of `table`, which has a `customer_id`. */
export const rowsOfCustomersThrough = (table: string, column: string) =>
  policy(
    `${ofTenant} and (${everyCustomer} or exists (select from ${table} o where o.id = ${column} and o.customer_id = ${said('customer_id')}))`,
  );

/** For a row of a project and environment that no customer's token needs. */
export const rowsOfProjects = () => policy(`${ofTenant} and ${everyCustomer}`);

/** For a row of a project and environment that every credential of it may need and make: none of it is a customer's own. */
export const rowsOfSides = () => policy(ofTenant);

/** For a row of a project and environment that every customer of it may see, and none may write. */
export const rowsForEveryone = ({ writtenBy }: { writtenBy: 'projects' | 'own work' }): PolicyDef[] => [
  { name: 'everyone', command: 'select', using: ofTenant },
  ...(writtenBy === 'projects' ? rowsOfProjects() : rowsOfInstallation()),
];

/** For a row of a team, whose id is in `column`. No customer's token reaches it. */
export const rowsOfTeams = (column = 'team_id') => policy(`${ofTeam(column)} and ${everyCustomer}`);

/** For the table of projects: those of the team, and to a customer's token its own. */
export const rowsThatAreProjects = () =>
  policy(`${ofTeam('team_id')} and ${everyCustomer} or id = ${said('project_id')}`);

/**
 * For the calls under way and their answers, by who asked: a customer's token has its own. One of no project is the team's, whatever
 * project a request is taken to be of.
 */
export const rowsOfCallers = () =>
  policy(
    `(team_id, environment) = ${said('team_id', 'environment')} and coalesce(project_id, ${said('project_id')}) = ${said('project_id')} and (${everyCustomer} or split_part(scope, '/', 5) = ${said('customer_id')})`,
  );

/** For a log of a team: whoever is in it adds, only the team reads, and nobody changes. */
export const rowsOfLog = (): PolicyDef[] => [
  { name: 'added', command: 'insert', check: `${ofTeam('team_id')} or ${everyTenant}` },
  { name: 'tenant', command: 'select', using: `(${ofTeam('team_id')} and ${everyCustomer}) or ${everyTenant}` },
];

/** For the table of operators: those in the team. */
export const rowsOfMembers = () => policy('exists (select from team_member m where m.operator_id = operator.id)');

/** For a row of a Stripe connection, which all projects of a team share in one environment. */
export const rowsOfConnections = () =>
  policy(
    `connection_id = any (array(select id from stripe_connection where ${ofTeam('team_id')} and environment = ${said('environment')})) and ${everyCustomer}`,
  );

/** For a row that belongs to a row of `table`, and is seen where that one is. */
export const rowsThrough = (table: string, column: string) =>
  policy(`exists (select from ${table} o where o.id = ${column})`);

/** For a row of the installation, which no request reaches: the server's own work alone. */
export const rowsOfInstallation = (): PolicyDef[] => [{ name: 'own_work', using: everyTenant }];
