import type { Permission } from '../../../../server/shared/permissions.ts';
import { computed, inject, type Component, type ComputedRef, type InjectionKey } from 'vue';
import type { IconName } from '../icons.ts';
import { can } from '../session.ts';

export interface NavItem {
  /** Path inside this app. */
  to: string;
  label: () => string;
  icon: IconName;
  /** Hidden without one of these. */
  anyOf?: Permission[];
}

/** What a backend is: its name, its places, and the other backend. */
export interface AppInfo {
  title: () => string;
  nav: NavItem[];
  other: { href: string; label: () => string; anyOf: Permission[] };
  /** Its long works: what stands in the top bar, and the place that a phone has under "more". */
  tasks?: NavItem & { centre: Component };
}

export const appInfoKey: InjectionKey<AppInfo> = Symbol('app');

export function useAppInfo(): AppInfo {
  const info = inject(appInfoKey);
  if (!info) throw new Error('the shell is used outside of an admin app');
  return info;
}

export const allowed = (anyOf: Permission[] | undefined): boolean => !anyOf || anyOf.some((one) => can(one));

/** The places that the account may enter. */
export function useNav(): ComputedRef<NavItem[]> {
  const info = useAppInfo();
  return computed(() => info.nav.filter((item) => allowed(item.anyOf)));
}
