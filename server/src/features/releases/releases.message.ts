import type { WebhookMessage } from '../../infra/webhook/index.ts';
import { shanghaiMinute } from '../../infra/clock/index.ts';
import type { ReleaseDoc } from './releases.model.ts';

/** States that the world is told of. */
export const TOLD = ['created', 'approved', 'deploying', 'done', 'failed', 'rolledBack'] as const;
export type Told = (typeof TOLD)[number];

const MOST_TEXT = 500;

const WORDS: Record<Told, string> = {
  created: '发布已发起',
  approved: '发布已获批准',
  deploying: '正在发布',
  done: '发布完成',
  failed: '发布失败',
  rolledBack: '已回滚',
};

export interface Happened {
  /** Names the message among those of its release. */
  key: string;
  at: Date;
  /** Who did it. */
  by: string;
  host: string | null;
  message: string | null;
  publicOrigin: string | null;
}

/** What is told of a release: the facts for machines, a few lines for a group of people. */
export function releaseMessage(doc: ReleaseDoc, told: Told, happened: Happened): WebhookMessage {
  const { key, at, by, host, publicOrigin } = happened;
  const message = happened.message?.slice(0, MOST_TEXT) ?? null;
  const event = `release.${told}`;
  const id = `${doc._id}:${key}`;
  const link = publicOrigin && `${publicOrigin}/system/releases/${doc._id}`;
  const { kind, target, environment, state, ref, commit, artifact, startedAt, endedAt } = doc;
  const release = {
    id: doc._id,
    ...{ kind, target, environment, state, by: doc.by, ref, commit, artifact },
    startedAt: startedAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    hosts: doc.hosts.map(({ name, state: hostState }) => ({ name, state: hostState })),
    approval: { required: doc.approvalRequired, waiting: doc.waiting, by: doc.approved ? doc.approval!.by : null },
  };
  const waits = told === 'created' && doc.waiting;
  const title = `${WORDS[told]}${waits ? '，等待批准' : ''}${host ? ` ${host}` : ''}`;
  const lines = [
    `### ${plain(title)}`,
    `- 版本：${plain(doc._id)}${ref ? `（${plain(ref)}）` : ''}`,
    ...(environment ? [`- 环境：${plain(environment)}`] : []),
    `- 操作人：${plain(by)}${told === 'approved' ? `，发起人：${plain(doc.by)}` : ''}`,
    `- 时间：${shanghaiMinute(at)}`,
    ...(message ? [`- 说明：${plain(message.replaceAll(/\s+/g, ' '))}`] : []),
    ...(link ? [`- [在系统后台查看](${link})`] : []),
  ];
  return {
    id,
    event,
    body: JSON.stringify({ id, event, at: at.toISOString(), by, host, message, url: link, release }),
    title,
    text: lines.join('\n'),
  };
}

const LOOK_ALIKES: Record<string, string> = {
  ...{ '[': '［', ']': '］', '(': '（', ')': '）', '<': '＜', '>': '＞' },
  ...{ '*': '＊', _: '＿', '`': '｀', '#': '＃', '!': '！', '@': '＠', '\\': '＼', '|': '｜' },
};

/** Text that somebody else wrote makes no link, headline or call in a group's message. */
const plain = (text: string): string => text.replaceAll(/[[\]()<>*_`#!@\\|]/g, (sign) => LOOK_ALIKES[sign]!);
