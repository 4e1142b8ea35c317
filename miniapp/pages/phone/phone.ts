import type { Result } from '../../contract/contract';
import { isOurs } from '../../shell/bridge';
import { faceOf, NO_FACE } from '../../shell/face';
import { requestOf } from '../../shell/requests';
import { phoneResult } from '../../shell/scan';
import type { ShellApp } from '../../shell/shell';

const shellOf = () => getApp<ShellApp>().shell;

Page({
  data: { ...NO_FACE },

  /** Empty until a page of ours has asked. */
  nonce: '',
  answered: false,

  async onLoad(query) {
    const shell = shellOf();
    this.setData(faceOf(shell));
    shellOf().entitle(shell.texts.phoneTitle);
    const request = requestOf('pages/phone/phone', query);
    if (request?.kind === 'phone' && shell.front && isOurs(shell.front, shell.settings.site))
      this.nonce = request.nonce;
    else await shell.back(getCurrentPages().length);
  },

  /** Left by the back button: the page that waits is told. */
  onUnload() {
    if (this.nonce && !this.answered)
      shellOf().mail.put({ kind: 'phone', nonce: this.nonce, ok: false, fault: 'cancel' });
  },

  async take({ detail }: WechatMiniprogram.ButtonGetPhoneNumber) {
    await this.answer(phoneResult(this.nonce, detail));
  },

  async instead() {
    await this.answer({ kind: 'phone', nonce: this.nonce, ok: false, fault: 'cancel' });
  },

  async answer(result: Result) {
    if (!this.nonce || this.answered) return;
    this.answered = true;
    shellOf().mail.put(result);
    await shellOf().back(getCurrentPages().length);
  },
});
