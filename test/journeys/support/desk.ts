import type { Locator, Page } from 'playwright-core';
import type { RunningServer } from './server.ts';

/** A person at the desks: says what to do in the words on the screen. */
export class Desk {
  readonly page: Page;
  readonly #server: RunningServer;

  constructor(page: Page, server: RunningServer) {
    this.page = page;
    this.#server = server;
  }

  /** Goes to an address below the web app: `#/desk/boxes`. */
  async go(hash: string): Promise<void> {
    await this.page.goto(`${this.#server.url}/${hash}`);
  }

  /** Presses the button of this name. */
  async press(name: string): Promise<void> {
    await this.page.getByRole('button', { name, exact: true }).first().click();
  }

  /** Sends the form that is open, by its button. */
  async send(name: string): Promise<void> {
    await this.page.locator('.act-sheet').getByRole('button', { name, exact: true }).click();
  }

  /** Types into the field of this name. */
  async fill(label: string, text: string): Promise<void> {
    await this.field(label).fill(text);
  }

  /** Types into a field with suggestions, and lets the list close. */
  async suggest(label: string, text: string): Promise<void> {
    const field = this.page.getByRole('combobox', { name: new RegExp(`^${label}`) }).first();
    await field.fill(text);
    await field.press('Escape');
  }

  /** Ticks one of several. */
  async choose(text: string): Promise<void> {
    await this.page.locator('.radio, .checkbox').filter({ hasText: text }).first().click();
  }

  field(label: string): Locator {
    return this.page.getByRole('textbox', { name: new RegExp(`^${label}( optional)?$`) }).first();
  }

  /** Waits until the screen says this. */
  async sees(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).filter({ visible: true }).first().waitFor();
  }
}
