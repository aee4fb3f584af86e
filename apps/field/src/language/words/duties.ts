/** What somebody owes. */
export const dutiesWords = {
  'duties.title': ['待办', 'Duties'],
  'duties.overdue': ['超时 {span}', '{span} overdue'],
  'duties.due': ['{at} 前', 'due {at}'],
  'duties.all': ['本地点全部', 'All here'],
  'duties.mine': ['我的', 'Mine'],
  'duties.none': ['没有待办。', 'Nothing is owed here.'],
  'duties.close': ['办结', 'Close it'],
  'duties.evidence': ['如何办结？写明依据。', 'How was it settled? Write what proves it.'],
  'duties.elsewhere': [
    '这项在电脑上办理，这里只作提醒。',
    'This one is closed at a desk. It stands here as a reminder.',
  ],
  'duty.screening.visit-at-home': ['上门采样', 'Visit at home'],
  'duty.screening.talk-to-refuser': ['劝说拒检人员', 'Talk to somebody who refused'],
  'duty.screening.seal-tube': ['封管', 'Seal the tube'],
  'duty.custody.deliver-box': ['送箱到实验室', 'Deliver the box'],
  'duty.custody.reconcile-box': ['说明差异', 'Explain differences'],
  'duty.results.inform-of-amendment': ['告知更正的结果', 'Tell of an amended result'],
  'duty.other': ['其他', 'Another duty'],
} as const;
