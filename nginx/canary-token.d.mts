/**
 * The value of the cookie `canary`, or of the header `X-Canary`, that puts its bearer on one side until it expires.
 * @param options `expires`: unix seconds
 */
export function canaryToken(options: { key: string; side: 'canary' | 'main'; expires: number }): string;
