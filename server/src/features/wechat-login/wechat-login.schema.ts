import { Moment, obj, z } from '../../http/index.ts';
import { LoginCodeId, Phone } from '../citizen-login/index.ts';
import { MaintenanceSchema } from '../modules/index.ts';

const WechatCode = z
  .string()
  .max(256)
  .regex(/^[\x21-\x7e]+$/)
  .openapi({ example: '0a1b2c3d4e5f' });
/** Judged by the list of pages, not by its shape: whatever is none is refused. */
const Path = z.string().max(300).openapi({ description: 'The path of a citizens’ page', example: '/register/' });

export const WechatLogin = obj({
  code: WechatCode.openapi({ description: 'Of wx.login' }),
  path: Path,
  nonce: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .openapi({ description: 'Made by the shell, goes to the page beside the ticket', example: 'a'.repeat(32) }),
});
export const WechatTicket = obj({
  ticket: z.string().openapi({ description: 'For the fragment of the page’s address; once, two minutes' }),
  expiresAt: Moment,
  maintenance: MaintenanceSchema.optional(),
});
// No shapes here: a ticket that can't be one is as invalid as a used one, and told the same way.
export const TicketUse = obj({
  ticket: z.string().max(300).openapi({ example: 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ' }),
  nonce: z
    .string()
    .max(300)
    .openapi({ example: 'a'.repeat(32) }),
  path: Path,
});
export const WechatPhoneCode = obj({
  code: WechatCode.openapi({ description: 'Of the phone button (getPhoneNumber)' }),
});
export const PhoneProof = obj({ loginCodeId: LoginCodeId, phone: Phone, code: z.string().regex(/^\d{6}$/) });
