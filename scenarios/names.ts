import type { Random } from '../kernel/random.ts';

/** Frequent family names; order and weights are rough, which is enough for a made-up roster. */
const familyNames =
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余' +
  '于杜叶程魏苏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯' +
  '龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤';

/** Characters of given names by sex, drawn one or two at a time and independently of each other. */
const givenCharacters = {
  male: '伟强军磊勇杰涛明超刚平辉鹏健斌波飞宇浩凯俊帆志建国文东华鑫毅晨轩睿博泽',
  female: '芳娜敏静丽艳娟霞秀英玲桂兰萍红燕慧婷雪梅琳颖洁莉佳欣怡梦雨诗涵妍悦琪',
} as const;

export type Sex = keyof typeof givenCharacters;

/** A family name, the frequent ones more often (the index falls off with the square). */
export function drawFamilyName(random: Random): string {
  const place = Math.floor(random.unit() ** 2 * familyNames.length);
  return familyNames[place] ?? '王';
}

/** A given name of one or two characters; two in four names out of five. */
export function drawGivenName(random: Random, sex: Sex): string {
  const characters = givenCharacters[sex];
  const first = characters[random.below(characters.length)] ?? '平';
  if (random.unit() < 0.2) return first;
  return first + (characters[random.below(characters.length)] ?? '平');
}
