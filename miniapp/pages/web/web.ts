import { isOurs, lastShare, resultUrl, type OpenPage, type ShareCard } from '../../shell/bridge';
import { faceOf, NO_FACE } from '../../shell/face';
import { HOME, isSame, originOf, pageUrl, readPath, webUrl } from '../../shell/paths';
import { requestOf } from '../../shell/requests';
import type { ShellApp } from '../../shell/shell';

const shellOf = () => getApp<ShellApp>().shell;

Page({
  data: { ...NO_FACE, src: '', trouble: '' },

  /** The path as it was asked for; judged anew each time that it is opened. */
  path: '',
  page: null as OpenPage | null,
  card: null as ShareCard | null,
  gone: false,

  async onLoad(query) {
    const request = requestOf('pages/web/web', query);
    if (request?.kind === 'open' || request?.kind === 'login') this.path = request.path;
    await this.open(request?.kind === 'login');
  },

  /** Back from a scan, from the number, or from another app. */
  onShow() {
    if (!this.page) return;
    const { mail, settings } = shellOf();
    shellOf().front = this.page;
    const result = mail.take();
    const src = result && resultUrl(this.page, settings.site, result);
    if (!src) return;
    this.page.src = src;
    this.setData({ src });
  },

  onUnload() {
    this.gone = true;
    if (shellOf().front === this.page) shellOf().front = null;
  },

  /** A card leads to the module, or to where the page says; never to the place where somebody just is. */
  onShareAppMessage() {
    const { site, texts } = shellOf();
    const said = site.cached();
    const title = said?.share?.title || texts.name;
    if (this.card) return { title: this.card.title, path: webUrl(this.card.path) };
    const path = readPath(this.path);
    const module = path && said?.modules.find((one) => isSame(one.path, path));
    if (module) return { title: module.title, path: webUrl(module.path) };
    return { title, path: path ? webUrl({ page: path.page, place: '' }) : HOME };
  },

  async open(again: boolean) {
    this.setData({ ...faceOf(shellOf()), src: '', trouble: '' });
    const step = await shellOf().visit(this.path, again);
    if (this.gone) return;
    if (step.do === 'leave') return shellOf().go(step.url, true);
    if (step.do === 'trouble') return this.setData({ trouble: step.text });
    this.page = { src: step.src, loaded: '' };
    // Whoever asked for it is gone.
    shellOf().mail.take();
    shellOf().front = this.page;
    this.setData({ src: step.src });
  },

  loaded({ detail }: WechatMiniprogram.WebviewLoad) {
    if (this.page && originOf(detail.src)) this.page.loaded = detail.src;
  },

  heard({ detail }: WechatMiniprogram.WebviewMessage) {
    if (this.page) this.card = lastShare(this.page, shellOf().settings.site, detail.data) || this.card;
  },

  /** The page itself could not be fetched. */
  async failed() {
    if (!this.page || !isOurs(this.page, shellOf().settings.site)) return;
    await shellOf().go(pageUrl('offline', readPath(this.path)), true);
  },

  retry() {
    return this.open(false);
  },

  toHome() {
    return shellOf().home();
  },
});
