import { serveBillgraph } from './serve-billgraph.ts';

/** The product with ROW_LEVEL_SECURITY=off: what the second wall costs. */
await serveBillgraph({ rowLevelSecurity: false });
