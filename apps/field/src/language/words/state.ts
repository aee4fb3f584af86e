/** What stands on every screen: the bar, switches, and the states of anything that can fail. */
export const stateWords = {
  'bar.kept': ['已保存', 'kept'],
  'bar.delivered': ['已送达', 'delivered'],
  'bar.waiting': ['等待自', 'waiting since'],
  'bar.nothing-waits': ['全部送达', 'all delivered'],
  'bar.in-tubes': ['在管内', 'in the tube'],
  'bar.set-aside': ['待处理', 'set aside'],
  'bar.open': ['同步状态', 'State of delivery'],
  'bar.back': ['返回', 'Back'],
  'caution.not-durable': [
    '警告：总部服务器以不安全方式运行，已送达的内容可能因断电丢失。仅供试用。',
    'Warning: headquarters’ server runs unsafely. A power cut can take what was delivered. For trials only.',
  ],
  'caution.no-room': [
    '总部服务器磁盘已满，暂不接收。内容保存在本机，之后自动送达。',
    'The disk of headquarters’ server is full. Everything stays on this phone and is delivered later.',
  ],
  'switch.language': ['English', '中文'],
  'switch.dark': ['深色', 'Dark'],
  'switch.light': ['浅色', 'Light'],
  'switch.mute': ['静音', 'Mute'],
  'switch.unmute': ['开声音', 'Sound on'],
  'state.refused': ['未能完成：{code}', 'That did not work: {code}'],
  'state.broken': [
    '程序出错，已保存的内容不受影响。请重新打开。',
    'Something in the app went wrong. What is kept stays kept. Open it again.',
  ],
  'state.reload': ['重新打开', 'Open again'],
  'state.take-over': ['在此接管', 'Take over here'],
  'state.loading': ['正在读取', 'Loading'],
  'state.offline': [
    '暂时没有网络。已保存的内容会在有网络时送达。',
    'No signal now. What is kept is delivered when there is one.',
  ],
  'state.close': ['关闭', 'Close'],
} as const;
