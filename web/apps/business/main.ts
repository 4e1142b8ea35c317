import { defineAsyncComponent } from 'vue';
import { bootAdmin } from '../../common/admin/shell/boot.ts';
import { loginRoutes } from '../../features/staff-login/routes.ts';
import { t } from '../apps.texts.ts';
import { routes } from './routes.ts';

void bootAdmin(
  '/business/',
  {
    title: () => t('business'),
    nav: [
      { to: '/', label: () => t('overview'), icon: 'home' },
      { to: '/people', label: () => t('people'), icon: 'people', anyOf: ['person.read'] },
      { to: '/submissions', label: () => t('submissions'), icon: 'records', anyOf: ['submission.read'] },
      { to: '/imports', label: () => t('imports'), icon: 'upload', anyOf: ['import.run'] },
      { to: '/exports', label: () => t('exports'), icon: 'download', anyOf: ['export.run', 'export.approve'] },
      { to: '/forms', label: () => t('forms'), icon: 'form', anyOf: ['form.read'] },
    ],
    tasks: {
      to: '/tasks',
      label: () => t('tasks'),
      icon: 'tasks',
      anyOf: ['import.run', 'export.run'],
      centre: defineAsyncComponent(() => import('../../features/tasks/TaskCentre.vue')),
    },
    other: {
      href: '/system/',
      label: () => t('toSystem'),
      anyOf: ['account.read', 'role.read', 'organisation.read', 'audit.read', 'job.read'],
    },
  },
  [...routes, ...loginRoutes],
);
