import type { Label } from '../../../../../ledger/room.ts';

/** Words for codes that headquarters answers with and no room of the phone has. */
export const serverCodes: { readonly [code: string]: Label } = {
  'access.not-signed-in': { en: 'Sign in first.', zh: '请先登录。' },
  'access.wrong-password': { en: 'Account or password is wrong.', zh: '账号或密码不对。' },
  'access.too-many-attempts': {
    en: 'Too many wrong passwords. Wait 15 minutes and try again.',
    zh: '密码错误次数过多，请 15 分钟后再试。',
  },
  'access.not-permitted': {
    en: 'Your account may not record this at this place. Ask headquarters for the role.',
    zh: '您的账号在此地点无权登记，请向指挥部申请。',
  },
  'devices.wrong-key': {
    en: 'Headquarters does not take this phone for the one it says it is.',
    zh: '指挥部无法确认本机身份。',
  },
  'devices.lost': {
    en: 'This phone is on record as lost. Ask headquarters.',
    zh: '本机已登记为遗失，请联系指挥部。',
  },
  'field.too-many-persons': {
    en: 'Too many people live there for one phone. Choose a smaller place.',
    zh: '该地点人数过多，请选择更小的地点。',
  },
  'server.busy': {
    en: 'Headquarters’ server is busy. It is tried again by itself.',
    zh: '总部服务器忙，稍后自动重试。',
  },
  'server.no-room': {
    en: 'The disk of headquarters’ server is full. Everything stays here and is delivered later.',
    zh: '总部服务器磁盘已满。内容保存在本机，之后自动送达。',
  },
  'outbox.unanswered': {
    en: 'Headquarters never said whether it has this. Try again, or export it.',
    zh: '指挥部一直没有答复这一条，请重试或导出。',
  },
  'persons.unknown-person': {
    en: 'No person has this number.',
    zh: '没有此编号的人员。',
  },
  'places.unknown-place': { en: 'There is no such place.', zh: '没有此地点。' },
};
