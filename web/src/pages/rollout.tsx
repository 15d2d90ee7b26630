import { useEffect, useState } from 'preact/hooks';
import { faPlay } from '@fortawesome/free-solid-svg-icons';
import type { Rollout, RolloutStep } from '../contract';
import { call } from '../lib/api';
import { put, useData } from '../lib/data';
import { follow } from '../lib/live';
import { now } from '../lib/now';
import { ago, clock, clockSeconds, span } from '../lib/time';
import { capital, count } from '../lib/words';
import { Button } from '../ui/button';
import { announce, toast } from '../ui/live-region';
import { Page } from '../ui/page';
import { Panel } from '../ui/panel';
import { Alert, Bone, EmptyState, Show, SkeletonPanel } from '../ui/states';
import { Prose } from '../ui/prose';
import { RolloutState, StepState } from '../ui/status';

const over = ['done', 'failed', 'interrupted'];

// Steps of each node in their order; several of the same action stand in one column.
function byNode(steps: RolloutStep[]): { node: string; id: number; steps: RolloutStep[] }[] {
  const nodes = new Map<string, { node: string; id: number; steps: RolloutStep[] }>();
  for (const step of steps) {
    const entry = nodes.get(step.node ?? '') ?? { node: step.node ?? '', id: step.node_id, steps: [] };
    entry.steps.push(step);
    nodes.set(step.node ?? '', entry);
  }
  return [...nodes.values()];
}

function Cell({ step }: { step: RolloutStep | undefined }) {
  if (!step) return <span class="subtle">–</span>;
  const word = { done: step.ended_ms ? clockSeconds(step.ended_ms) : 'done', running: 'running', failed: 'failed' }[step.state as string];
  return <span title={[step.title, step.detail].filter(Boolean).join(': ')}><StepState word={step.state}>{word}</StepState></span>;
}

function Matrix({ r }: { r: Rollout }) {
  const nodes = byNode(r.steps);
  const actions = [...new Set(r.steps.map((s) => s.action))];
  return (
    <div class="table-wrap" tabIndex={0} role="group" aria-label="Steps of each node">
      <table class="table steps" aria-label="Steps of each node">
        <thead><tr><th scope="col">Node</th>{actions.map((a) => <th key={a} scope="col">{capital(a)}</th>)}</tr></thead>
        <tbody>
          {nodes.map((n) => (
            <tr key={n.node} class={n.steps.some((s) => s.state === 'running') ? 'marked' : ''}>
              <th scope="row">{n.id ? <a href={`/nodes/${n.id}`}>{n.node}</a> : n.node}</th>
              {actions.map((a) => <td key={a}><Cell step={n.steps.find((s) => s.action === a)} /></td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Journal({ r }: { r: Rollout }) {
  const begun = r.steps.filter((s) => s.started_ms);
  return (
    <Panel title="Journal" note={<span class="caption">{over.includes(r.state) ? `${count(begun.length, 'entry', 'entries')}` : 'following'}</span>} pad={false}>
      {begun.length ? (
        <ol class="journal">
          {begun.map((s) => (
            <li key={s.id} class={s.state === 'failed' ? 'failed' : ''}>
              <time dateTime={new Date(s.started_ms).toISOString()}>{clockSeconds(s.started_ms)}</time>
              <strong>{s.node}</strong>
              <span class="journal-what"><StepState word={s.state}>{s.title}</StepState>{s.detail && <span class="journal-detail">{s.detail}</span>}</span>
              <span class="caption">{s.ended_ms ? span(s.ended_ms - s.started_ms) : s.state === 'running' ? span(now.value - s.started_ms) : ''}</span>
            </li>
          ))}
        </ol>
      ) : <p class="panel-empty">Nothing has begun yet</p>}
    </Panel>
  );
}

function Resume({ r, primary }: { r: Rollout; primary: boolean }) {
  const [busy, setBusy] = useState(false);
  return (
    <Button kind={primary ? 'primary' : 'secondary'} icon={faPlay} needs="rolloutResume" busy={busy} onClick={() => {
      setBusy(true);
      call('rolloutResume', { id: r.id }).then(() => announce('Resumed'), (e: Error) => toast('danger', e.message)).finally(() => setBusy(false));
    }}>Resume</Button>
  );
}

function Trouble({ r }: { r: Rollout }) {
  const failed = r.steps.find((s) => s.state === 'failed');
  if (r.state === 'failed') {
    return (
      <Alert tone="danger" title={failed ? `${failed.node}: ${failed.title} failed` : 'This rollout failed'}>
        <p class="reason"><Prose text={r.error ?? failed?.detail ?? 'No reason was recorded.'} /></p>
        <p class="subtle">Steps before it are done and stay so. Resume goes on with the first step that is not done.</p>
      </Alert>
    );
  }
  if (r.state === 'interrupted')
    return <Alert tone="warning" title="opsd stopped in the midst of this rollout">{r.error ?? 'What ran on the node was not stopped. Resume waits for it, then goes on with the first step that is not done.'}</Alert>;
  return null;
}

function Sub({ r }: { r: Rollout }) {
  return (
    <>
      <RolloutState word={r.state} />
      <span>
        <a href={`/clusters/${encodeURIComponent(r.cluster)}`}>{r.cluster}</a>, started {clock(r.created)} by {r.by}, {ago(r.created, now.value)}
        {r.ended && `, took ${span(Date.parse(r.ended) - Date.parse(r.created))}`}.
      </span>
    </>
  );
}

export function RolloutPage({ id }: { id: string }) {
  const input = { id: Number(id) };
  const asked = useData('rolloutShow', input);
  const r = asked.data;
  const running = r !== undefined && !over.includes(r.state);

  useEffect(() => {
    if (!running) return undefined;
    return follow<Rollout>(input.id, (next) => {
      put('rolloutShow', input, next);
      if (over.includes(next.state)) announce(`Rollout ${next.state}`);
    });
  }, [id, running]);

  const percent = r && r.steps_total ? Math.round((100 * r.steps_done) / r.steps_total) : 0;
  return (
    <Page title={r ? `Rollout ${r.id}: ${r.title.charAt(0).toLowerCase()}${r.title.slice(1)}` : `Rollout ${id}`} crumbs={[['Rollouts', '/rollouts'], [id]]} acts="rolloutResume"
      sub={r ? <Sub r={r} /> : !asked.error && <Bone width="320px" />}
      actions={r && (r.state === 'failed' || r.state === 'interrupted') && <Resume r={r} primary />}>
      <Show asked={asked} skeleton={<><SkeletonPanel rows={3} widths={['20%', '15%', '15%', '15%', '15%', '15%']} /><SkeletonPanel rows={5} widths={['12%', '20%', '68%']} /></>}
        missing={<EmptyState title={`There is no rollout ${id}`} actions={<a href="/rollouts">All rollouts</a>} />}>
        {(data) => (
          <>
            <Trouble r={data} />
            <Panel title="Nodes" pad={false} note={<span class="caption">{data.steps_done} of {count(data.steps_total, 'step')}</span>}
              aside={<span class="progress-cell"><span class={`bar bar-${data.state}`} role="progressbar" aria-label="Progress" aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent}><span style={{ width: `${percent}%` }} /></span>{percent} %</span>}>
              <Matrix r={data} />
            </Panel>
            <Journal r={data} />
          </>
        )}
      </Show>
    </Page>
  );
}
