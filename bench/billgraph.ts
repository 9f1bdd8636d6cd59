import { serveBillgraph } from './serve-billgraph.ts';

/** The product itself, with all that a request passes: keys, scopes, limits, logging, row-level security. */
await serveBillgraph({ rowLevelSecurity: true });
