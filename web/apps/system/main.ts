import { bootAdmin } from '../../common/admin/shell/boot.ts';
import { loginRoutes } from '../../features/staff-login/routes.ts';
import { t } from '../apps.texts.ts';
import { routes } from './routes.ts';

void bootAdmin(
  '/system/',
  {
    title: () => t('system'),
    nav: [
      { to: '/accounts', label: () => t('accounts'), icon: 'account', anyOf: ['account.read'] },
      { to: '/roles', label: () => t('roles'), icon: 'roles', anyOf: ['role.read'] },
      { to: '/organisations', label: () => t('organisations'), icon: 'tree', anyOf: ['organisation.read'] },
      { to: '/modules', label: () => t('modules'), icon: 'phone', anyOf: ['module.write'] },
      { to: '/audit', label: () => t('audit'), icon: 'audit', anyOf: ['audit.read'] },
      { to: '/jobs', label: () => t('jobs'), icon: 'tasks', anyOf: ['job.read'] },
      { to: '/releases', label: () => t('releases'), icon: 'release', anyOf: ['release.read'] },
    ],
    other: {
      href: '/business/',
      label: () => t('toBusiness'),
      anyOf: ['person.read', 'submission.read', 'form.read', 'import.run'],
    },
  },
  [...routes, ...loginRoutes],
);
