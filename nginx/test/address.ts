let given = 0;

/**
 * A loopback address that nobody else here uses: with an address of its own a test may take any port. Linux answers on all of
 * 127.0.0.0/8.
 */
export function ownAddress(): string {
  given += 1;
  const number = (process.pid * 64 + given) % (240 * 250 * 250);
  return `127.${10 + Math.floor(number / 62_500)}.${1 + (Math.floor(number / 250) % 250)}.${1 + (number % 250)}`;
}
