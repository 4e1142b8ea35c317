import type { Connection, Model, Types } from 'mongoose';
import { waitDefinition, workDefinition, type WaitDoc } from '../../infra/jobs/index.ts';
import { defineSchema } from '../../infra/mongo/index.ts';

/** `sent`: the vendor has taken it, more is not known yet. `unknown`: no receipt came in time. */
export const DELIVERY_STATES = ['sent', 'delivered', 'failed', 'unknown'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** What the vendor says became of a message. */
export interface Receipt {
  state: 'delivered' | 'failed';
  /** Its reason, in capital letters. */
  code: string | null;
}

/** A text message that the vendor has taken. Neither whom it went to nor what it said. */
export interface DeliveryDoc extends WaitDoc<Receipt> {
  _id: Types.ObjectId;
  vendorId: string;
  template: string;
  at: Date;
  state: DeliveryState;
  code: string | null;
}

const schema = () =>
  defineSchema<DeliveryDoc>({
    vendorId: { type: String, required: true },
    template: { type: String, required: true },
    at: { type: Date, required: true },
    state: { type: String, enum: DELIVERY_STATES, required: true },
    code: { type: String, default: null },
    work: workDefinition,
    ...waitDefinition,
  });

export const deliveryModel = (connection: Connection): Model<DeliveryDoc> =>
  (connection.models['Delivery'] as Model<DeliveryDoc> | undefined) ??
  connection.model<DeliveryDoc>('Delivery', schema(), 'deliveries');
