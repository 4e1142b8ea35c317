import { obj, z } from '../../http/index.ts';
import { isVendorId } from '../../infra/sms/index.ts';

export const SmsReceipt = obj({
  messageId: z
    .string()
    .regex(/^[\w-]{6,64}$/)
    .refine(isVendorId)
    .openapi({ example: 'vendor-message-0001', description: 'Of the answer to our call' }),
  status: z.enum(['delivered', 'failed']),
  code: z
    .string()
    .regex(/^[A-Z_]{2,40}$/)
    .optional()
    .openapi({ example: 'PHONE_OFF', description: 'Why it failed' }),
});

export const ReceiptOutcome = obj({
  outcome: z.enum(['taken', 'repeated', 'late']).openapi({
    description:
      'taken: it counts. repeated: an earlier one counted. late: it came after the limit. Send none of them again',
  }),
});
