import { createApp, h, type ShallowRef } from 'vue';
import type { FormContent } from '../../../../server/shared/fields/types.ts';
import { ensureFieldTexts } from '../../../common/i18n/field-texts.ts';
import { currentLocale, ensureTexts, setLocale } from '../../../common/i18n/index.ts';
import citizenCss from '../../../common/theme/citizen.css?url';
import tokensCss from '../../../common/theme/tokens.css?url';
import { locale } from '../../../common/admin/text/locale.ts';
import { p } from './preview.texts.ts';
import PhoneForm from './PhoneForm.vue';

/**
 * Shows a form in a frame as a phone would: citizens' own controls and styles, in a document of their own, so that neither
 * page's styles reach the other and widths are those of the phone. Returns what ends it.
 */
export async function showOnPhone(
  frame: HTMLIFrameElement,
  content: Readonly<ShallowRef<FormContent>>,
  onAnswers: (answers: Record<string, unknown>) => void,
): Promise<() => void> {
  await Promise.all([ensureTexts(), ensureFieldTexts()]);
  if (currentLocale.value !== locale.value) await setLocale(locale.value);
  const page = frame.contentDocument!;
  page.documentElement.lang = locale.value;
  page.documentElement.dataset['theme'] = 'light';
  page.title = p('phone');
  await Promise.all([tokensCss, citizenCss].map((href) => linked(page, href)));
  scopedStyles(frame);
  const root = page.createElement('div');
  root.id = 'app';
  page.body.append(root);
  const app = createApp({
    render: () => h(PhoneForm, { content: content.value, start: p('start'), done: p('done'), onAnswers }),
  });
  app.mount(root);
  // Styles of controls that come later.
  const watcher = new MutationObserver(() => scopedStyles(frame));
  watcher.observe(document.head, { childList: true });
  return () => {
    watcher.disconnect();
    app.unmount();
  };
}

function linked(page: Document, href: string): Promise<void> {
  return new Promise((resolve) => {
    const link = page.createElement('link');
    link.rel = 'stylesheet';
    link.href = href;
    link.addEventListener('load', () => resolve());
    link.addEventListener('error', () => resolve());
    page.head.append(link);
  });
}

/** Rules that belong to single components, which this page has loaded for them; they touch nothing else. */
function scopedStyles(frame: HTMLIFrameElement): void {
  const view = frame.contentWindow as (Window & { CSSStyleSheet?: typeof CSSStyleSheet }) | null;
  const page = frame.contentDocument;
  if (!view?.CSSStyleSheet || !page || !('adoptedStyleSheets' in page)) return;
  const rules = [...document.styleSheets].flatMap((sheet) =>
    [...sheet.cssRules].map(({ cssText }) => cssText).filter((text) => text.includes('[data-v-')),
  );
  const own = new view.CSSStyleSheet();
  own.replaceSync(rules.join('\n'));
  page.adoptedStyleSheets = [own];
}
