// Status is an icon and a word, never a colour alone.
import type { ComponentChildren } from 'preact';
import {
  faCircleCheck, faCircleExclamation, faCircleMinus, faCircleQuestion, faClock, faForward, faLock, faLockOpen, faPause,
  faTriangleExclamation, type IconDefinition,
} from '@fortawesome/free-solid-svg-icons';
import type { Certificate, Node, Probe } from '../contract';
import type { Tone } from '../lib/words';
import { Icon, Spinner } from './icon';

export interface StatusProps {
  tone: Tone;
  icon: IconDefinition | 'spinner';
  children: ComponentChildren;
  strong?: boolean;
}

export function Status({ tone, icon, children, strong }: StatusProps) {
  return (
    <span class={`status tone-${tone}${strong ? ' strong' : ''}`}>
      {icon === 'spinner' ? <Spinner /> : <Icon of={icon} />}
      <span>{children}</span>
    </span>
  );
}

type Words = Record<string, [Tone, IconDefinition | 'spinner', string]>;

const byWord = (words: Words, otherwise: Words[string]) => (word: string) => words[word] ?? otherwise;

export const channelOf = byWord(
  {
    tls: ['success', faLock, 'encrypted'],
    plaintext: ['danger', faLockOpen, 'cleartext'],
    off: ['subtle', faCircleMinus, 'off by policy'],
  },
  ['subtle', faCircleQuestion, 'unknown'],
);

export function Channel({ state }: { state: string }) {
  const [tone, icon, word] = channelOf(state);
  return <Status tone={tone} icon={icon}>{word}</Status>;
}

const severityOf = byWord(
  {
    critical: ['danger', faCircleExclamation, 'Critical'],
    warning: ['warning', faTriangleExclamation, 'Warning'],
    accepted: ['success', faCircleCheck, 'Accepted'],
  },
  ['subtle', faCircleQuestion, 'Unknown'],
);

export function Severity({ word }: { word: string }) {
  const [tone, icon, text] = severityOf(word);
  return <Status tone={tone} icon={icon}>{text}</Status>;
}

export function SeverityCount({ severity, n }: { severity: 'critical' | 'warning'; n: number }) {
  if (!n) return null;
  const [tone, icon] = severityOf(severity);
  return <Status tone={tone} icon={icon} strong>{severity === 'critical' ? `${n} critical` : `${n} warning${n === 1 ? '' : 's'}`}</Status>;
}

const rolloutOf = byWord(
  {
    queued: ['subtle', faClock, 'Queued'],
    running: ['brand', 'spinner', 'Running'],
    paused: ['warning', faPause, 'Paused'],
    failed: ['danger', faCircleExclamation, 'Failed'],
    interrupted: ['warning', faTriangleExclamation, 'Interrupted'],
    done: ['success', faCircleCheck, 'Done'],
  },
  ['subtle', faCircleQuestion, 'Unknown'],
);

export function RolloutState({ word, children }: { word: string; children?: ComponentChildren }) {
  const [tone, icon, text] = rolloutOf(word);
  return <Status tone={tone} icon={icon}>{children ?? text}</Status>;
}

const stepOf = byWord(
  {
    waiting: ['subtle', faClock, 'waits'],
    running: ['brand', 'spinner', 'running'],
    done: ['success', faCircleCheck, 'done'],
    failed: ['danger', faCircleExclamation, 'failed'],
    skipped: ['subtle', faForward, 'skipped'],
  },
  ['subtle', faCircleQuestion, 'unknown'],
);

export function StepState({ word, children }: { word: string; children?: ComponentChildren }) {
  const [tone, icon, text] = stepOf(word);
  return <Status tone={tone} icon={icon}>{children ?? text}</Status>;
}

// A certificate by its days: the same limits as the marks of time.
export type Urgency = 'expired' | 'expiring' | 'soon' | 'later';

export function urgency(daysLeft: number): Urgency {
  return daysLeft < 0 ? 'expired' : daysLeft <= 30 ? 'expiring' : daysLeft <= 60 ? 'soon' : 'later';
}

export function Validity({ certificate: c, at }: { certificate: Pick<Certificate, 'days_left' | 'used_by' | 'not_before'>; at: number }) {
  if (Date.parse(c.not_before) > at) return <Status tone="warning" icon={faTriangleExclamation}>Not valid yet</Status>;
  switch (urgency(c.days_left)) {
    case 'expired': return c.used_by
      ? <Status tone="danger" icon={faCircleExclamation}>Expired</Status>
      : <Status tone="subtle" icon={faCircleMinus}>Expired</Status>;
    case 'expiring': return <Status tone="danger" icon={faCircleExclamation}>Expiring</Status>;
    case 'soon': return <Status tone="warning" icon={faTriangleExclamation}>Expires soon</Status>;
    case 'later': return <Status tone="success" icon={faCircleCheck}>Valid</Status>;
  }
}

// What a node serves against what it should.
const verdictOf = byWord(
  {
    this: ['success', faCircleCheck, 'as wanted'],
    other: ['warning', faTriangleExclamation, 'differs'],
    plaintext: ['danger', faLockOpen, 'cleartext'],
    unreachable: ['subtle', faCircleQuestion, 'unreachable'],
  },
  ['subtle', faCircleQuestion, 'unknown'],
);

export function Verdict({ node }: { node: Pick<Node, 'wire' | 'wanted_cert_id' | 'probe'> }) {
  if (node.wire === 'unknown' && node.probe?.state === 'tls' && !node.wanted_cert_id)
    return <Status tone="subtle" icon={faCircleMinus}>nothing wanted</Status>;
  if (!node.probe) return <Status tone="subtle" icon={faCircleQuestion}>not probed</Status>;
  const [tone, icon, text] = verdictOf(node.wire);
  return <Status tone={tone} icon={icon}>{text}</Status>;
}

// "this", "other", "unknown" of where a certificate is used.
export function Place({ word, wire }: { word: string; wire?: boolean }) {
  if (word === 'this') return <Status tone="success" icon={faCircleCheck}>this one</Status>;
  if (word === 'other') return <Status tone="warning" icon={faTriangleExclamation}>another</Status>;
  return <Status tone="subtle" icon={faCircleQuestion}>{wire ? 'not probed' : 'unknown'}</Status>;
}

export const probeState = (probe: Probe | null): string => (probe ? probe.state : 'unknown');
