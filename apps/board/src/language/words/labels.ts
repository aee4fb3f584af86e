/** Words of the desk where labels are printed. */
export const labelWords = {
  'desk.labels': ['标签', 'Labels'],
  'desk.labels-about': [
    '打印管码、箱码和人员码，编号不重复',
    'Print labels for tubes, boxes and people; no number twice',
  ],
  'labels.print': ['打印标签', 'Print labels'],
  'labels.kind': ['用于', 'For'],
  'labels.tube': ['采样管', 'Tubes'],
  'labels.box': ['转运箱', 'Boxes'],
  'labels.person': ['人员', 'People'],
  'labels.count': ['数量', 'How many'],
  'labels.pages': ['共 {pages} 页', '{pages} pages'],
  'labels.place': ['地点编码（楼栋或居委会）', 'Place code (a building or a community)'],
  'labels.layout': ['标签纸', 'Sheet or roll'],
  'labels.symbol': ['条码', 'Barcode'],
  'labels.printed': [
    '已生成 {count} 枚：{first} 至 {last}。文件已下载；可在右侧列表再次打印。',
    '{count} labels from {first} to {last}. The file is in your downloads; the list prints it again.',
  ],
  'labels.scale': [
    '打印时请选“实际大小”（100%），不要“适合页面”，否则与标签纸对不齐。',
    'Print at actual size (100 %), not “fit to page”, or the labels miss their places.',
  ],
  'labels.runs': ['打印记录', 'What was printed'],
  'labels.none': ['尚未打印过标签。', 'No labels have been printed yet.'],
  'labels.when': ['时间', 'When'],
  'labels.who': ['打印人', 'By'],
  'labels.numbers': ['编号', 'Numbers'],
  'labels.again': ['再次打印', 'Print again'],
} as const;
