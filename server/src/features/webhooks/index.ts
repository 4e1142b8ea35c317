import type { Deps } from '../../deps.ts';
import { createWorker, cron, forgetDone, newWork, wakeWorkers } from '../../infra/jobs/index.ts';
import { afterCommit } from '../../infra/mongo/index.ts';
import { createPost, sendWebhook, TOO_FAST, WebhookError, type WebhookMessage } from '../../infra/webhook/index.ts';
import { webhookDeliveryModel, type WebhookDeliveryDoc } from './webhooks.model.ts';
import { createRate } from './webhooks.rate.ts';

export { webhookDeliveryModel } from './webhooks.model.ts';
export type Webhooks = ReturnType<typeof createWebhooks>;

const WORK = 'webhook';
/** With its waits of up to ten minutes: more than an hour. */
const ATTEMPTS = 12;
/** A robot that was told too much is left alone for so long. */
const SILENT_MS = 10 * 60_000;
const KEPT_MS = 30 * 24 * 3_600_000;

/** Tells other systems what happened here: a document for each event and target, sent until it was taken or given up. */
export function createWebhooks(deps: Pick<Deps, 'mongo' | 'redis' | 'clock' | 'log' | 'metrics' | 'config'>) {
  const { mongo, clock, config } = deps;
  const { targets, allow } = config.webhooks;
  const deliveries = webhookDeliveryModel(mongo);
  const post = createPost({ allow });
  const takeTurn = createRate(deps);

  const worker = createWorker<WebhookDeliveryDoc>(deps, {
    name: WORK,
    model: deliveries,
    label: { 'zh-CN': '事件通知', en: 'Webhooks' },
    about: ({ event, host }) => `${event} → ${host}`,
    maxAttempts: ATTEMPTS,
    concurrency: 4,
    async run(hold) {
      const { target: id, message, event, body, title, text, work } = hold.doc;
      const target = targets.find((one) => one.id === id);
      if (!target) return void (await hold.end({ state: 'done', fault: 'target_removed' }));
      const later = target.kind === 'dingtalk' ? await takeTurn(id) : null;
      if (later) return void (await hold.end({ state: 'waiting', due: later }));
      const attempts = work.attempts + 1;
      try {
        await sendWebhook(post, target, { id: message, event, body, title, text }, clock());
      } catch (error) {
        if (!(error instanceof WebhookError) || error.code !== TOO_FAST || attempts >= ATTEMPTS) throw error;
        const due = new Date(clock().getTime() + SILENT_MS);
        await hold.end({ state: 'waiting', due, attempts, fault: TOO_FAST });
      }
    },
  });

  const forgetOld = forgetDone(deliveries, {
    name: 'old-webhooks',
    label: { 'zh-CN': '清理事件通知', en: 'Old webhooks' },
    ticks: cron('15 4 * * *'),
    keptMs: KEPT_MS,
  });

  return {
    /**
     * Has an event told to all who want it. In a transaction it is told if that commits; the message's id must be new.
     * `release.done` goes to targets that name it, or name none.
     */
    async tell(message: WebhookMessage): Promise<void> {
      const wanted = targets.filter(({ events }) => events === null || events.includes(message.event));
      if (wanted.length === 0) return;
      const now = clock();
      const { id, ...rest } = message;
      await deliveries.create(
        wanted.map((target) => ({
          _id: `${target.id}|${id}`,
          target: target.id,
          host: target.host,
          message: id,
          ...rest,
          createdAt: now,
          work: newWork(now),
        })),
        { ordered: true },
      );
      afterCommit(mongo, () => void wakeWorkers(deps, WORK));
    },
    worker,
    jobs: [forgetOld],
  };
}
