import type { RouteRecordRaw } from 'vue-router';
import { can } from '../../common/admin/session.ts';
import { t } from '../apps.texts.ts';

const places = [
  ['/accounts', 'account.read'],
  ['/roles', 'role.read'],
  ['/organisations', 'organisation.read'],
  ['/modules', 'module.write'],
  ['/audit', 'audit.read'],
  ['/jobs', 'job.read'],
  ['/releases', 'release.read'],
] as const;

/** The places of the system backend; the first that the account may enter is its home. */
export const routes: RouteRecordRaw[] = [
  { path: '/', redirect: () => places.find(([, permission]) => can(permission))?.[0] ?? '/accounts' },
  {
    path: '/accounts/new',
    component: () => import('../../features/accounts/AccountEditor.vue'),
    meta: { anyOf: ['account.write'], crumb: () => t('create') },
  },
  {
    path: '/accounts/:id/edit',
    component: () => import('../../features/accounts/AccountEditor.vue'),
    props: true,
    meta: { anyOf: ['account.write'], crumb: () => t('edit') },
  },
  {
    path: '/accounts/:id?',
    component: () => import('../../features/accounts/AccountsList.vue'),
    props: true,
    meta: { anyOf: ['account.read'] },
  },
  { path: '/roles', component: () => import('../../features/roles/RolesPage.vue'), meta: { anyOf: ['role.read'] } },
  {
    path: '/organisations',
    component: () => import('../../features/organisations/OrganisationsPage.vue'),
    meta: { anyOf: ['organisation.read'] },
  },
  {
    path: '/modules',
    component: () => import('../../features/modules/ModulesPage.vue'),
    meta: { anyOf: ['module.write'] },
  },
  {
    path: '/audit/:id?',
    component: () => import('../../features/audit/AuditList.vue'),
    props: true,
    meta: { anyOf: ['audit.read'] },
  },
  {
    path: '/jobs/dead',
    component: () => import('../../features/schedules/DeadWorkPage.vue'),
    meta: { anyOf: ['job.read'] },
  },
  {
    path: '/jobs/:job?',
    component: () => import('../../features/schedules/SchedulesPage.vue'),
    props: true,
    meta: { anyOf: ['job.read'] },
  },
  {
    path: '/releases/:id?',
    component: () => import('../../features/releases/ReleasesPage.vue'),
    props: true,
    meta: { anyOf: ['release.read'] },
  },
];
