import { hkdfSync } from 'node:crypto';
import { betterAuth } from 'better-auth';
import { organization } from 'better-auth/plugins';
import type { Kysely } from 'kysely';
import type { BaseLogger } from 'pino';
import { newId } from '../../ids.ts';
import { addressHeader } from './address-header.ts';
import { authTables, organizationTables } from './auth-tables.ts';
import { passwordLength } from './hash-password.ts';

export type AuthOptions = {
  /** Where browsers reach this server. */
  publicUrl: string;
  /** Other origins whose pages may use an operator's session. */
  trustedOrigins: string[];
  /** The session cookies are signed by a key that is derived from the first one: a new one signs everybody out. */
  encryptionKeys: Buffer[];
};

export type Auth = ReturnType<typeof createAuth>;

const day = 24 * 60 * 60;
const prefixes = { user: 'op', session: 'opses', account: 'opacc', verification: 'opver', rateLimit: 'oprl' } as const;

/**
 * better-auth on our tables: passwords, sessions, and the limit on attempts. People come in by an invitation or the first
 * operator's link alone, and members and roles are changed in the graph: its own routes for all that are closed (see auth.route.ts).
 * Make it after the migrations: it looks at the tables once.
 */
export function createAuth(
  { db, log }: { db: Kysely<unknown>; log: Pick<BaseLogger, 'error' | 'warn'> },
  { publicUrl, trustedOrigins, encryptionKeys: [key] }: AuthOptions,
) {
  const { origin } = new URL(publicUrl);
  return betterAuth({
    appName: 'Billgraph',
    baseURL: origin,
    basePath: '/auth',
    secret: Buffer.from(hkdfSync('sha256', key!, '', "billgraph operators' sessions", 32)).toString('base64'),
    trustedOrigins: [origin, ...trustedOrigins],
    database: { db, type: 'postgres', transaction: true },
    ...authTables,
    plugins: [organization({ schema: organizationTables, allowUserToCreateOrganization: false })],
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordLength.min,
      maxPasswordLength: passwordLength.max,
      revokeSessionsOnPasswordReset: true,
    },
    session: { ...authTables.session, expiresIn: 7 * day, updateAge: day },
    // Sign-in: 5 attempts a minute from one address.
    rateLimit: {
      ...authTables.rateLimit,
      enabled: true,
      storage: 'database',
      window: 60,
      max: 100,
      customRules: { '/sign-in/email': { window: 60, max: 5 }, '/change-password': { window: 60, max: 5 } },
    },
    advanced: {
      // better-auth leaves it out where the environment says `test`.
      disableOriginCheck: false,
      cookiePrefix: 'billgraph',
      useSecureCookies: origin.startsWith('https:'),
      ipAddress: { ipAddressHeaders: [addressHeader] },
      database: { generateId: ({ model }) => newId(prefixes[model as keyof typeof prefixes]) },
    },
    telemetry: { enabled: false },
    logger: {
      level: 'warn',
      log: (level, message, ...details) =>
        log[level === 'error' ? 'error' : 'warn']({ details }, `Sessions: ${message}`),
    },
    onAPIError: { throw: false },
  });
}
