import { isOurs } from '../../shell/bridge';
import { faceOf, NO_FACE } from '../../shell/face';
import { requestOf } from '../../shell/requests';
import { scan } from '../../shell/scan';
import type { ShellApp } from '../../shell/shell';

const shellOf = () => getApp<ShellApp>().shell;

Page({
  data: { ...NO_FACE },

  async onLoad(query) {
    const shell = shellOf();
    this.setData(faceOf(shell));
    shellOf().entitle(shell.texts.scanTitle);
    const request = requestOf('pages/scan/scan', query);
    const asks = shell.front;
    // A share card or a foreign page may name this page too: nobody is there to get the result.
    if (request?.kind === 'scan' && asks && isOurs(asks, shell.settings.site)) {
      shell.mail.put(await scan(wx, request.nonce));
    }
    await shell.back(getCurrentPages().length);
  },
});
