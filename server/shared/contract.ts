/**
 * The contract between citizens' pages and the API, as a number. Pages send theirs as `X-Contract`; it rises when the API needs
 * something of a page that older ones do not do. A page below `lowest` is told `client_outdated`; one without a number, or
 * from a later release, is served.
 */
export const CONTRACT = { current: 1, lowest: 1 } as const;
