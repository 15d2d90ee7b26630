// Adding a node and changing one are the same form.
import { useEffect } from 'preact/hooks';
import type { Node, NodeAddRequest } from '../contract';
import { call } from '../lib/api';
import { refresh, useData } from '../lib/data';
import { refuse, useForm } from '../lib/form';
import { go, place } from '../lib/route';
import { count } from '../lib/words';
import { Button } from '../ui/button';
import { CheckField, RadioField, SelectField, TextField } from '../ui/field';
import { toast } from '../ui/live-region';
import { Page } from '../ui/page';
import { Panel } from '../ui/panel';
import { EmptyState, ErrorAlert, Show, SkeletonPanel } from '../ui/states';
import { SshKey } from '../ui/ssh-key';

interface Values {
  name: string;
  cluster: string;
  roles: string[];
  reach: string;
  ssh: string;
  sudo: boolean;
  address: string;
  option_file: string;
  cert_dir: string;
  owner: string;
  control: string;
  unit: string;
  service: string;
  bootstrap: string;
  base_dir: string;
  host_key: string;
  group_address: string;
  dns_names: string;
}

const empty: Values = {
  name: '', cluster: '', roles: [], reach: 'ssh', ssh: '', sudo: false, address: '', option_file: '', cert_dir: '', owner: '', control: 'unit',
  unit: '', service: '', bootstrap: '', base_dir: '', host_key: '', group_address: '', dns_names: '',
};

