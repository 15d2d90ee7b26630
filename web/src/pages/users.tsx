import { useState } from 'preact/hooks';
import { faPlus } from '@fortawesome/free-solid-svg-icons';
import type { User, UserAddRequest } from '../contract';
import { call } from '../lib/api';
import { refresh, useData } from '../lib/data';
import { refuse, useForm } from '../lib/form';
import { now } from '../lib/now';
import { can, session } from '../lib/session';
import { ago, date } from '../lib/time';
import { Button } from '../ui/button';
import { Confirm, Dialog } from '../ui/dialog';
import { RadioField, TextField } from '../ui/field';
import { toast } from '../ui/live-region';
import { Page } from '../ui/page';
import { Tag } from '../ui/panel';
import { checkNewPassword, PasswordFields } from '../ui/password';
import { Show, SkeletonRows } from '../ui/states';
import { Pager, Table, usePages, type Column } from '../ui/table';

type Role = UserAddRequest['role'];

export const roleChoices: [string, string, string][] = [
  ['viewer', 'Viewer', 'Sees everything but the audit, changes nothing'],
  ['operator', 'Operator', 'Imports, pushes, restarts; sees the audit'],
  ['admin', 'Administrator', 'All of it: people, tokens, nodes, keys, this console'],
];

function AddDialog({ close }: { close: () => void }) {
  const form = useForm({ name: '', role: 'viewer', password: '', again: '' }, async (v) => {
    if (!v.name.trim()) throw refuse('name', 'Enter a name.');
    checkNewPassword(v);
    const u = await call('userAdd', { name: v.name.trim(), role: v.role as Role, password: v.password });
    toast('success', `Added ${u.name} as ${u.role}`);
    close();
    await refresh();
  });
  return (
    <Dialog title="Add user" close={close} error={form.error} onSubmit={form.submit}
      footer={<><Button kind="primary" submit busy={form.busy}>Add user</Button><Button kind="link" onClick={close}>Cancel</Button></>}>
      <TextField label="Name" {...form.bind('name')} hint="Lower-case letters, digits, dot and dash" />
      <RadioField legend="Role" value={form.values.role} onChange={(v) => form.set('role', v)} choices={roleChoices} />
      <PasswordFields label="First password" password={form.bind('password')} again={form.bind('again')} />
    </Dialog>
  );
}

function RoleDialog({ user, close }: { user: User; close: () => void }) {
  const form = useForm({ role: user.role as string }, async (v) => {
    await call('userChange', { name: user.name, role: v.role as Role });
    toast('success', `${user.name} is ${v.role} now`);
    close();
    await refresh();
  });
  return (
    <Dialog title={`Role of ${user.name}`} close={close} error={form.error} onSubmit={form.submit}
      footer={<><Button kind="primary" submit busy={form.busy}>Change role</Button><Button kind="link" onClick={close}>Cancel</Button></>}>
      <RadioField legend="Role" value={form.values.role} onChange={(v) => form.set('role', v)} choices={roleChoices} />
      <p class="subtle">Their sessions end, so that the new role counts at once.</p>
    </Dialog>
  );
}

function PasswordDialog({ user, close }: { user: User; close: () => void }) {
  const form = useForm({ password: '', again: '' }, async (v) => {
    checkNewPassword(v);
    await call('userPassword', { name: user.name, password: v.password });
    toast('success', `Set a password for ${user.name}`);
    close();
  });
  return (
    <Dialog title={`Password of ${user.name}`} close={close} error={form.error} onSubmit={form.submit}
      footer={<><Button kind="primary" submit busy={form.busy}>Set password</Button><Button kind="link" onClick={close}>Cancel</Button></>}>
      <PasswordFields label="New password" password={form.bind('password')} again={form.bind('again')} />
      <p class="subtle">Their sessions end.</p>
    </Dialog>
  );
}

function DeleteDialog({ user, close }: { user: User; close: () => void }) {
  return (
    <Confirm title={`Delete ${user.name}?`} action="Delete user" close={close} run={async () => {
      await call('userDelete', { name: user.name });
      toast('success', `Deleted ${user.name}`);
      close();
      await refresh();
    }}>
      <p><strong>{user.name}</strong> ({user.role}) cannot sign in any more, and their sessions end. What they did stays in the audit.</p>
    </Confirm>
  );
}

type Open = { what: 'add' } | { what: 'role' | 'password' | 'delete'; user: User } | null;

const columns = (open: (o: Open) => void): Column<User>[] => [
  { head: 'Name', class: 'name', cell: (u) => <><strong>{u.name}</strong>{u.name === session.value?.name && <span class="subtle"> you</span>}</> },
  { head: 'Role', cell: (u) => <Tag>{u.role}</Tag> },
  { head: 'Last seen', wide: true, cell: (u) => (u.last_seen ? ago(u.last_seen, now.value) : <span class="subtle">never</span>) },
  { head: 'Added', wide: true, cell: (u) => date(u.created) },
  {
    head: 'Actions', hidden: true, class: 'end', cell: (u) => (
      <span class="row-actions">
        <Button kind="link" label={`Role of ${u.name}`} onClick={() => open({ what: 'role', user: u })}>Role</Button>
        <Button kind="link" label={`Password of ${u.name}`} onClick={() => open({ what: 'password', user: u })}>Password</Button>
        <Button kind="link" label={`Delete ${u.name}`} onClick={() => open({ what: 'delete', user: u })}>Delete</Button>
      </span>
    ),
  },
];

function Users({ open }: { open: (o: Open) => void }) {
  const pages = usePages('');
  const asked = useData('userList', { limit: 50, after: pages.after });
  return (
    <section class="panel" aria-label="Users">
      <Show asked={asked} skeleton={<SkeletonRows rows={4} widths={['25%', '15%', '20%', '20%', '20%']} />}>
        {(data) => (
          <>
            <Table label="Users" columns={columns(open)} rows={data.items} id={(u) => u.id} />
            <Pager pages={pages} shown={data.items.length} next={data.next} what="user" />
          </>
        )}
      </Show>
    </section>
  );
}

export function UsersPage() {
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  return (
    <Page title="Users" needs="userList" crumbs={[['Settings', '/settings'], ['users']]} sub="People who sign in here, and what they may do."
      actions={<Button kind="primary" icon={faPlus} needs="userAdd" onClick={() => setOpen({ what: 'add' })}>Add user</Button>}>
      {can('userList') && <Users open={setOpen} />}
      {open?.what === 'add' && <AddDialog close={close} />}
      {open?.what === 'role' && <RoleDialog user={open.user} close={close} />}
      {open?.what === 'password' && <PasswordDialog user={open.user} close={close} />}
      {open?.what === 'delete' && <DeleteDialog user={open.user} close={close} />}
    </Page>
  );
}
