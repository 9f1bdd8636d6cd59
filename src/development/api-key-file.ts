import { join } from 'node:path';
import type { Config } from '../config.ts';

/** Where a developer's test key is kept: each start prints the same one, and the demo finds it. */
export const apiKeyFile = ({ dataDirectory }: Pick<Config, 'dataDirectory'>) => join(dataDirectory, 'test-api-key');
