import { type FormEvent, useState } from 'react';
import { Button, Input, Label, TextField } from 'react-aria-components';
import { request } from '../api/client.ts';
import type { AccountRow, Page, Role } from '../api/types.ts';
import { useOverview } from '../board/overview.tsx';
import { useDomain } from '../language/domain.ts';
import { useSpeech } from '../language/translate.ts';
import { Choice } from '../parts/Choice.tsx';
import { Failure } from '../parts/Failure.tsx';
import { Mark } from '../parts/Mark.tsx';
import { Shown } from '../parts/Notice.tsx';
import { PlaceName } from '../parts/PlaceName.tsx';
import { type Resource, useResource } from '../resource.ts';
import { href } from '../route.ts';

const roleNames = [
  'headquarters',
  'community',
  'sampler',
  'courier',
  'laboratory',
  'dispatcher',
  'facility',
  'admin',
] as const;

/** Who may sign in, and what each may do where. */
export function AccountsDesk({ account }: { account: string | null }) {
  const accounts = useResource<Page<AccountRow>>('/accounts');
  return (
    <Shown of={accounts}>
      {({ rows }) => {
        const chosen = rows.find((row) => row.account === account) ?? null;
        return (
          <div className="work">
            <AccountQueue rows={rows} chosen={chosen} />
            <div className="work-main">
              {chosen === null ? (
                <NewAccount accounts={accounts} />
              ) : (
                <AccountDetail row={chosen} accounts={accounts} key={chosen.account} />
              )}
            </div>
          </div>
        );
      }}
    </Shown>
  );
}

interface QueueProps {
  readonly rows: readonly AccountRow[];
  readonly chosen: AccountRow | null;
}

