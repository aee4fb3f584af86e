/** What was typed is not a command, an option or a value of one: exit 2. */
export class Misuse extends Error {
  override name = 'Misuse';
}
