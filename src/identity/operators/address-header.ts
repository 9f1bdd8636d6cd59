/** The header in which the route hands on whose address asks better-auth; what a client sends under this name is dropped. */
export const addressHeader = 'x-billgraph-address';
