// Starts the reading thread from TypeScript source, in development and tests: a thread does not inherit the loader.
import { register } from 'tsx/esm/api';

register();
await import('./worker-entry.ts');
