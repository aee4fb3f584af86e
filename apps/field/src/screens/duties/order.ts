import type { DeviceStatus, FieldDuty } from '../../../../../adapters/device/types.ts';

/** FA-6. Whether somebody signed in here owes it: by account, or by a role they have. */
export function isMine(
  { owner }: Pick<FieldDuty, 'owner'>,
  { account, roles }: Pick<DeviceStatus, 'account' | 'roles'>,
): boolean {
  if (account !== null && owner === `user:${account}`) return true;
  return roles.some(({ role }) => owner === `role:${role}`);
}

/** FA-6. Whatever was due first stands first. */
export function inOrder(duties: readonly FieldDuty[]): readonly FieldDuty[] {
  return [...duties].sort((a, b) => a.dueAt - b.dueAt);
}
