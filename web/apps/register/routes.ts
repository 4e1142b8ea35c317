import type { Component } from 'vue';
import FormsScreen from '../../features/forms/FormsScreen.vue';
import FormStart from '../../features/forms/FormStart.vue';
import { ensureTexts } from '../../common/i18n/index.ts';
import { matchPath } from '../../common/routing.ts';

type Load = () => Promise<{ default: Component }>;

/** A screen whose code comes when it is needed, with the texts of all such screens. */
const later = (load: Load): Load => {
  return async () => (await Promise.all([load(), ensureTexts()]))[0];
};

const step = later(() => import('../../features/forms/StepScreen.vue'));
const login = later(() => import('../../features/login/LoginScreen.vue'));

/** The citizen reads the first screen; meanwhile the next two arrive. A failure shows when they are needed. */
export function fetchAhead(): void {
  [step, login].forEach((load) => load().catch(() => undefined));
}

/** Every place of this app: what is met first comes with the page, the rest when it is needed. */
const ROUTES: [pattern: string, screen: Component | Load][] = [
  ['/', FormsScreen],
  ['/forms/:formKey', FormStart],
  ['/forms/:formKey/steps/:step', step],
  ['/forms/:formKey/review', later(() => import('../../features/submissions/ReviewScreen.vue'))],
  ['/receipts/:id', later(() => import('../../features/submissions/ReceiptScreen.vue'))],
  ['/submissions', later(() => import('../../features/submissions/MineScreen.vue'))],
  ['/submissions/:id', later(() => import('../../features/submissions/DetailScreen.vue'))],
  ['/submissions/:id/correct', later(() => import('../../features/submissions/CorrectScreen.vue'))],
  ['/login', login],
  ['/phone', later(() => import('../../features/login/PhoneScreen.vue'))],
  ['/privacy', later(() => import('./PrivacyScreen.vue'))],
];

export interface Screen {
  component: Component;
  params: Record<string, string>;
}

/** The screen for a path. Rejects when its code cannot be fetched. */
export async function screenFor(path: string): Promise<Screen> {
  for (const [pattern, screen] of ROUTES) {
    const params = matchPath(pattern, path);
    if (params)
      return { component: typeof screen === 'function' ? (await (screen as Load)()).default : screen, params };
  }
  return { component: (await import('./NotFoundScreen.vue')).default, params: {} };
}
