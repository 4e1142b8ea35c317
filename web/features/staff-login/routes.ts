import type { RouteRecordRaw } from 'vue-router';

/** The pages that both backends have for getting in. */
export const loginRoutes: RouteRecordRaw[] = [
  { path: '/login', component: () => import('./StaffLogin.vue'), meta: { bare: true } },
  { path: '/password', component: () => import('./ChangePassword.vue'), meta: { bare: true } },
];
