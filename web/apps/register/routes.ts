import type { Component } from 'vue';
import FormsScreen from '../../features/forms/FormsScreen.vue';
import FormStart from '../../features/forms/FormStart.vue';
import { matchPath } from '../../common/routing.ts';

type Load = () => Promise<{ default: Component }>;

/** Every place of this app: what is met first comes with the page, the rest when it is needed. */
const ROUTES: [pattern: string, screen: Component | Load][] = [
  ['/', FormsScreen],
  ['/forms/:formKey', FormStart],
  ['/forms/:formKey/steps/:step', () => import('../../features/forms/StepScreen.vue')],
  ['/forms/:formKey/review', () => import('../../features/submissions/ReviewScreen.vue')],
  ['/receipts/:id', () => import('../../features/submissions/ReceiptScreen.vue')],
  ['/submissions', () => import('../../features/submissions/MineScreen.vue')],
  ['/submissions/:id', () => import('../../features/submissions/DetailScreen.vue')],
  ['/login', () => import('../../features/login/LoginScreen.vue')],
  ['/privacy', () => import('./PrivacyScreen.vue')],
];

export interface Screen {
  component: Component;
  params: Record<string, string>;
}

/** The screen for a path. Rejects when its code cannot be fetched. */
export async function screenFor(path: string): Promise<Screen> {
  for (const [pattern, screen] of ROUTES) {
    const params = matchPath(pattern, path);
    if (params) return { component: typeof screen === 'function' ? (await (screen as Load)()).default : screen, params };
  }
  return { component: (await import('./NotFoundScreen.vue')).default, params: {} };
}
