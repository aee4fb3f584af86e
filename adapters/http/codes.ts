import type { Label } from '../../ledger/room.ts';

/** What the server says of devices and of packages, in the words that screens show. */
export const serverCodes = {
  'devices.wrong-key': {
    en: 'This device number belongs to another device. Ask headquarters to look at it.',
    zh: '该设备编号属于另一台设备，请联系指挥部核实。',
  },
  'devices.unknown-device': {
    en: 'This device is not registered. Sign in on it again.',
    zh: '该设备未登记，请在设备上重新登录。',
  },
  'devices.lost': {
    en: 'This device was reported lost. Headquarters can report it found.',
    zh: '该设备已报失。如已找回，请由指挥部登记。',
  },
  'field.too-many-persons': {
    en: 'This place has more people than a device is given. Choose a smaller place below it.',
    zh: '该地点人数超出设备可下载的上限，请选择下级的较小地点。',
  },
  'trend.day-to-come': {
    en: 'That day has not come yet: the record goes up to today.',
    zh: '该日期尚未到来，记录只到今天。',
  },
  'trend.unknown-snapshot': {
    en: 'No figures were frozen under this number, or they are of a place that is not yours.',
    zh: '没有以此编号冻结的数据，或该数据不属于您的辖区。',
  },
} as const satisfies { readonly [code: string]: Label };
