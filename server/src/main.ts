/** The program. What a worker's heap may be is said before anything is loaded, the configuration too. */
import { keepHeapSmall } from './infra/heap.ts';

if (process.env['ROLE'] === 'worker') keepHeapSmall();
await import('./start.ts');
