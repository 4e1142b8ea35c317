/** The program. What the heap may be is said before anything else is loaded. */
import { keepHeapSmall } from './infra/heap.ts';

keepHeapSmall();
await import('./start.ts');
