import { isIP } from 'node:net';
import { z } from 'zod';

/** The small types of an environment file. Everything that comes near a shell or an nginx file has a narrow alphabet. */
const text = (pattern: RegExp, what: string) => z.string().max(300).regex(pattern, what);

export const name = text(/^[a-z][a-z0-9-]{0,30}$/, 'small letters, digits and hyphens, beginning with a letter');
export const account = text(/^[a-z_][a-z0-9_-]{0,31}$/, 'a Unix account name');
export const path = text(/^\/[\w./@+-]*[\w@+-]$/, 'an absolute path of plain characters, without a slash at its end');
export const localPath = text(/^[\w./@+ -]+$/, 'a path of plain characters');
export const nodeVersion = text(/^\d+\.\d+\.\d+$/, 'a full version, e.g. 20.20.2');
export const origin = text(/^https?:\/\/[a-z0-9.-]+(:\d+)?$/, 'scheme and host without a slash at its end');
/** Never a leading hyphen: ssh would read it as an option. */
export const sshTarget = text(/^[A-Za-z0-9_][A-Za-z0-9_.:-]*$/, 'a host name, an address or a name of the ssh config');
export const sshOption = text(/^[A-Za-z]+=[^\n]+$/, 'Name=value, as after -o');
export const argv = z.array(z.string().min(1).max(300)).min(1).max(20);
export const port = z.number().int().min(1).max(65_535);
export const seconds = (min: number, max: number) => z.number().min(min).max(max);
export const count = (min: number, max: number) => z.number().int().min(min).max(max);

export const address = z.string().refine((one) => isIP(one) !== 0, 'an IP address');
export const network = z.string().refine((one) => {
  const [base = '', bits] = one.split('/');
  const family = isIP(base);
  return family !== 0 && (bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)));
}, 'an address or a CIDR range, e.g. 10.0.0.0/24');