const withPort = (host: string, port: number, usual: number) => (port === usual || !port ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`);

function valuesOf(n: Node): Values {
  return {
    name: n.name, cluster: n.cluster, roles: n.roles, reach: n.reach, sudo: n.sudo,
    ssh: n.ssh_host ? `${n.ssh_user ? `${n.ssh_user}@` : ''}${withPort(n.ssh_host, n.ssh_port, 22)}` : '',
    address: withPort(n.address, n.port, 3306), option_file: n.option_file ?? '', cert_dir: n.cert_dir ?? '', owner: n.owner ?? '',
    control: n.service ? 'service' : 'unit', unit: n.unit ?? '', service: n.service ?? '', bootstrap: n.bootstrap ?? '', base_dir: n.base_dir ?? '',
    host_key: n.host_key ?? '', group_address: n.group_address ?? '', dns_names: n.dns_names.join(' '),
  };
}

const text = (value: string) => value.trim() || null;

function request(v: Values): NodeAddRequest {
  const observe = v.reach === 'observe';
  const files = (value: string) => (observe ? null : text(value));
  return {
    name: v.name.trim(), cluster: v.cluster, roles: v.roles as NodeAddRequest['roles'], reach: v.reach as NodeAddRequest['reach'], address: v.address.trim(),
    ssh: v.reach === 'ssh' ? text(v.ssh) : null, sudo: !observe && v.sudo,
    option_file: files(v.option_file), cert_dir: files(v.cert_dir), owner: files(v.owner),
    unit: v.control === 'unit' ? files(v.unit) : null, service: v.control === 'service' ? files(v.service) : null,
    bootstrap: files(v.bootstrap), base_dir: files(v.base_dir), host_key: v.reach === 'ssh' ? text(v.host_key) : null,
    group_address: text(v.group_address), dns_names: v.dns_names.split(/[\s,]+/).filter(Boolean),
  };
}

function check(v: Values): void {
  if (!v.name.trim()) throw refuse('name', 'Enter a name.');
  if (!v.cluster) throw refuse('cluster', 'Choose a cluster.');
  if (!v.address.trim()) throw refuse('address', 'Enter the address of the database.');
  if (v.reach === 'observe') return;
  if (v.reach === 'ssh' && !v.ssh.trim()) throw refuse('ssh', 'Enter how SSH reaches the host: USER@HOST.');
  if (!v.option_file.trim()) throw refuse('option_file', 'Enter the path of the option file.');
  if (!v.cert_dir.trim()) throw refuse('cert_dir', 'Enter the certificate folder.');
  if (!v.owner.trim()) throw refuse('owner', 'Enter the user that the server runs as.');
  if (v.control === 'unit' ? !v.unit.trim() : !v.service.trim()) throw refuse(v.control, 'Enter how the server is restarted.');
}

const places: Record<string, Partial<Values>> = {
  singlestore: { option_file: '/var/lib/memsql/memsql.cnf', cert_dir: '/var/lib/memsql/certs', owner: 'memsql', unit: 'memsql' },
  pxc: { option_file: '/etc/mysql/mysql.conf.d/mysqld.cnf', cert_dir: '/etc/mysql/certs', owner: 'mysql', unit: 'mysql' },
  mariadb: { option_file: '/etc/mysql/mariadb.conf.d/50-server.cnf', cert_dir: '/etc/mysql/certs', owner: 'mysql', unit: 'mariadb' },
  mysql: { option_file: '/etc/mysql/mysql.conf.d/mysqld.cnf', cert_dir: '/etc/mysql/certs', owner: 'mysql', unit: 'mysql' },
};

const rolesOf: Record<string, [string, string][]> = { singlestore: [['master', 'Master aggregator'], ['aggregator', 'Aggregator'], ['leaf', 'Leaf']] };

function NodeForm({ node }: { node?: Node }) {
  const clusters = useData('clusterList', { limit: 1000 }).data?.items;
  const form = useForm(node ? valuesOf(node) : { ...empty, cluster: place.value.query.get('cluster') ?? '' }, async (v) => {
    check(v);
    const reply = node ? await call('nodeChange', { ref: String(node.id), ...request(v) }) : await call('nodeAdd', request(v));
    toast('success', node ? `Changed ${reply.node.name}` : `Added ${reply.node.name}`);
    void refresh();
    go(`/nodes/${reply.node.id}`);
  }, { guard: true });
  const v = form.values;
  const flavour = clusters?.find((c) => c.name === v.cluster)?.flavour;
  const usual: Partial<Values> = places[flavour ?? ''] ?? {};
  const roles = rolesOf[flavour ?? ''];
  const observe = v.reach === 'observe';
  const back = node ? `/nodes/${node.id}` : v.cluster ? `/clusters/${encodeURIComponent(v.cluster)}` : '/clusters';

  useEffect(() => {
    if (!v.cluster && clusters?.length === 1) form.set('cluster', clusters[0]!.name);
  }, [clusters]);

  if (clusters && !clusters.length)
    return <EmptyState title="Add a cluster first" actions={<Button kind="primary" href="/clusters/add" needs="clusterAdd">Add cluster</Button>}>A node belongs to a cluster.</EmptyState>;
  return (
    <div class="split split-form">
      <form class="stack" onSubmit={form.submit} noValidate aria-label="Node">
        {form.error && <ErrorAlert error={form.error} />}
        <Panel title="The server">
          <div class="two">
            <TextField label="Name" {...form.bind('name')} placeholder="orders-db-1" />
            <SelectField label="Cluster" {...form.bind('cluster')} choices={[['', clusters ? 'Choose' : 'Loading'], ...(clusters ?? []).map((c): [string, string] => [c.name, `${c.name}, ${count(c.node_count, 'node')}`])]} />
          </div>
          <TextField label="Address of the database" mono {...form.bind('address')} placeholder="10.20.6.11" hint="HOST or HOST:PORT as clients reach it; 3306 without a port" />
          {roles && (
            <fieldset class="field">
              <legend>Roles</legend>
              {roles.map(([word, name]) => (
                <CheckField key={word} label={name} checked={v.roles.includes(word)}
                  onChange={(on) => form.set('roles', on ? [...v.roles, word] : v.roles.filter((r) => r !== word))} />
              ))}
            </fieldset>
          )}
          <TextField label="Further names" required={false} mono {...form.bind('dns_names')} placeholder="orders.db.example.net" hint="DNS names that clients use for it; the certificate should cover them" />
        </Panel>
        <Panel title="How opsd reaches it">
          <RadioField legend="Reach" value={v.reach} onChange={(r) => form.set('reach', r)} choices={[
            ['ssh', 'Over SSH', 'opsd’s own key must be in authorized_keys there'],
            ['local', 'On this machine', 'opsd runs on the same host as the server'],
            ['observe', 'Only look at it', 'Nothing but an address and a probe; nothing is changed there'],
          ]} />
          {v.reach === 'ssh' && (
            <>
              <TextField label="SSH" mono {...form.bind('ssh')} placeholder="opsd@10.20.6.11" hint="USER@HOST or USER@HOST:PORT" />
              <TextField label="Host key" required={false} mono {...form.bind('host_key')} placeholder="SHA256:…" hint="As ssh-keygen -l prints it on the host. Left empty, opsd shows you the key that it meets, for confirmation" />
            </>
          )}
          {!observe && <CheckField label="Use sudo" checked={v.sudo} onChange={(on) => form.set('sudo', on)} hint="Commands run under sudo -n; not needed for root" />}
        </Panel>
        {!observe && (
          <Panel title="Where things are on it">
            <TextField label="Option file" mono {...form.bind('option_file')} placeholder={usual.option_file ?? '/etc/mysql/my.cnf'} />
            <div class="two">
              <TextField label="Certificate folder" mono {...form.bind('cert_dir')} placeholder={usual.cert_dir ?? '/etc/mysql/certs'} />
              <TextField label="Server runs as" mono {...form.bind('owner')} placeholder={usual.owner ?? 'mysql'} hint="USER or USER:GROUP" />
            </div>
            <RadioField legend="Restarted by" value={v.control} onChange={(c) => form.set('control', c)} choices={[
              ['unit', 'A systemd unit', 'systemctl restart UNIT'], ['service', 'A command', 'Run as CMD start, stop, restart and status'],
            ]} />
            {v.control === 'unit'
              ? <TextField label="Unit" mono {...form.bind('unit')} placeholder={usual.unit ?? 'mysql'} />
              : <TextField label="Command" mono {...form.bind('service')} placeholder="/etc/init.d/mysql" />}
            <details class="more" open={!!(v.bootstrap || v.base_dir || v.group_address)}>
              <summary>What is rarely needed</summary>
              <TextField label="Bootstrap command" required={false} mono {...form.bind('bootstrap')} hint="Starts it as the first of its cluster; by default what its flavour uses" />
              <TextField label="Base folder" required={false} mono {...form.bind('base_dir')} hint="What relative paths in its options count from" />
              <TextField label="Group address" required={false} mono {...form.bind('group_address')} hint="HOST or HOST:PORT of the group channel; by default the address, port 4567" />
            </details>
          </Panel>
        )}
        <div class="form-actions">
          <Button kind="primary" submit busy={form.busy}>{node ? 'Save' : 'Add node'}</Button>
          <Button kind="link" href={back}>Cancel</Button>
        </div>
      </form>
      {v.reach === 'ssh' && <div class="stack"><SshKey /></div>}
    </div>
  );
}

export function NodeAddPage() {
  const cluster = place.value.query.get('cluster');
  return (
    <Page title="Add node" needs="nodeAdd" sub="One database server. Nothing on it is touched by adding it."
      crumbs={[['Clusters', '/clusters'], ...(cluster ? [[cluster, `/clusters/${encodeURIComponent(cluster)}`] as [string, string]] : []), ['add node']]}>
      <NodeForm />
    </Page>
  );
}

export function NodeEditPage({ nodeRef }: { nodeRef: string }) {
  const asked = useData('nodeShow', { ref: nodeRef }, { live: false });
  const node = asked.data?.node;
  return (
    <Page title={node ? `Settings of ${node.name}` : 'Settings'} needs="nodeChange" sub="What opsd knows of this node. Saving touches nothing on it."
      crumbs={[['Clusters', '/clusters'], ...(node ? [[node.cluster, `/clusters/${encodeURIComponent(node.cluster)}`], [node.name, `/nodes/${node.id}`]] as [string, string][] : []), ['settings']]}>
      <Show asked={asked} skeleton={<SkeletonPanel rows={8} widths={['50%', '50%']} />}
        missing={<EmptyState title={`There is no node ${nodeRef}`} actions={<a href="/nodes">All nodes</a>} />}>
        {(data) => <NodeForm node={data.node} />}
      </Show>
    </Page>
  );
}
