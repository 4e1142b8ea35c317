import type { Lifecycle } from './lifecycle.ts';
import type { PlainRoute } from './router.ts';

/**
 * What load balancers ask. Readiness speaks of this process alone: shared databases don't fail it, or all hosts would leave
 * at once and citizens would see nothing at all.
 */
export function healthRoutes(lifecycle: Lifecycle, build: string): PlainRoute[] {
  return [
    {
      method: 'GET',
      path: '/health/live',
      handler: (ctx) => {
        ctx.state.operationId = 'healthLive';
        ctx.body = { status: 'live', build };
      },
    },
    {
      method: 'GET',
      path: '/health/ready',
      handler: (ctx) => {
        ctx.state.operationId = 'healthReady';
        ctx.status = lifecycle.ready ? 200 : 503;
        ctx.body = { status: lifecycle.ready ? 'ready' : lifecycle.draining ? 'draining' : 'booting', build };
      },
    },
  ];
}
