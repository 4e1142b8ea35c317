import type { Deps } from '../../deps.ts';
import { answerWait, createWorker, cron, forgetDone, newWait, wakeWorkers } from '../../infra/jobs/index.ts';
import type { SmsTaken } from '../../infra/sms/index.ts';
import { DeliveriesController } from './deliveries.controller.ts';
import { deliveryModel, type DeliveryDoc, type Receipt } from './deliveries.model.ts';

export { deliveryModel } from './deliveries.model.ts';
export type Deliveries = ReturnType<typeof createDeliveries>;

const WORK = 'delivery';
/** After this long without a receipt nobody expects one any more. */
const LIMIT_MS = 10 * 60_000;
const KEPT_MS = 90 * 24 * 3_600_000;

/** What became of text messages: the vendor takes them at once and tells later whether they arrived. */
export function createDeliveries(deps: Pick<Deps, 'mongo' | 'redis' | 'clock' | 'log' | 'metrics'>) {
  const { mongo, clock, log, metrics } = deps;
  const deliveries = deliveryModel(mongo);
  const ended = metrics.counter('sms_deliveries_total', 'Text messages by what became of them.', ['template', 'state']);

  const worker = createWorker<DeliveryDoc>(deps, {
    name: WORK,
    model: deliveries,
    label: { 'zh-CN': '短信回执', en: 'SMS receipt' },
    about: ({ template }) => template,
    async run(hold) {
      const { answer, template } = hold.doc;
      const { state, code } = answer ?? { state: 'unknown', code: null };
      await hold.end({ state: 'done', fault: null }, { $set: { state, code } });
      ended.inc({ template, state });
      if (state === 'failed') log.warn('sms.undelivered', { template, code });
    },
  });

  const forgetOld = forgetDone(deliveries, {
    name: 'old-deliveries',
    label: { 'zh-CN': '清理短信回执', en: 'Old SMS receipts' },
    ticks: cron('10 4 * * *'),
    keptMs: KEPT_MS,
  });

  return {
    /** Notes a message that the vendor has taken. Never throws: the message is out, and that counts. */
    async sent({ vendorId }: SmsTaken, template: string): Promise<void> {
      if (vendorId === null) return;
      const at = clock();
      const wait = newWait(new Date(at.getTime() + LIMIT_MS));
      await deliveries
        .create([{ vendorId, template, at, state: 'sent', code: null, ...wait }])
        .catch((err: unknown) => log.warn('sms.untracked', { template, err }));
    },
    worker,
    jobs: [forgetOld],
    controllers: [
      new DeliveriesController(async (vendorId: string, receipt: Receipt) => {
        const outcome = await answerWait<Receipt, DeliveryDoc>(deliveries, { vendorId }, receipt, clock());
        if (outcome === 'taken') await wakeWorkers(deps, WORK);
        return outcome;
      }),
    ],
  };
}
