import type { Deps } from '../../deps.ts';
import { WechatLoginController } from './wechat-login.controller.ts';
import { createWechatLoginService } from './wechat-login.service.ts';

/** Citizens: log in through the mini-program, bind a phone. */
export function createWechatLogin(deps: Deps, others: Parameters<typeof createWechatLoginService>[1]) {
  return { controllers: [new WechatLoginController(createWechatLoginService(deps, others))] };
}
