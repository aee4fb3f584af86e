import type { Label } from '../../ledger/room.ts';

/** Why the device cannot do something, in the words that its screens show. */
export const deviceCodes = {
  'device.storage-full': {
    en: 'The storage of this phone is full. This entry was not kept. Free some space and try again.',
    zh: '手机存储空间已满，本条未保存。请清理空间后重试。',
  },
  'device.storage-failed': {
    en: 'The phone could not keep this entry. Try again.',
    zh: '手机未能保存本条记录，请重试。',
  },
  'device.open-elsewhere': {
    en: 'Sextant is open in another tab. Work there, or take over here.',
    zh: '已在另一个标签页打开。请在那里继续，或在此接管。',
  },
  'device.taken-over': {
    en: 'Another tab has taken over. Close this one.',
    zh: '已由另一个标签页接管，请关闭本页。',
  },
  'device.newer-app': {
    en: 'A newer version of the app is in use on this phone. Load this page again.',
    zh: '本机已启用新版本，请重新加载页面。',
  },
  'device.upgrade-blocked': {
    en: 'An older version of the app is open in another tab. Close it and try again.',
    zh: '旧版本仍在另一个标签页中打开，请关闭后重试。',
  },
  'device.signed-out': {
    en: 'Nobody is signed in. Sign in to go on; what is kept stays kept.',
    zh: '尚未登录。请登录后继续，已保存的内容不会丢失。',
  },
  'device.author-signed-out': {
    en: 'What waits was recorded by somebody who must sign in on this phone again to deliver it.',
    zh: '待送内容由其他账号记录，需该账号在本机重新登录后送达。',
  },
  'device.wrong-password': {
    en: 'Account or password is wrong.',
    zh: '账号或密码错误。',
  },
  'device.unreachable': {
    en: 'Headquarters cannot be reached now. Go on working; try again later.',
    zh: '暂时无法连接指挥部。可继续工作，稍后再试。',
  },
  'device.answer-unreadable': {
    en: 'What answered is not headquarters. Check the network and try again.',
    zh: '返回内容无法识别，请检查网络后重试。',
  },
  'device.refused': {
    en: 'Headquarters did not allow this.',
    zh: '指挥部未允许此操作。',
  },
  'device.waiting-facts': {
    en: 'Something has not been delivered yet. Deliver it or export it first.',
    zh: '还有内容未送达。请先送达或导出。',
  },
  'device.no-package': {
    en: 'No place has been loaded onto this phone. Choose one first.',
    zh: '本机尚未下载地点数据，请先选择地点。',
  },
  'device.no-numbers': {
    en: 'No reserved numbers are left for walk-ins. Refresh when there is a signal.',
    zh: '预留的临时登记编号已用完，请联网后刷新。',
  },
} as const satisfies { readonly [code: string]: Label };
