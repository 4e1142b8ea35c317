import { readRequest, type Request } from '../contract/contract';
import { decoded } from './paths';

/** What WeChat hands to a page's onLoad, as the contract's request. Null for what the contract does not know. */
export function requestOf(route: string, query: Record<string, string | undefined>): Request | null {
  const pairs = Object.keys(query).map((key) => `${key}=${encodeURIComponent(decoded(query[key]))}`);
  return readRequest(`/${route}?${pairs.join('&')}`);
}
