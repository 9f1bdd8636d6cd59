import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../../src/config.ts';
import { streamBounds } from '../../src/streams/stream-bounds.ts';

const faultsOf = (variables: NodeJS.ProcessEnv): string => {
  try {
    readConfig(variables);
    return '';
  } catch (failure) {
    expect(failure).toBeInstanceOf(ConfigError);
    return (failure as Error).message;
  }
};

describe('configuration', () => {
  it('needs nothing on a developer machine', () => {
    expect(readConfig({})).toMatchObject({
      production: false,
      port: 4000,
      publicUrl: 'http://localhost:4000',
      worker: true,
    });
  });

  it('tells every fault at once, by the name of the variable', () => {
    const faults = faultsOf({
      PORT: '99999',
      DATABASE_URL: 'mysql://x',
      DATABASE_MIGRATION_URL: 'x',
      LOG_LEVEL: 'loud',
      ENCRYPTION_KEY: 'short',
      STRIPE_TEST_SECRET_KEY: 'sk_live_x',
    });
    for (const name of [
      'PORT',
      'DATABASE_URL',
      'DATABASE_MIGRATION_URL',
      'LOG_LEVEL',
      'ENCRYPTION_KEY',
      'STRIPE_TEST_SECRET_KEY',
    ])
      expect(faults).toContain(`${name}:`);
    expect(faults).toContain('6 faults');
  });

  it('goes without row-level security where it is told to, and by no other word', () => {
    expect(readConfig({}).rowLevelSecurity).toBe(true);
    expect(readConfig({ ROW_LEVEL_SECURITY: 'off' }).rowLevelSecurity).toBe(false);
    expect(faultsOf({ ROW_LEVEL_SECURITY: 'false' })).toContain('ROW_LEVEL_SECURITY:');
  });

  it('does not take a misspelt production for development', () => {
    for (const name of ['prod', 'Production', 'staging']) expect(faultsOf({ NODE_ENV: name })).toContain('NODE_ENV:');
  });

  it('refuses an origin that is none, and a signing secret without its key', () => {
    for (const origin of ['app.example.com', 'https://app.example.com/', '*'])
      expect(faultsOf({ CORS_ORIGINS: `https://a.example,${origin}` })).toContain('CORS_ORIGINS:');
    expect(readConfig({ CORS_ORIGINS: 'https://a.example, http://localhost:3000' }).corsOrigins).toHaveLength(2);
    expect(faultsOf({ STRIPE_LIVE_WEBHOOK_SECRET: 'whsec_x' })).toContain('STRIPE_LIVE_WEBHOOK_SECRET:');
  });

  it('refuses a limit that is none, a proxy that is no network, and a Redis that is none', () => {
    for (const limit of ['READS', 'READS=0', 'READS=1.5', 'READS=-1', 'READS=1e3', 'NOTHING=5', 'toString=5'])
      expect(faultsOf({ RATE_LIMITS: `STATE=5,${limit}` })).toContain('RATE_LIMITS:');
    expect(readConfig({ RATE_LIMITS: 'STATE=5, READS=7' }).rateLimits).toMatchObject({
      STATE: 5,
      READS: 7,
      WRITES: 50,
    });
    for (const network of ['1', 'true', '10.0.0.0/33', '10.0.0', '::/129', '10.0.0.0/8/8', 'proxy.example.com'])
      expect(faultsOf({ TRUST_PROXY: `127.0.0.1,${network}` })).toContain('TRUST_PROXY:');
    expect(readConfig({ TRUST_PROXY: 'loopback, 10.0.0.0/8, ::1, 2001:db8::/32' }).trustProxy).toHaveLength(4);
    expect(faultsOf({ REDIS_URL: 'http://localhost' })).toContain('REDIS_URL:');
  });

  it('refuses a bound of streams that is none or makes no sense, and says what may be', () => {
    const whatIsThere = 'PROCESS, API_KEY, CUSTOMER_TOKEN, OPERATOR, LONGEST_SECONDS, HEARTBEAT_SECONDS';
    for (const bound of ['PROCESS', 'PROCESS=', 'PROCESS=-1', 'PROCESS=1.5', 'PROCESS=1e3', 'NOTHING=5', 'toString=5'])
      expect(faultsOf({ STREAM_BOUNDS: `READERS=3,${bound}` })).toMatch(
        new RegExp(`STREAM_BOUNDS: ${bound.replace('.', '\\.')} is no bound.*${whatIsThere}`),
      );
    for (const [name, value, range] of [
      ['PROCESS', 0, '1 to 100000'],
      ['API_KEY', 100_001, '1 to 100000'],
      ['LONGEST_SECONDS', 59, '60 to 86400'],
      ['HEARTBEAT_SECONDS', 31, '1 to 30'],
      ['PATIENCE_SECONDS', 0, '1 to 300'],
      ['PAUSE_MILLISECONDS', 60_001, '0 to 60000'],
    ])
      expect(faultsOf({ STREAM_BOUNDS: `${name}=${value}` })).toContain(`${name} is ${range}, and not ${value}`);
    expect(faultsOf({ STREAM_BOUNDS: 'PROCESS=5,PROCESS=6' })).toContain('PROCESS is given twice');
    expect(faultsOf({ STREAM_BOUNDS: 'READERS=10' })).toContain(
      'READERS must be less than DATABASE_POOL_SIZE, which is 10',
    );
  });

  it('takes bounds of streams in the units of their names, and leaves the others', () => {
    const given = 'PROCESS=20000, CUSTOMER_TOKEN=50, HEARTBEAT_SECONDS=5, PAUSE_MILLISECONDS=0, READERS=19';
    expect(readConfig({ STREAM_BOUNDS: given, DATABASE_POOL_SIZE: '20' }).streams).toEqual({
      ...streamBounds,
      inProcess: 20_000,
      ofOne: { API_KEY: 1_000, CUSTOMER_TOKEN: 50, OPERATOR: 20 },
      heartbeat: 5_000,
      pause: 0,
      readers: 19,
    });
    expect(readConfig({}).streams).toEqual(streamBounds);
    expect(readConfig({ DATABASE_POOL_SIZE: '2' }).streams.readers).toBe(1);
  });

  it('in production demands a database, an address and a key', () => {
    const faults = faultsOf({ NODE_ENV: 'production' });
    for (const name of ['DATABASE_URL', 'PUBLIC_URL', 'ENCRYPTION_KEY']) expect(faults).toContain(`${name}:`);
  });

  it('never repeats a secret in a fault', () => {
    expect(faultsOf({ STRIPE_TEST_SECRET_KEY: 'sk_live_verysecret', ENCRYPTION_KEY: 'c2VjcmV0' })).not.toMatch(
      /verysecret|c2VjcmV0/,
    );
  });

  it('is all in .env.example', () => {
    const source = readFileSync(join(import.meta.dirname, '../../src/config.ts'), 'utf8');
    const example = readFileSync(join(import.meta.dirname, '../../.env.example'), 'utf8');
    const names = [...source.matchAll(/^ {2}([A-Z_]+):/gm)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(12);
    expect(names.filter((name) => !new RegExp(`^${name}=`, 'm').test(example))).toEqual([]);
  });

  it('is read from .env.example as it stands', () => {
    const example = readFileSync(join(import.meta.dirname, '../../.env.example'), 'utf8');
    const variables = Object.fromEntries(
      [...example.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
    );
    expect(readConfig(variables)).toEqual(readConfig({}));
  });
});
