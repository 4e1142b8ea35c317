import { describe, expect, it } from 'vitest';
import { ConfigError, configDocs, loadConfig } from './config.ts';

const key = (fill: number) => Buffer.alloc(32, fill).toString('base64');

const production = {
  NODE_ENV: 'production',
  MONGO_URL: 'mongodb://a.example,b.example/dengji?replicaSet=rs0',
  REDIS_URL: 'redis://r.example:6379',
  DATA_KEYS: JSON.stringify({ current: 'k2', keys: { k1: key(1), k2: key(2) } }),
  INDEX_KEY: key(3),
  SMS_URL: 'https://sms.example/send',
  SMS_SECRET: 'sixteen characters or more',
};

function faultsOf(env: Record<string, string | undefined>): string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe('loadConfig', () => {
  it('runs a bare checkout in development', () => {
    const config = loadConfig({ NODE_ENV: 'development' });
    expect(config).toMatchObject({
      role: 'api',
      port: 3000,
      internalPort: 3001,
      internalHost: '127.0.0.1',
      docsPublic: true,
    });
    expect(config).toMatchObject({
      production: false,
      secureCookies: false,
      publicOrigin: null,
      passwordProfile: 'mlps',
    });
    expect(config.sms).toMatchObject({
      driver: 'outbox',
      perPhonePerDay: 10,
      perAddressPerHour: 30,
      perSitePerHour: 20_000,
    });
  });

  it('is strict when nobody says where it runs, and names every missing secret at once', () => {
    const faults = faultsOf({});
    for (const name of ['MONGO_URL', 'REDIS_URL', 'DATA_KEYS', 'INDEX_KEY', 'SMS_URL', 'SMS_SECRET']) {
      expect(
        faults.filter((fault) => fault.startsWith(`${name} is missing`)),
        name,
      ).toHaveLength(1);
    }
  });

  it('reads a production environment', () => {
    const config = loadConfig({
      ...production,
      PUBLIC_ORIGIN: 'https://dj.example',
      TRUSTED_PROXIES: '10.0.0.1, fd00::/8',
    });
    expect(config).toMatchObject({
      production: true,
      secureCookies: true,
      docsPublic: false,
      logLevel: 'info',
      demo: false,
    });
    expect(config.trustedProxies).toEqual(['10.0.0.1', 'fd00::/8']);
    expect(config.dataKeys.current).toBe('k2');
    expect(config.dataKeys.keys['k1']).toEqual(Buffer.alloc(32, 1));
    expect(loadConfig(production).secureCookies).toBe(true);
    expect(loadConfig({ ...production, PUBLIC_ORIGIN: 'http://10.0.0.8' }).secureCookies).toBe(false);
  });

  it('control 47: audit records are kept for 180 days or more, for ever unless told', () => {
    expect(loadConfig(production).auditDays).toBeNull();
    expect(loadConfig({ ...production, AUDIT_DAYS: '180' }).auditDays).toBe(180);
    for (const days of ['179', '0', '-1', '1e9', 'x'])
      expect(faultsOf({ ...production, AUDIT_DAYS: days })).toEqual([
        'AUDIT_DAYS must be a whole number from 180 to 36500',
      ]);
  });

  it('backs up only under a key that opens nothing else', () => {
    expect(loadConfig(production).backup.dir).toBeNull();
    const backup = { ...production, BACKUP_DIR: '/backups' };
    expect(loadConfig({ ...backup, BACKUP_KEY: key(4) }).backup.dir).toBe('/backups');
    expect(faultsOf(backup)).toEqual(['BACKUP_KEY is missing: BACKUP_DIR needs it']);
    for (const used of [key(1), key(3)])
      expect(faultsOf({ ...backup, BACKUP_KEY: used })).toEqual([
        'BACKUP_KEY must be a key of its own, not INDEX_KEY or one of DATA_KEYS',
      ]);
  });

  it('knows a mini-program by id and secret together', () => {
    const wechat = { ...production, WECHAT_APP_ID: 'wx0123456789abcdef', WECHAT_APP_SECRET: 'hunter2hunter2hunter2' };
    expect(loadConfig(production).wechat).toBeNull();
    expect(loadConfig(wechat).wechat).toEqual({
      url: 'https://api.weixin.qq.com',
      appId: wechat.WECHAT_APP_ID,
      appSecret: wechat.WECHAT_APP_SECRET,
    });
    for (const missing of ['WECHAT_APP_ID', 'WECHAT_APP_SECRET'])
      expect(faultsOf({ ...wechat, [missing]: '' })).toEqual([
        'WECHAT_APP_ID and WECHAT_APP_SECRET belong together: one of them is missing',
      ]);
    expect(faultsOf({ ...wechat, WECHAT_APP_SECRET: 'hunter2' })).toEqual([
      'WECHAT_APP_SECRET has less than 16 characters',
    ]);
    expect(faultsOf({ ...wechat, WECHAT_API_URL: 'http://wechat.example' })).toEqual([
      'WECHAT_API_URL must begin with https:// in production',
    ]);
    expect(loadConfig({ ...wechat, WECHAT_API_URL: 'http://127.0.0.1:8080' }).wechat?.url).toBe(
      'http://127.0.0.1:8080',
    );
  });

  it('lists every fault, not the first', () => {
    const faults = faultsOf({
      NODE_ENV: 'test',
      PORT: '70000',
      LOG_LEVEL: 'loud',
      DEMO: 'maybe',
      ROLE: 'boss',
      INDEX_KEY: 'short',
    });
    expect(new Set(faults.map((fault) => fault.split(' ')[0]))).toEqual(
      new Set(['ROLE', 'PORT', 'INDEX_KEY', 'LOG_LEVEL', 'DEMO']),
    );
    expect(faults).toHaveLength(5);
  });

  it('never repeats a secret', () => {
    const secret = 'hunter2hunter2';
    const env = {
      ...production,
      MONGO_URL: `mysql://u:${secret}@h/x`,
      DATA_KEYS: secret,
      INDEX_KEY: secret,
      REDIS_URL: secret,
    };
    const faults = faultsOf(env);
    expect(faults).toHaveLength(4);
    expect(faults.join('\n')).not.toContain(secret);
  });

  it.each([
    ['mongodb://h/d?replicaSet=rs0', 'mongodb://h/d?replicaSet=rs0&w=majority'],
    ['mongodb://h/d?replicaSet=rs0&w=majority', 'mongodb://h/d?replicaSet=rs0&w=majority'],
    ['mongodb://u:p%40@a:1,b:2/d?replicaSet=rs0', 'mongodb://u:p%40@a:1,b:2/d?replicaSet=rs0&w=majority'],
    ['mongodb+srv://h.example/d', 'mongodb+srv://h.example/d?w=majority'],
  ])('makes %s majority', (given, wanted) => {
    expect(loadConfig({ ...production, MONGO_URL: given }).mongoUrl).toBe(wanted);
  });

  it.each([
    'mongodb://h/d',
    'mongodb://h/d?replicaSet=rs0&w=1',
    'mongodb://h/d?replicaSet=rs0&W=0',
    'mongodb://h/d?replicaSet=rs0&w=majority&w=1',
    'mongodb://h/d?replicaSet=rs0&journal=false',
    'mongodb://h/?replicaSet=rs0',
    'http://h/d?replicaSet=rs0',
  ])('refuses %s', (given) => {
    expect(faultsOf({ ...production, MONGO_URL: given })).toHaveLength(1);
  });

  it.each([
    [{ SMS_DRIVER: 'outbox' }, 'SMS_DRIVER'],
    [{ SMS_SECRET: 'short' }, 'SMS_SECRET'],
    [{ SMS_URL: 'http://sms.example' }, 'SMS_URL'],
    [{ DEPLOY_SECRET: 'short' }, 'DEPLOY_SECRET'],
    [{ DEPLOY_SECRET: 'sixteen characters or more' }, 'DEPLOY_SECRET'],
    [{ WEBHOOKS: '[{"url":"http://hooks.example","kind":"json"}]' }, 'WEBHOOKS'],
    [{ WEBHOOKS: '[{"url":"http://8.8.8.8","kind":"json"}]', WEBHOOK_ALLOW: '8.8.8.8' }, 'WEBHOOKS'],
    [{ WEBHOOKS: '[{"url":"http://10.0.0.1","kind":"json"}]', WEBHOOK_ALLOW: '10.0.0.2' }, 'WEBHOOKS'],
    [{ PORT: '3001' }, 'INTERNAL_PORT'],
    [{ INDEX_KEY: key(1) }, 'INDEX_KEY'],
    [{ PUBLIC_ORIGIN: 'https://dj.example/path' }, 'PUBLIC_ORIGIN'],
    [{ TRUSTED_PROXIES: '10.0.0.0/33' }, 'TRUSTED_PROXIES'],
    [{ TRUSTED_PROXIES: 'localhost' }, 'TRUSTED_PROXIES'],
    [{ DATA_KEYS: JSON.stringify({ current: 'k9', keys: { k1: key(1) } }) }, 'DATA_KEYS'],
    [{ DATA_KEYS: JSON.stringify({ current: 'k1', keys: { k1: Buffer.alloc(16).toString('base64') } }) }, 'DATA_KEYS'],
    [{ DATA_KEYS: '[]' }, 'DATA_KEYS'],
    [{ DATA_KEYS: 'null' }, 'DATA_KEYS'],
  ])('refuses %o in production', (change, name) => {
    const faults = faultsOf({ ...production, ...change });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(new RegExp(`^${name} `));
  });

  it('is described in docs/configuration.md (vitest -u writes it)', async () => {
    await expect(configDocs()).toMatchFileSnapshot('../../docs/configuration.md');
  });
});
