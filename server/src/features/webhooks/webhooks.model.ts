import type { Connection, Model } from 'mongoose';
import { workDefinition, type WorkDoc } from '../../infra/jobs/index.ts';
import { defineSchema } from '../../infra/mongo/index.ts';

/** One event on its way to one target. Neither the target's address nor its secret is in it. */
export interface WebhookDeliveryDoc extends WorkDoc {
  /** `<target>|<message>`: an event is told to a target once. */
  _id: string;
  target: string;
  /** The target's host, for people. */
  host: string;
  message: string;
  event: string;
  /** JSON, as it is sent. */
  body: string;
  title: string;
  text: string;
  createdAt: Date;
}

/** When a target was told something, of late: how its limit is kept by all workers together. */
export interface WebhookRateDoc {
  _id: string;
  sent: Date[];
}

const text = { type: String, required: true };

const deliverySchema = () =>
  defineSchema<WebhookDeliveryDoc>({
    _id: text,
    target: text,
    host: text,
    message: text,
    event: text,
    body: text,
    title: text,
    text,
    createdAt: { type: Date, required: true },
    work: workDefinition,
  });

export const webhookDeliveryModel = (connection: Connection): Model<WebhookDeliveryDoc> =>
  (connection.models['WebhookDelivery'] as Model<WebhookDeliveryDoc> | undefined) ??
  connection.model<WebhookDeliveryDoc>('WebhookDelivery', deliverySchema(), 'webhookDeliveries');

export const webhookRateModel = (connection: Connection): Model<WebhookRateDoc> =>
  (connection.models['WebhookRate'] as Model<WebhookRateDoc> | undefined) ??
  connection.model<WebhookRateDoc>(
    'WebhookRate',
    defineSchema<WebhookRateDoc>({ _id: text, sent: [Date] }),
    'webhookRates',
  );
