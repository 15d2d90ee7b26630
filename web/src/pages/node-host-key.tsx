// The key of a node's sshd: shown once, confirmed by a person, then pinned.
import { useState } from 'preact/hooks';
import { faCircleCheck, faTriangleExclamation } from '@fortawesome/free-solid-svg-icons';
import type { HostKeyReply, Node } from '../contract';
import { ApiError, call } from '../lib/api';
import { put, refresh } from '../lib/data';
import { Button } from '../ui/button';
import { Copy } from '../ui/copy';
import { Confirm } from '../ui/dialog';
import { toast } from '../ui/live-region';
import { Panel } from '../ui/panel';
import { Alert, ErrorAlert } from '../ui/states';
import { Status } from '../ui/status';

function PinDialog({ node, hostKey, close }: { node: Node; hostKey: string; close: () => void }) {
  return (
    <Confirm title={node.host_key ? `Pin another key for ${node.name}?` : `Pin this key for ${node.name}?`} action="Pin host key" danger={!!node.host_key} close={close} run={async () => {
      const reply = await call('nodeTrust', { ref: String(node.id), host_key: hostKey });
      put('nodeShow', { ref: String(node.id) }, reply);
      toast('success', `Pinned the host key of ${node.name}`);
      close();
      void refresh();
    }}>
      <p><code class="value">{hostKey}</code></p>
      <p>From now on opsd signs in to <code>{node.ssh_host}</code> only while it shows this key. Compare it on the host itself first: <code>ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub</code></p>
    </Confirm>
  );
}

export function HostKeyPanel({ node }: { node: Node }) {
  const [offered, setOffered] = useState<HostKeyReply | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const [pinning, setPinning] = useState(false);
  const seen = offered?.host_key ?? node.host_key_seen;
  const differs = !!(node.host_key && seen && seen !== node.host_key);

  async function fetchKey() {
    setBusy(true);
    setError(null);
    try {
      setOffered(await call('nodeHostKey', { ref: String(node.id) }));
    } catch (e) {
      setError(e as ApiError);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Panel title="Host key" note={node.host_key && !differs ? <Status tone="success" icon={faCircleCheck}>pinned</Status> : <Status tone="warning" icon={faTriangleExclamation}>{differs ? 'changed' : 'not confirmed yet'}</Status>}
      aside={<Button kind="link" needs="nodeHostKey" busy={busy} onClick={() => void fetchKey()}>{seen ? 'Ask again' : 'Ask the host'}</Button>}>
      {error && <ErrorAlert error={error} retry={() => void fetchKey()} />}
      {differs && <Alert tone="warning" title="The host shows another key than the pinned one">It may have been set up anew, or somebody stands in between. opsd does not sign in until the new one is confirmed.</Alert>}
      {node.host_key && <p><span class="subtle">Pinned</span> <code class="value">{node.host_key}</code> <Copy text={node.host_key} what="pinned host key" /></p>}
      {seen && seen !== node.host_key && (
        <p class="host-key">
          <span class="subtle">Offered</span> <code class="value">{seen}</code> <Copy text={seen} what="offered host key" />
          <Button small kind="secondary" needs="nodeTrust" onClick={() => setPinning(true)}>Confirm and pin</Button>
        </p>
      )}
      {!seen && !node.host_key && <p class="subtle">opsd has not met the host yet. Ask for its key, compare it on the host with <code>ssh-keygen -l</code>, and confirm it once; until then nothing is sent there.</p>}
      {pinning && seen && <PinDialog node={node} hostKey={seen} close={() => setPinning(false)} />}
    </Panel>
  );
}
