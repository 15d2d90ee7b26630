import { useData } from '../lib/data';
import { Copy, Value } from './copy';
import { Panel, Terms } from './panel';
import { Show, SkeletonRows } from './states';

// opsd's public key, for copying to the hosts.
export function SshKey() {
  const asked = useData('sshKey', {}, { live: false });
  return (
    <Panel title="opsd’s SSH key" pad={false}>
      <Show asked={asked} skeleton={<SkeletonRows rows={3} widths={['100%']} />}>
        {(key) => (
          <div class="panel-body">
            <p class="subtle">Put this line into <code>~/.ssh/authorized_keys</code> of the user that opsd signs in as, on each host.</p>
            <div class="code-line"><code class="mono">{key.public_key}</code><Copy text={key.public_key} what="public SSH key" /></div>
            <Terms narrow of={[{ term: 'Fingerprint', value: <Value text={key.fingerprint} what="fingerprint of the SSH key" /> }]} />
          </div>
        )}
      </Show>
    </Panel>
  );
}
