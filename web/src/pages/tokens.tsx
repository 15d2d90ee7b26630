import { useState } from 'preact/hooks';
import { faPlus, faRobot } from '@fortawesome/free-solid-svg-icons';
import type { Token, TokenAddedReply, TokenAddRequest } from '../contract';
import { call } from '../lib/api';
import { refresh, useData } from '../lib/data';
import { refuse, useForm } from '../lib/form';
import { now } from '../lib/now';
import { can } from '../lib/session';
import { ago, date } from '../lib/time';
import { Button } from '../ui/button';
import { Copy } from '../ui/copy';
import { Confirm, Dialog } from '../ui/dialog';
import { RadioField, SelectField, TextField } from '../ui/field';
import { toast } from '../ui/live-region';
import { Page } from '../ui/page';
import { Tag } from '../ui/panel';
import { Alert, EmptyState, Show, SkeletonRows } from '../ui/states';
import { Pager, Table, usePages, type Column } from '../ui/table';
import { roleChoices } from './users';

function Value({ added, close }: { added: TokenAddedReply; close: () => void }) {
  return (
    <Dialog title={`Token ${added.token.name}`} close={close} footer={<Button kind="primary" onClick={close}>Done</Button>}>
      <Alert tone="warning" title="This is the only time that it is shown" quiet>opsd keeps no more than a digest of it. Put it where your script finds it, for example in OPSD_TOKEN.</Alert>
      <div class="code-line"><code class="mono" aria-label="Token value">{added.value}</code><Copy text={added.value} what="token" /></div>
      <p class="subtle">Used as <code>Authorization: Bearer …</code>, with the role {added.token.role}{added.token.expires ? `, until ${date(added.token.expires)}` : ', without an end'}.</p>
    </Dialog>
  );
}

function AddDialog({ close, done }: { close: () => void; done: (added: TokenAddedReply) => void }) {
  const form = useForm({ name: '', role: 'viewer', days: '90' }, async (v) => {
    if (!v.name.trim()) throw refuse('name', 'Say what it is for.');
    done(await call('tokenAdd', { name: v.name.trim(), role: v.role as TokenAddRequest['role'], days: Number(v.days) }));
    await refresh();
  });
  return (
    <Dialog title="Make token" close={close} error={form.error} onSubmit={form.submit}
      footer={<><Button kind="primary" submit busy={form.busy}>Make token</Button><Button kind="link" onClick={close}>Cancel</Button></>}>
      <TextField label="What it is for" {...form.bind('name')} placeholder="ci" hint="Its name in the audit: token:ci" />
      <RadioField legend="Role" value={form.values.role} onChange={(v) => form.set('role', v)} choices={roleChoices} />
      <SelectField label="Expires" {...form.bind('days')} choices={[['7', 'In 7 days'], ['30', 'In 30 days'], ['90', 'In 90 days'], ['365', 'In a year'], ['0', 'Never']]} />
    </Dialog>
  );
}

function DeleteDialog({ token, close }: { token: Token; close: () => void }) {
  return (
    <Confirm title={`End the token ${token.name}?`} action="End token" close={close} run={async () => {
      await call('tokenDelete', { id: token.id });
      toast('success', `Ended the token ${token.name}`);
      close();
      await refresh();
    }}>
      <p>Whatever uses <strong>{token.name}</strong> ({token.role}) is refused from now on. It cannot be brought back.</p>
    </Confirm>
  );
}

function Expiry({ token }: { token: Token }) {
  if (!token.expires) return <span class="subtle">never</span>;
  return Date.parse(token.expires) < now.value ? <span class="tone-danger">expired {date(token.expires)}</span> : <>{date(token.expires)}</>;
}

const columns = (end: (t: Token) => void): Column<Token>[] => [
  { head: 'Name', class: 'name', cell: (t) => <strong>{t.name}</strong> },
  { head: 'Role', cell: (t) => <Tag>{t.role}</Tag> },
  { head: 'Expires', cell: (t) => <Expiry token={t} /> },
  { head: 'Last used', wide: true, cell: (t) => (t.last_used ? ago(t.last_used, now.value) : <span class="subtle">never</span>) },
  { head: 'Made', wide: true, cell: (t) => `${date(t.created)} by ${t.created_by}` },
  { head: 'Actions', hidden: true, class: 'end', cell: (t) => <Button kind="link" label={`End ${t.name}`} onClick={() => end(t)}>End</Button> },
];

function Tokens({ end, add }: { end: (t: Token) => void; add: () => void }) {
  const pages = usePages('');
  const asked = useData('tokenList', { limit: 50, after: pages.after });
  return (
    <section class="panel" aria-label="Tokens">
      <Show asked={asked} skeleton={<SkeletonRows rows={4} widths={['25%', '15%', '20%', '20%', '20%']} />}>
        {(data) => data.items.length ? (
          <>
            <Table label="Tokens" columns={columns(end)} rows={data.items} id={(t) => t.id} />
            <Pager pages={pages} shown={data.items.length} next={data.next} what="token" />
          </>
        ) : <EmptyState icon={faRobot} title="No tokens yet" actions={<Button onClick={add}>Make token</Button>}>A token lets a script use the API and the command from afar, with a role of its own and an end.</EmptyState>}
      </Show>
    </section>
  );
}

export function TokensPage() {
  const [adding, setAdding] = useState(false);
  const [added, setAdded] = useState<TokenAddedReply | null>(null);
  const [ending, setEnding] = useState<Token | null>(null);
  return (
    <Page title="API tokens" needs="tokenList" crumbs={[['Settings', '/settings'], ['tokens']]} sub="For scripts. The value is shown once, when it is made."
      actions={<Button kind="primary" icon={faPlus} needs="tokenAdd" onClick={() => setAdding(true)}>Make token</Button>}>
      {can('tokenList') && <Tokens end={setEnding} add={() => setAdding(true)} />}
      {adding && <AddDialog close={() => setAdding(false)} done={(a) => {
        setAdding(false);
        setAdded(a);
      }} />}
      {added && <Value added={added} close={() => setAdded(null)} />}
      {ending && <DeleteDialog token={ending} close={() => setEnding(null)} />}
    </Page>
  );
}