function AccountQueue({ rows, chosen }: QueueProps) {
  const { t } = useSpeech();
  const { roleName } = useDomain();
  return (
    <section className="queue" aria-label={t('desk.accounts')}>
      <a className="button" href={href(['desk', 'accounts'])}>
        {t('accounts.new')}
      </a>
      <ul className="queue-rows">
        {rows.map((row) => (
          <li key={row.account}>
            <a
              className="queue-row"
              href={href(['desk', 'accounts', row.account])}
              aria-current={row === chosen ? 'true' : undefined}
            >
              <span className="queue-name">{row.account}</span>
              <span className="queue-age">{row.disabled === true ? t('accounts.closed') : ''}</span>
              <span className="queue-stage">
                {[...new Set(row.roles.map(({ role }) => roleName(role)))].join(t('common.and'))}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

type Accounts = Resource<Page<AccountRow>>;

function NewAccount({ accounts }: { accounts: Accounts }) {
  const { t } = useSpeech();
  const [account, setAccount] = useState('');
  const [password, setPassword] = useState('');
  const [roles, setRoles] = useState<readonly Role[]>([]);
  const saving = useSaving();
  function submit(event: FormEvent) {
    event.preventDefault();
    const body = { account: account.trim(), password, roles };
    saving.save(request('/accounts', { method: 'POST', body }), () => {
      setAccount('');
      setPassword('');
      setRoles([]);
      accounts.refetch();
    });
  }
  return (
    <form className="form act-sheet" onSubmit={submit}>
      <h2>{t('accounts.new')}</h2>
      <TextField className="field" value={account} onChange={setAccount} isRequired>
        <Label>{t('sign-in.account')}</Label>
        <Input
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          pattern="[a-z0-9][a-z0-9._\-]{1,62}"
        />
        <span className="hint">{t('accounts.name-hint')}</span>
      </TextField>
      <TextField
        className="field"
        type="password"
        value={password}
        onChange={setPassword}
        isRequired
        minLength={8}
      >
        <Label>{t('sign-in.password')}</Label>
        <Input autoComplete="new-password" />
        <span className="hint">{t('accounts.password-hint')}</span>
      </TextField>
      <Roles roles={roles} onChange={setRoles} />
      <Failure of={saving.failure} />
      <div className="button-row">
        <Button type="submit" className="button primary" isPending={saving.busy}>
          {t('accounts.make')}
        </Button>
        {saving.done ? <Saved /> : null}
      </div>
    </form>
  );
}

function AccountDetail({ row, accounts }: { row: AccountRow; accounts: Accounts }) {
  const { t } = useSpeech();
  const [roles, setRoles] = useState<readonly Role[]>(row.roles);
  const [password, setPassword] = useState('');
  const saving = useSaving();
  const disabled = row.disabled === true;
  const change = (body: object) => {
    const path = `/accounts/${encodeURIComponent(row.account)}`;
    saving.save(request(path, { method: 'PATCH', body }), () => {
      setPassword('');
      accounts.refetch();
    });
  };
  return (
    <form
      className="form act-sheet"
      onSubmit={(event) => {
        event.preventDefault();
        change(password === '' ? { roles } : { roles, password });
      }}
    >
      <h2>{row.account}</h2>
      <Roles roles={roles} onChange={setRoles} />
      <TextField
        className="field"
        type="password"
        value={password}
        onChange={setPassword}
        minLength={8}
      >
        <Label>{t('accounts.new-password')}</Label>
        <Input autoComplete="new-password" />
      </TextField>
      <Failure of={saving.failure} />
      <div className="button-row">
        <Button type="submit" className="button primary" isPending={saving.busy}>
          {t('accounts.save')}
        </Button>
        <Button className="button" onPress={() => change({ disabled: !disabled })}>
          {t(disabled ? 'accounts.reopen' : 'accounts.close')}
        </Button>
        {saving.done ? <Saved /> : null}
      </div>
    </form>
  );
}

function Saved() {
  const { t } = useSpeech();
  return (
    <span className="done" role="status">
      <Mark state="done" word={false} /> {t('form.done')}
    </span>
  );
}

interface RolesProps {
  readonly roles: readonly Role[];
  readonly onChange: (roles: readonly Role[]) => void;
}

function Roles({ roles, onChange }: RolesProps) {
  const { t } = useSpeech();
  const { roleName } = useDomain();
  const { data } = useOverview();
  const [role, setRole] = useState<string>('sampler');
  const [place, setPlace] = useState(data?.place.code ?? '*');
  const known = roles.some((each) => each.role === role && each.place === place);
  return (
    <fieldset className="field group">
      <legend className="label">{t('accounts.roles')}</legend>
      <ul className="role-rows">
        {roles.map((each) => (
          <li key={`${each.role} ${each.place}`}>
            <span>{roleName(each.role)}</span>
            {each.place === '*' ? (
              <span>{t('accounts.everywhere')}</span>
            ) : (
              <PlaceName code={each.place} />
            )}
            <Button
              className="button quiet"
              onPress={() => onChange(roles.filter((other) => other !== each))}
            >
              {t('form.remove-row')}
            </Button>
          </li>
        ))}
      </ul>
      <div className="group-fields row-fields">
        <Choice
          label={t('accounts.role')}
          value={role}
          options={roleNames.map((id) => ({ id, text: roleName(id) }))}
          onChange={setRole}
        />
        <TextField className="field" value={place} onChange={setPlace}>
          <Label>{t('accounts.place')}</Label>
          <Input spellCheck={false} />
        </TextField>
        <Button
          className="button"
          isDisabled={known || place.trim() === ''}
          onPress={() => onChange([...roles, { role, place: place.trim() }])}
        >
          {t('accounts.add-role')}
        </Button>
      </div>
    </fieldset>
  );
}

interface Saving {
  readonly busy: boolean;
  readonly done: boolean;
  readonly failure: unknown;
  readonly save: (reply: Promise<unknown>, after: () => void) => void;
}

function useSaving(): Saving {
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  async function settle(reply: Promise<unknown>, after: () => void) {
    setBusy(true);
    setDone(false);
    setFailure(null);
    try {
      await reply;
      setDone(true);
      after();
    } catch (error) {
      setFailure(error);
    }
    setBusy(false);
  }
  const save = (reply: Promise<unknown>, after: () => void) => void settle(reply, after);
  return { busy, done, failure, save };
}
