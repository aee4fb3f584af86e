/**
 * Words for codes that no room has in its own table: those of the server and of signing in. The
 * rooms' own words come with the server's catalogue.
 */
const codeTable = {
  'access.not-signed-in': { en: 'Sign in first.', zh: '请先登录。' },
  'access.wrong-password': { en: 'Account or password is wrong.', zh: '账号或密码不对。' },
  'access.too-many-attempts': {
    en: 'Too many wrong passwords. Wait 15 minutes and try again.',
    zh: '密码错误次数过多，请 15 分钟后再试。',
  },
  'access.cross-site': {
    en: 'The request came from another site and was not taken.',
    zh: '请求来自其他网站，已拒绝。',
  },
  'accounts.last-admin': {
    en: 'Nobody would be left who may manage accounts.',
    zh: '这样就没有人能管理账号了。',
  },
  'accounts.name-taken': {
    en: 'There is an account of this name. Choose another.',
    zh: '已有同名账号，请换一个。',
  },
  'accounts.unknown-account': { en: 'There is no such account.', zh: '没有这个账号。' },
  'http.malformed-json': { en: 'The request could not be read.', zh: '无法读取请求内容。' },
  'http.malformed-request': {
    en: 'Something in the request has the wrong form.',
    zh: '请求中有内容格式不对。',
  },
  'http.unsupported-media-type': {
    en: 'This kind of file cannot be read.',
    zh: '不支持这种文件类型。',
  },
  'http.body-too-large': { en: 'The file is too large.', zh: '文件太大。' },
  'http.not-found': { en: 'There is nothing here.', zh: '这里什么也没有。' },
  'http.method-not-allowed': { en: 'This cannot be done here.', zh: '此处不能这样操作。' },
  'http.bug': {
    en: 'The program failed. It has been logged; tell the administrator.',
    zh: '程序出错，已记录，请告诉管理员。',
  },
  'server.busy': { en: 'The server is busy. Try again in a moment.', zh: '服务器忙，请稍后再试。' },
  'server.no-room': {
    en: 'The server’s disk is full. Nothing was recorded; it goes on when there is room.',
    zh: '服务器磁盘已满，未记录任何内容；腾出空间后即可继续。',
  },
  'server.stopping': {
    en: 'The server is being restarted. Try again in a moment.',
    zh: '服务器正在重启，请稍后再试。',
  },
  'server.clock-not-driven': {
    en: 'This server goes by the machine’s time.',
    zh: '本服务器使用机器时间。',
  },
  'database.unreachable': {
    en: 'The database does not answer. Nothing was recorded; try again.',
    zh: '数据库没有响应，未记录任何内容，请重试。',
  },
  'duties.finding-closed': { en: 'This finding is closed.', zh: '该疑点已办结。' },
  'persons.unknown-household': { en: 'There is no such household.', zh: '没有这一户。' },
  'persons.not-registered': {
    en: 'This person could not be registered.',
    zh: '未能登记此人。',
  },
} as const satisfies { readonly [code: string]: { readonly en: string; readonly zh: string } };

/** The same words as pairs, like all words of the screens. */
export const codeWords: { readonly [code: string]: readonly [zh: string, en: string] } =
  Object.fromEntries(Object.entries(codeTable).map(([code, { zh, en }]) => [code, [zh, en]]));
