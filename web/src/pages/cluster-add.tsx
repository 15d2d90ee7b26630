import type { ClusterAddRequest } from '../contract';
import { call } from '../lib/api';
import { refresh } from '../lib/data';
import { refuse, useForm } from '../lib/form';
import { go } from '../lib/route';
import { toast } from '../ui/live-region';
import { Button } from '../ui/button';
import { RadioField, TextField } from '../ui/field';
import { Page } from '../ui/page';
import { ErrorAlert } from '../ui/states';

export function ClusterAddPage() {
  const form = useForm({ name: '', flavour: '', account: 'socket', db_user: '', db_password: '' }, async (v) => {
    if (!v.name.trim()) throw refuse('name', 'Enter a name.');
    if (!v.flavour) throw refuse('flavour', 'Choose what its servers are.');
    const account = v.account === 'user';
    if (account && !v.db_user.trim()) throw refuse('db_user', 'Enter the account’s name.');
    const c = await call('clusterAdd', {
      name: v.name.trim(), flavour: v.flavour as ClusterAddRequest['flavour'],
      db_user: account ? v.db_user.trim() : null, db_password: account ? v.db_password || null : null,
    });
    toast('success', `Added the cluster ${c.name}`);
    void refresh();
    go(`/clusters/${encodeURIComponent(c.name)}`);
  }, { guard: true });
  const flavourError = form.bind('flavour').error;
  return (
    <Page title="Add cluster" width="form" needs="clusterAdd" crumbs={[['Clusters', '/clusters'], ['add']]} sub="Nodes that share one kind of server. They are added next.">
      <form class="panel panel-body" onSubmit={form.submit} noValidate aria-label="Cluster">
        {form.error && <ErrorAlert error={form.error} />}
        <TextField label="Name" {...form.bind('name')} placeholder="orders" />
        <RadioField legend="Servers" value={form.values.flavour} onChange={(v) => form.set('flavour', v)} choices={[
          ['singlestore', 'SingleStore', 'Master, aggregators and leaves'],
          ['pxc', 'Percona XtraDB Cluster', 'Members of a Galera group'],
          ['mariadb', 'MariaDB', 'One server, or members of a Galera group'],
          ['mysql', 'MySQL', 'Single servers and replicas'],
        ]} />
        {flavourError && <p class="field-error" role="alert">{flavourError}</p>}
        <RadioField legend="How opsd signs in to the databases" value={form.values.account} onChange={(v) => form.set('account', v)} choices={[
          ['socket', 'Through each node’s local socket', 'As the user that opsd reaches the node with'],
          ['user', 'With an account and a password', 'Kept sealed; used for state and health alone'],
        ]} />
        {form.values.account === 'user' && (
          <div class="two">
            <TextField label="Account" {...form.bind('db_user')} />
            <TextField label="Password" type="password" autocomplete="off" {...form.bind('db_password')} />
          </div>
        )}
        <div class="form-actions">
          <Button kind="primary" submit busy={form.busy}>Add cluster</Button>
          <Button kind="link" href="/clusters">Cancel</Button>
        </div>
      </form>
    </Page>
  );
}
