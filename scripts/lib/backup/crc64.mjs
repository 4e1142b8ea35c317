/** CRC-64 with the polynomial of ECMA-182, as Go's `crc64.ECMA` computes it: what a mongodump archive is checked with. */

const POLYNOMIAL = 0xc96c5795d7870f42n;
const low = new Uint32Array(256);
const high = new Uint32Array(256);
for (let byte = 0; byte < 256; byte += 1) {
  let value = BigInt(byte);
  for (let bit = 0; bit < 8; bit += 1) value = value & 1n ? (value >> 1n) ^ POLYNOMIAL : value >> 1n;
  low[byte] = Number(value & 0xffffffffn);
  high[byte] = Number(value >> 32n);
}

/** @returns {{ update(bytes: Uint8Array): void, value(): bigint }} value: unsigned, of all bytes so far */
export function createCrc64() {
  let lo = 0xffffffff;
  let hi = 0xffffffff;
  return {
    update(bytes) {
      for (let i = 0; i < bytes.length; i += 1) {
        const index = (lo ^ bytes[i]) & 0xff;
        lo = ((lo >>> 8) | (hi << 24)) ^ low[index];
        hi = (hi >>> 8) ^ high[index];
      }
    },
    value: () => (BigInt(~hi >>> 0) << 32n) | BigInt(~lo >>> 0),
  };
}
