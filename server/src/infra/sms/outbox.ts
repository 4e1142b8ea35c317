import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { SmsSender } from './types.ts';

/** Appends each message to a file, one JSON line `{ at, phone, template, params }`. For development only. */
export function createOutbox(path: string, clock: () => Date): SmsSender {
  return {
    async send({ phone, template, params }) {
      const line = `${JSON.stringify({ at: clock().toISOString(), phone, template, params })}\n`;
      await mkdir(dirname(path), { recursive: true });
      // One write of a short line with O_APPEND: processes don't tear each other's lines.
      await appendFile(path, line, { mode: 0o600 });
      return { vendorId: null };
    },
  };
}
