import type { Permission } from '../../../../server/shared/permissions.ts';
import 'vue-router';

declare module 'vue-router' {
  interface RouteMeta {
    /** Open without a session; drawn without the shell. */
    bare?: boolean;
    /** Shown as "no permission" without one of these. */
    anyOf?: Permission[];
    /** The last part of the breadcrumb. */
    crumb?: () => string;
  }
}
