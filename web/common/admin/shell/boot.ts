import '../../theme/tokens.css';
import 'element-plus/theme-chalk/base.css';
import '../theme/element.css';
import '../theme/base.css';
import './routes.ts';
import { createApp, watchEffect } from 'vue';
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router';
import { onRefusedSession } from '../api/http.ts';
import { loadSession, session } from '../session.ts';
import '../theme/appearance.ts';
import AdminRoot from './AdminRoot.vue';
import { appInfoKey, type AppInfo } from './nav.ts';

const notFound: RouteRecordRaw = { path: '/:rest(.*)*', component: () => import('./NotFound.vue') };

/** Starts one backend under `base`: session first, then the page that was asked for. Its routes have `/login` and `/password`. */
export async function bootAdmin(base: string, info: AppInfo, routes: RouteRecordRaw[]): Promise<void> {
  const router = createRouter({
    history: createWebHistory(base),
    routes: [...routes, notFound],
    scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
  });
  router.beforeEach((to) => {
    if (to.path === '/login') return session.value && !session.value.mustChangePassword ? '/' : true;
    if (!session.value) return { path: '/login', query: to.fullPath === '/' ? {} : { to: to.fullPath } };
    if (session.value.mustChangePassword && to.path !== '/password') return '/password';
    return true;
  });
  onRefusedSession((problem) => {
    const { path, fullPath } = router.currentRoute.value;
    if (problem.code !== 'password_change_required' && path !== '/login' && session.value) {
      session.value = null;
      void router.push({ path: '/login', query: { to: fullPath, ended: '1' } });
    } else if (problem.status === 403 && session.value) {
      session.value = { ...session.value, mustChangePassword: true };
      void router.push('/password');
    }
  });
  watchEffect(() => {
    document.documentElement.dataset.product = info.title();
  });
  const offline = await loadSession().then(
    () => false,
    () => true,
  );
  const app = createApp(offline ? (await import('./BootFailed.vue')).default : AdminRoot);
  if (!offline) app.provide(appInfoKey, info).use(router);
  app.mount('#app');
}
