import { useSession } from '../../api/session.ts';
import { useDomain } from '../../language/domain.ts';
import { useSpeech } from '../../language/translate.ts';
import type { FieldProps } from './field-parts.tsx';
import { Suggested } from './Suggested.tsx';

const roles = [
  'headquarters',
  'community',
  'sampler',
  'courier',
  'laboratory',
  'dispatcher',
  'facility',
] as const;

/** Who holds something: an account by name, or a role when no one account is known. */
export function HolderField(props: FieldProps) {
  const { t } = useSpeech();
  const { holderName } = useDomain();
  const session = useSession();
  const own = session.kind === 'signed-in' ? `user:${session.session.account}` : null;
  const me = own === null ? [] : [{ id: own, text: t('form.myself') }];
  // Some things are held by one account only: a driver is nobody's role.
  const onlyAccounts = props.schema.pattern?.startsWith('^user:') === true;
  const byRole = onlyAccounts ? [] : roles.map((role) => `role:${role}`);
  const suggestions = [...me, ...byRole.map((id) => ({ id, text: holderName(id) }))];
  const hint = t(onlyAccounts ? 'form.account-hint' : 'form.holder-hint');
  return <Suggested field={props} suggestions={suggestions} hint={hint} />;
}
