/**
 * Words for codes that no room has in its own table: those of the server, of sign-in, of files
 * and of registers. Rooms keep the words of their own codes, and the build takes them from there.
 */
const codeTable = {
  'access.not-signed-in': { en: 'Sign in first.', zh: '请先登录。' },
  'access.wrong-password': { en: 'Account or password is wrong.', zh: '账号或密码不对。' },
  'access.too-many-attempts': {
    en: 'Too many wrong passwords. Wait 15 minutes and try again.',
    zh: '密码错误次数过多，请 15 分钟后再试。',
  },
  'access.not-permitted': {
    en: 'Your account may not do this here. Ask the administrator for the role.',
    zh: '您的账号在此处没有这项权限，请向管理员申请相应岗位。',
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
  'ledger.id-reused': {
    en: 'This was sent before with other content. Begin anew.',
    zh: '同一编号已提交过不同内容，请重新填写。',
  },
  'ledger.malformed-act': { en: 'Something in the form is not right.', zh: '表单中有内容不对。' },
  'ledger.unknown-act': { en: 'The server does not know this act.', zh: '服务器不认识这项操作。' },
  'ledger.unknown-subject': {
    en: 'Nothing is on record under this number.',
    zh: '这个编号下没有记录。',
  },
  'server.busy': { en: 'The server is busy. Try again in a moment.', zh: '服务器忙，请稍后再试。' },
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
  'custody.tested-but-never-received': {
    en: 'The tube was tested and no laboratory has received it.',
    zh: '该管已检测，但没有实验室签收记录。',
  },
  'custody.tube-in-two-boxes': {
    en: 'One tube is on record in two boxes.',
    zh: '同一管记录在两个箱中。',
  },
  'laboratory.tube-on-two-plates': {
    en: 'One run of a tube is on record on two plates.',
    zh: '同一管的同一次检测记录在两块板上。',
  },
  'laboratory.unreadable-file': {
    en: 'The file was not taken. Nothing was recorded; see the lines below.',
    zh: '文件未被接受，未记录任何内容，请看下面各行。',
  },
  'results.differs-from-call': {
    en: 'The released result differs from the signed call.',
    zh: '发布的结果与签核判读不一致。',
  },
  'results.specimen-without-seal': {
    en: 'The tube was seen, and nobody has put its sealing on record.',
    zh: '见过该管，但没有封管记录。',
  },
  'duties.finding-closed': { en: 'This finding is closed.', zh: '该疑点已办结。' },
  'screening.unknown-round': { en: 'There is no such round.', zh: '没有这一轮。' },
  'screening.round-exists': { en: 'There is a round of this name.', zh: '已有同名的轮次。' },
  'screening.round-ends-before-start': {
    en: 'The round ends before it begins.',
    zh: '结束时间早于开始时间。',
  },
  'screening.round-not-open': { en: 'The round is not open.', zh: '该轮未开启或已结束。' },
  'screening.tube-label-used': {
    en: 'This label is used for another tube.',
    zh: '该管号已用过。',
  },
  'screening.tube-not-open': { en: 'The tube is not open.', zh: '该管不在开管状态。' },
  'screening.tube-full': {
    en: 'The tube is full: {poolSize} people. Seal it and open the next.',
    zh: '该管已满 {poolSize} 人，请封管后开下一管。',
  },
  'screening.tube-empty': {
    en: 'An empty tube is voided, not sealed.',
    zh: '空管只能作废，不能封管。',
  },
  'screening.already-in-tube': {
    en: 'Person {person} is in this tube already.',
    zh: '{person} 号已在此管内。',
  },
  'screening.not-in-tube': {
    en: 'Person {person} is not in this tube.',
    zh: '{person} 号不在此管内。',
  },
  'screening.nothing-to-withdraw': {
    en: 'No reason is on record that could be withdrawn.',
    zh: '没有可以撤回的原因。',
  },
  'screening.already-on-roster': {
    en: 'This person is on the roster of the round.',
    zh: '此人已在本轮名单上。',
  },
  'screening.tube-sealed-twice': {
    en: 'One label was sealed twice, with different people perhaps.',
    zh: '同一管号封管两次，人员可能不同。',
  },
  'screening.tube-over-filled': {
    en: 'More people in the tube than its pool size allows.',
    zh: '管内人数超过混采上限。',
  },
  'screening.tube-under-filled': {
    en: 'Far fewer people in the tube than its pool size.',
    zh: '管内人数远少于混采人数。',
  },
  'screening.person-twice-in-tube': {
    en: 'One person is in the tube twice.',
    zh: '同一人在管内出现两次。',
  },
  'screening.person-sampled-twice': {
    en: 'One person was sampled twice in this round.',
    zh: '同一人本轮采样两次。',
  },
  'screening.added-but-not-sealed': {
    en: 'People were added to the tube and are not among those sealed in it.',
    zh: '有人录入此管，但不在封管名单中。',
  },
  'persons.unknown-person': {
    en: 'Nobody on the register has this number.',
    zh: '名册上没有这个编号。',
  },
  'persons.unknown-household': { en: 'There is no such household.', zh: '没有这一户。' },
  'persons.bad-value': { en: 'A value is not in order.', zh: '有一项内容不合要求。' },
  'persons.empty-query': {
    en: 'Type a name, a document number or a telephone number.',
    zh: '请输入姓名、证件号码或手机号。',
  },
  'persons.reason-required': { en: 'Say what the names are for.', zh: '请说明查看姓名的用途。' },
  'persons.reader-required': { en: 'Sign in to read names.', zh: '查看姓名需要登录。' },
  'persons.too-many-names': {
    en: 'Too many names at once. Ask for fewer.',
    zh: '一次查看的姓名太多，请缩小范围。',
  },
  'persons.not-registered': {
    en: 'This person could not be registered.',
    zh: '未能登记此人。',
  },
  'persons.import-running': {
    en: 'Another import is running. Wait until it is done.',
    zh: '另一份导入正在进行，请等它完成。',
  },
  'persons.header-missing': {
    en: 'The file lacks a column that is needed.',
    zh: '文件缺少必需的列。',
  },
  'persons.header-twice': { en: 'A column stands in the file twice.', zh: '文件中有重复的列。' },
  'persons.unknown-header': {
    en: 'A column of the file is not known.',
    zh: '文件中有无法识别的列。',
  },
  'places.header-missing': {
    en: 'The file lacks a column that is needed.',
    zh: '文件缺少必需的列。',
  },
  'places.header-twice': { en: 'A column stands in the file twice.', zh: '文件中有重复的列。' },
  'places.unknown-header': {
    en: 'A column of the file is not known.',
    zh: '文件中有无法识别的列。',
  },
  'places.unknown-place': { en: 'There is no such place.', zh: '没有这个地点。' },
  'places.not-a-home': {
    en: 'People live in a community or below it. Choose one.',
    zh: '住址要选到居委或更小的地点。',
  },
  'places.point-already-open': { en: 'This point is open.', zh: '该点位已启用。' },
  'places.point-not-open': { en: 'This point is not open.', zh: '该点位未启用。' },
  'places.point-opened-twice': {
    en: 'A point was opened a second time as something else.',
    zh: '同一点位被重复启用，且类别或地点不同。',
  },
  'places.position-incomplete': {
    en: 'A position needs both longitude and latitude.',
    zh: '坐标要同时有经度和纬度。',
  },
} as const satisfies { readonly [code: string]: { readonly en: string; readonly zh: string } };

/** The same words as pairs, like all words of the screens. */
export const codeWords: { readonly [code: string]: readonly [zh: string, en: string] } =
  Object.fromEntries(Object.entries(codeTable).map(([code, { zh, en }]) => [code, [zh, en]]));
