import { configRules } from './config/rules.ts';
import { Fault, type DataKeys } from './config/parse.ts';
import type { WebhookTarget } from './infra/webhook/types.ts';
import type { WechatConfig } from './infra/wechat/types.ts';
import { variables, type Environment, type Values, type Variable } from './config/variables.ts';

export type { DataKeys } from './config/parse.ts';
export type { Environment } from './config/variables.ts';
export { configDocs } from './config/docs.ts';

export type Role = 'api' | 'worker' | 'migrate' | 'seed';

/** The settings of a process. docs/configuration.md describes each. */
export interface Config {
  nodeEnv: Environment;
  production: boolean;
  role: Role;
  host: string;
  port: number;
  internalHost: string;
  internalPort: number;
  workerPort: number;
  /** `https://example.org`, or null when unknown (plain local start). */
  publicOrigin: string | null;
  /** Cookies are Secure and prefixed `__Host-`: the public origin is https, or we are in production. */
  secureCookies: boolean;
  mongoUrl: string;
  redisUrl: string;
  dataKeys: DataKeys;
  indexKey: Buffer;
  sms: {
    driver: 'outbox' | 'http';
    outbox: string;
    url: string | null;
    secret: string | null;
    perPhonePerDay: number;
    perAddressPerHour: number;
    perSitePerHour: number;
  };
  /** null: nobody logs in by WeChat. */
  wechat: WechatConfig | null;
  /** null: nobody can record releases. */
  deploySecret: string | null;
  /** `allow`: addresses and CIDR ranges beside the public internet. */
  webhooks: { targets: WebhookTarget[]; allow: string[] };
  /** Days. */
  draftDays: number;
  recycleDays: number;
  /** null: for ever. */
  auditDays: number | null;
  /** `dir` null: not from here. The key is for the command, which reads it itself. */
  backup: { dir: string | null; script: string };
  webRoot: string | null;
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** null: stdout. */
  logFile: string | null;
  firstLoginFile: string | null;
  firstAdminPassword: string | null;
  demo: boolean;
  /** IP addresses and CIDR ranges whose X-Forwarded-For is believed. */
  trustedProxies: string[];
  passwordProfile: 'mlps' | 'asvs';
  /** More rows than this are exported only with another person's approval. */
  exportApprovalRows: number;
  /** How long the file of an export is kept, hours. */
  exportHours: number;
  /** Largest file of an import. */
  importMaxBytes: number;
  /** How long after its end an import can be undone and its refused rows are kept. */
  importKeepDays: number;
  docsPublic: boolean;
  build: string;
}

/** Every fault of the configuration at once, one line each. */
export class ConfigError extends Error {
  readonly faults: string[];

  constructor(faults: string[]) {
    super(`The configuration has ${faults.length} fault(s):\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/**
 * Reads and checks the settings.
 * @throws ConfigError naming every variable that is missing or wrong; it never repeats a secret's value.
 */
export function loadConfig(env: Record<string, string | undefined> = process.env): Config {
  const faults: string[] = [];
  const stated = env['NODE_ENV'] || 'production';
  const environment: Environment = stated === 'development' || stated === 'test' ? stated : 'production';
  const values = {} as Record<string, unknown>;
  for (const [key, variable] of Object.entries(variables) as [string, Variable<unknown>][]) {
    try {
      values[key] = read(variable, env[variable.name], environment);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      faults.push(`${variable.name} ${error.message}`);
    }
  }
  faults.push(...configRules(values as Partial<Values>));
  if (faults.length > 0) throw new ConfigError(faults);
  return assemble(values as Values);
}

function read<T>(variable: Variable<T>, given: string | undefined, environment: Environment): T {
  const raw = given?.trim() || variable.fallback[environment];
  if (raw !== undefined) return variable.parse(raw);
  // An optional parser takes the empty text; every other one says what it wants.
  try {
    return variable.parse('');
  } catch {
    throw new Fault(`is missing (${variable.type})`);
  }
}

function assemble(values: Values): Config {
  const {
    smsDriver,
    smsOutbox,
    smsUrl,
    smsSecret,
    smsPerPhonePerDay,
    smsPerAddressPerHour,
    smsPerSitePerHour,
    backupDir,
    backupKey: _read,
    backupScript,
    webhooks,
    webhookAllow,
    wechatAppId: appId,
    wechatAppSecret: appSecret,
    wechatApiUrl,
    ...rest
  } = values;
  const production = values.nodeEnv === 'production';
  return {
    ...rest,
    production,
    secureCookies: values.publicOrigin?.startsWith('https:') ?? production,
    backup: { dir: backupDir, script: backupScript },
    webhooks: { targets: webhooks ?? [], allow: webhookAllow },
    wechat: appId && appSecret ? { url: wechatApiUrl, appId, appSecret } : null,
    sms: {
      driver: smsDriver,
      outbox: smsOutbox,
      url: smsUrl,
      secret: smsSecret,
      perPhonePerDay: smsPerPhonePerDay,
      perAddressPerHour: smsPerAddressPerHour,
      perSitePerHour: smsPerSitePerHour,
    },
  };
}
