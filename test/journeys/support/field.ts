import type { Browser, BrowserContext, Page } from 'playwright-core';
import { personLabel, serialLabel } from '../../../rooms/screening/label.ts';
import { communities, placesCsv, rosterCsv } from '../../support/people.ts';
import type { Language } from './pages.ts';
import type { RunningServer } from './server.ts';

/** The password of everybody in the field. */
export const fieldPassword = 'rain-on-the-table-2022';

/** The community that the phones of the tests work in: persons 1 to 30, two buildings. */
export const community = communities[0];

/** Label of the tube with this serial. */
export const tube = (serial: number): string => serialLabel('tube', serial);
/** Label of the box with this serial. */
export const box = (serial: number): string => serialLabel('box', serial);
/** Code on the card of this person. */
export const card = (person: number): string => personLabel(person);

const staff = {
  chen: 'sampler',
  wang: 'courier',
  zhao: 'courier',
  li: 'community',
  hua: 'headquarters',
};

/** Registers, points, an open round and the people who work in the field, past the screens. */
export async function prepareField(server: RunningServer): Promise<void> {
  await server.send('/imports/places', placesCsv);
  await server.send('/imports/persons', rosterCsv);
  const points = [
    ['S1', 'sampling', '一号采样点', 'Sampling point 1'],
    ['L1', 'laboratory', '一号实验室', 'Laboratory 1'],
  ];
  for (const [point, pointKind, zh, en] of points) {
    const body = { point, place: community, pointKind, label: { zh, en }, lon: 121.4, lat: 31.4 };
    await server.act(server, 'places/open-point', body);
  }
  await server.act(server, 'screening/open-round', {
    round: 'R1',
    place: '310113',
    label: { zh: '第一轮', en: 'Round 1' },
    areas: [community],
    group: null,
    poolSize: 10,
    startsAt: Date.now() - 3_600_000,
    endsAt: Date.now() + 86_400_000,
  });
  for (const [account, role] of Object.entries(staff)) {
    const roles = [{ role, place: role === 'headquarters' ? '310113' : community }];
    await server.send('/accounts', { account, password: fieldPassword, roles });
  }
}

/** How a phone is held and set. */
export interface PhoneWishes {
  readonly account?: keyof typeof staff;
  readonly language?: Language;
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
}

/** Words that a test needs to find its way, in both languages. */
export const said = {
  zh: {
    account: '账号',
    password: '密码',
    signIn: '登录',
    where: '今天在哪里工作？',
    load: '下载',
    sampling: '采样',
    start: '开始',
    delivery: '送达',
  },
  en: {
    account: 'Account',
    password: 'Password',
    signIn: 'Sign in',
    where: 'Where do you work today?',
    load: 'Load',
    sampling: 'Sampling',
    start: 'Start',
    delivery: 'Delivery',
  },
} as const;

/** Somebody with a phone: scans, taps, and reads what the phone says. */
export class Phone {
  readonly context: BrowserContext;
  readonly server: RunningServer;
  readonly language: Language;
  page: Page;

  private constructor(context: BrowserContext, page: Page, given: PhoneGiven) {
    this.context = context;
    this.page = page;
    this.server = given.server;
    this.language = given.language;
  }

  /** Takes a new phone into the hand and opens the app. */
  static async open(
    browser: Browser,
    server: RunningServer,
    wishes: PhoneWishes = {},
  ): Promise<Phone> {
    const { language = 'en', theme = 'light', width = 360, height = 740 } = wishes;
    const context = await browser.newContext({
      viewport: { width, height },
      deviceScaleFactor: 2,
      hasTouch: true,
      isMobile: true,
      colorScheme: theme,
      locale: language === 'zh' ? 'zh-CN' : 'en-GB',
      timezoneId: 'Asia/Shanghai',
      acceptDownloads: true,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on('console', (message) => {
      if (message.type() === 'error') console.error(`${message.text()} ${message.location().url}`);
    });
    await page.goto(`${server.url}/field/`);
    await page.locator('.screen').waitFor();
    return new Phone(context, page, { server, language });
  }

  /** Signs in and loads the community: what is done once a shift, with a signal. */
  async begin(account: keyof typeof staff): Promise<void> {
    const words = said[this.language];
    await this.page.getByLabel(words.account).fill(account);
    await this.page.getByLabel(words.password).fill(fieldPassword);
    await this.page.getByRole('button', { name: words.signIn, exact: true }).click();
    await this.page.getByRole('heading', { name: words.where }).waitFor();
    await this.page.locator('.row').first().click();
    await this.page.getByRole('button', { name: words.load, exact: true }).click();
    await this.page.locator('.works').waitFor();
  }

  /** Opens the sampling table at the only point of the community. */
  async toTable(): Promise<void> {
    await this.go('sampling');
    const { start } = said[this.language];
    await this.page.getByRole('button', { name: start, exact: true }).click();
    await this.page.locator('.rack').waitFor();
  }

  /** Goes to a screen by its address. */
  async go(path: string): Promise<void> {
    await this.page.evaluate((hash) => {
      location.hash = hash;
    }, `#/${path}`);
  }

  /**
   * A hand scanner that types: the keys follow each other as fast as it sends them, which a
   * remote-controlled keyboard on a busy machine would not.
   */
  async scan(text: string): Promise<void> {
    await this.page.evaluate((keys) => {
      const target = document.activeElement ?? document.body;
      for (const key of [...Array.from(keys), 'Enter']) {
        target.dispatchEvent(
          new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }),
        );
      }
    }, text);
  }

  /** Scans, and waits until the phone says right or wrong. */
  async scanned(text: string, tone: 'right' | 'wrong' | 'done'): Promise<string> {
    const before = await this.turn();
    await this.scan(text);
    await this.page.locator(`.voice[data-tone="${tone}"]:not([data-turn="${before}"])`).waitFor();
    return this.voice();
  }

  /** Which scan was spoken to last. */
  async turn(): Promise<string> {
    return (await this.page.locator('.voice').getAttribute('data-turn')) ?? '0';
  }

  /** What the phone says. */
  async voice(): Promise<string> {
    return this.page.locator('.voice .voice-words').innerText();
  }

  async press(name: string): Promise<void> {
    await this.page.getByRole('button', { name, exact: true }).first().click();
  }

  async sees(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).filter({ visible: true }).first().waitFor();
  }

  /** People in the tube that is drawn. */
  async members(): Promise<number> {
    return Number(await this.page.locator('.rack').getAttribute('data-taken'));
  }

  /** Waits until the browser has kept the app itself, so that it opens without a signal. */
  async shellIsKept(): Promise<void> {
    await this.page.evaluate(async () => {
      const { active } = await navigator.serviceWorker.ready;
      if (active?.state === 'activated') return;
      await new Promise<void>((resolve) => {
        active?.addEventListener('statechange', () => active.state === 'activated' && resolve());
      });
    });
  }

  /** Kills the tab without a goodbye and opens the app again. */
  async killAndReopen(): Promise<void> {
    const session = await this.context.newCDPSession(this.page);
    // A crash: no event tells the page that it is going.
    const gone = this.page.waitForEvent('crash');
    void session.send('Page.crash').catch(() => undefined);
    await gone;
    await this.page.close();
    this.page = await this.context.newPage();
    this.page.setDefaultTimeout(15_000);
    await this.page.goto(`${this.server.url}/field/`);
  }

  async close(): Promise<void> {
    await this.context.close();
  }
}

interface PhoneGiven {
  readonly server: RunningServer;
  readonly language: Language;
}
