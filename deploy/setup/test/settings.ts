import { hostSettings, type HostSettings } from '../../config/settings.ts';
import { parseEnvironment } from '../../config/load.ts';

/** The settings of a host as an operator's environment makes them. */
export function exampleSettings(change: object = {}): HostSettings {
  const environment = parseEnvironment(
    {
      name: 'example',
      hosts: [
        { name: 'h1', address: '127.66.0.11' },
        { name: 'h2', address: '127.66.0.12' },
      ],
      serverName: 'reg.example.cn',
      publicOrigin: 'https://reg.example.cn',
      slb: { addresses: ['127.0.0.0/8'] },
      build: { node: process.version.slice(1) },
      canary: { key: 'the-key-of-a-test-which-is-no-secret-at-all' },
      proxyProtocol: false,
      ...change,
    },
    'test',
  );
  return hostSettings(environment, environment.hosts[0]!, environment.canary.key!);
}
