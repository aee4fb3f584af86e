/**
 * The rooms in the order of the work: a room imports only rooms that stand before it, through
 * their `index.ts`. Lanes: ground; the specimen's road; the patient's road; life goes on; the
 * picture; the word.
 */
export const lanes = [
  ['duties', 'places', 'persons', 'zones', 'workforce'],
  ['screening', 'custody', 'laboratory', 'results'],
  ['cases', 'capacity', 'transfer', 'admission'],
  ['needs', 'inquiries', 'worksites'],
  ['trend', 'planning'],
  ['directives', 'bulletins'],
] as const;

/** What each part of the tree may import from, itself included. */
export const directions: { readonly [part: string]: readonly string[] } = {
  kernel: ['kernel'],
  methods: ['kernel', 'methods'],
  ledger: ['kernel', 'ledger'],
  rooms: ['kernel', 'methods', 'ledger', 'rooms'],
  adapters: ['kernel', 'methods', 'ledger', 'rooms', 'adapters'],
  scenarios: ['kernel', 'methods', 'ledger', 'rooms', 'adapters', 'scenarios'],
  apps: ['kernel', 'methods', 'ledger', 'rooms', 'adapters', 'scenarios', 'apps'],
};

/** The half that can be read and trusted without a database, a network or a clock. */
export const pureParts = ['kernel', 'methods', 'ledger', 'rooms'];

/** Packages that the pure half may use: they too have no clock, no chance and no world. */
export const purePackages = ['typebox'];
