import { Id, obj, z } from '../../http/index.ts';

export const Phone = z
  .string()
  .regex(/^1[3-9]\d{9}$/)
  .openapi({ description: 'Eleven digits', example: '13800138000' });
export const LoginCodeId = z.string().regex(/^[A-Za-z0-9_-]{22}$/);

export const LoginCodeRequest = obj({ phone: Phone });
export const LoginCode = obj({
  loginCodeId: LoginCodeId,
  resendAfter: z.number().int().openapi({ description: 'Seconds until another code can be asked for' }),
  expiresIn: z.number().int().openapi({ description: 'Seconds that the code is good for' }),
});
export const CitizenLogin = obj({ loginCodeId: LoginCodeId, phone: Phone, code: z.string().regex(/^\d{6}$/) });
export const CitizenSession = obj({
  accountId: Id,
  phone: z.string().openapi({ description: 'Masked; empty while none is bound', example: '138****8000' }),
});
