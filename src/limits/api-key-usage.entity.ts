import { defineEntity, p } from '@mikro-orm/core';
import { ApiKey } from '../identity/access/api-key.entity.ts';
import { rowsThrough } from '../tenancy/teams/policies.ts';

/** What one key asked on one day (UTC). Written in batches by count-usage.ts. */
const schema = defineEntity({
  name: 'ApiKeyUsage',
  policies: rowsThrough('api_key', 'api_key_id'),
  properties: {
    apiKeyId: () => p.manyToOne(ApiKey).mapToPk().joinColumn('api_key_id').primary(),
    /** `2026-11-21` */
    day: p.date().primary(),
    requests: p.bigint('number'),
    /** Points of rate limits. */
    weight: p.bigint('number'),
    /** Of the requests, those that were refused as RATE_LIMITED. */
    refused: p.bigint('number'),
  },
});

export class ApiKeyUsage extends schema.class {}
schema.setClass(ApiKeyUsage);
