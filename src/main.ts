import { enableCompileCache, flushCompileCache } from 'node:module';
import { join } from 'node:path';

/**
 * Compiled, the server keeps beside its code what Node makes of it: the next start needs less time. Where it may not write, it
 * goes without.
 */
if (import.meta.filename.endsWith('.js')) enableCompileCache(join(import.meta.dirname, '../compile-cache'));
await import('./serve.ts');
// A process that is killed would not do it at its end.
flushCompileCache();
