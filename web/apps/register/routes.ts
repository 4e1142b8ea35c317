import type { Component } from 'vue';
import FormsScreen from '../../features/forms/FormsScreen.vue';
import FormStart from '../../features/forms/FormStart.vue';
import { matchPath } from '../../common/routing.ts';

type Load = () => Promise<{ default: Component }>;

const step: Load = () => import('../../features/forms/StepScreen.vue');
const login: Load = () => import('../../features/login/LoginScreen.vue');

/** The citizen reads the first screen; meanwhile the next two arrive. A failure shows when they are needed. */
export function fetchAhead(): void {
  [step, login].forEach((load) => load().catch(() => undefined));
}

/** Every place of this app: what is met first comes with the page, the rest when it is needed. */
const ROUTES: [pattern: string, screen: Component | Load][] = [
  ['/', FormsScreen],
  ['/forms/:formKey', FormStart],
  ['/forms/:formKey/steps/:step', step],
  ['/forms/:formKey/review', () => import('../../features/submissions/ReviewScreen.vue')],
  ['/receipts/:id', () => import('../../features/submissions/ReceiptScreen.vue')],
  ['/submissions', () => import('../../features/submissions/MineScreen.vue')],
  ['/submissions/:id', () => import('../../features/submissions/DetailScreen.vue')],
  ['/login', login],
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
    if (params)
      return { component: typeof screen === 'function' ? (await (screen as Load)()).default : screen, params };
  }
  return { component: (await import('./NotFoundScreen.vue')).default, params: {} };
}
