import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { busySentence, freePorts, isFree, pickPort, portHolder } from './ports.mjs';

describe('ports', () => {
  it('names the process that holds a busy port, and picks another', async () => {
    const [port] = await freePorts(1);
    expect(await isFree(port)).toBe(true);
    expect(portHolder(port)).toBeUndefined();
    const server = createServer();
    await new Promise((done) => server.listen(port, '127.0.0.1', done));
    try {
      expect(await isFree(port, '127.0.0.1')).toBe(false);
      expect(portHolder(port).pid).toBe(process.pid);
      const sentence = busySentence(port, 'choose another.');
      expect(sentence).toMatch(
        new RegExp(`^Port ${port} is in use by process ${process.pid} \\(.*node.*\\): choose another\\.$`),
      );
      expect(await pickPort(port)).not.toBe(port);
    } finally {
      await new Promise((done) => server.close(done));
    }
  });

  it('gives different ports', async () => {
    const ports = await freePorts(5);
    expect(new Set(ports).size).toBe(5);
  });
});
