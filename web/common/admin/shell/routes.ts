import 'vue-router';

declare module 'vue-router' {
  interface RouteMeta {
    /** Open without a session; drawn without the shell. */
    bare?: boolean;
    /** Shown as "no permission" without one of these. */
    anyOf?: string[];
    /** The last part of the breadcrumb. */
    crumb?: () => string;
  }
}
export {};
