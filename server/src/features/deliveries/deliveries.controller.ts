import { access, body, Problem, responses, routeConfig, type Req } from '../../http/index.ts';
import type { Answered } from '../../infra/jobs/index.ts';
import type { Receipt } from './deliveries.model.ts';
import { ReceiptOutcome, SmsReceipt } from './deliveries.schema.ts';

export class DeliveriesController {
  readonly #receive: (vendorId: string, receipt: Receipt) => Promise<Answered>;

  constructor(receive: (vendorId: string, receipt: Receipt) => Promise<Answered>) {
    this.#receive = receive;
  }

  @routeConfig({
    method: 'post',
    path: '/api/callbacks/sms-receipts',
    operationId: 'receiveSmsReceipt',
    summary: 'The SMS vendor tells what became of a message',
    description: 'A receipt for a message that is not known (yet) is answered 404: the vendor sends it again later.',
    tags: ['callbacks'],
  })
  @access({ audience: 'public', signed: 'sms', rateLimit: 'callback', errors: ['not_found'] })
  @body(SmsReceipt)
  @responses(ReceiptOutcome)
  async receiveSmsReceipt({ body: { messageId, status, code } }: Req<{ body: typeof SmsReceipt }, 'public'>) {
    const outcome = await this.#receive(messageId, { state: status, code: code ?? null });
    if (outcome === 'unknown') throw new Problem('not_found');
    return { outcome };
  }
}
