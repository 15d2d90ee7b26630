// Where the nodes of a cluster's picture stand. Up to four members stand in a row, five to nine in a ring, those of
// SingleStore in two rows; on narrow screens all stand below each other.
import type { Node } from '../contract';

export const most = 9;
export const box = { width: 184, height: 76 };
export const clients = { width: 150, height: 44 };

export interface Spot {
  node: Node;
  x: number; // of the box's middle
  y: number;
}

export interface Line {
  node: Node;
  d: string;
  pill: [number, number] | null;
}

export interface Layout {
  height: number;
  clients: [number, number];
  spots: Spot[];
  lines: Line[]; // the client channel
  group: string; // who belongs together: a hairline, no channel
}

const top = (y: number) => y - box.height / 2;

function spread(width: number, n: number): number[] {
  return Array.from({ length: n }, (_, i) => (width * (2 * i + 1)) / (2 * n));
}

function straight(spot: Spot, from: [number, number], pill: boolean): Line {
  const [x1, y1] = from;
  const [x2, y2] = [spot.x, top(spot.y)];
  return { node: spot.node, d: `M${x1} ${y1}L${x2} ${y2}`, pill: pill ? [x1 + (x2 - x1) * 0.56, y1 + (y2 - y1) * 0.56] : null };
}

function row(nodes: Node[], width: number): Layout {
  const y = 214;
  const spots = spread(width, nodes.length).map((x, i) => ({ node: nodes[i]!, x, y }));
  const from: [number, number] = [width / 2, 16 + clients.height];
  const gap = Math.min(40, (width - 120) / Math.max(1, nodes.length));
  const lines = spots.map((s, i) => straight(s, [from[0] + (i - (spots.length - 1) / 2) * Math.min(gap, clients.width / spots.length), from[1]], true));
  const group = spots.slice(1).map((s, i) => `M${spots[i]!.x + box.width / 2} ${y}H${s.x - box.width / 2}`).join('');
  return { height: y + box.height / 2 + 18, clients: [width / 2, 16 + clients.height / 2], spots, lines, group };
}

function ring(nodes: Node[], width: number): Layout {
  const n = nodes.length;
  const [cx, cy] = [width / 2, n > 6 ? 218 : 196];
  const [rx, ry] = [Math.min(width / 2 - box.width / 2 - 12, 360), n > 6 ? 164 : 142];
  const spots = nodes.map((node, i) => {
    const angle = (2 * Math.PI * i) / n - Math.PI / 2;
    return { node, x: cx + rx * Math.cos(angle), y: cy + 4 + ry * Math.sin(angle) };
  });
  const lines = spots.map((s) => ({ node: s.node, d: `M${cx} ${cy}L${s.x} ${s.y}`, pill: null }));
  return { height: cy + ry + box.height / 2 + 22, clients: [cx, cy], spots, lines, group: `M${spots.map((s) => `${s.x} ${s.y}`).join('L')}Z` };
}

function tiers(nodes: Node[], width: number): Layout {
  const isLeaf = (n: Node) => n.roles.includes('leaf') && !n.roles.includes('master') && !n.roles.includes('aggregator');
  const upper = row(nodes.filter((n) => !isLeaf(n)), width);
  const leaves = nodes.filter(isLeaf);
  if (!leaves.length) return upper;
  if (!upper.spots.length) return row(nodes, width);
  const y = 214 + box.height + 66;
  const bus = 214 + box.height / 2 + 33;
  const spots = spread(width, leaves.length).map((x, i) => ({ node: leaves[i]!, x, y }));
  const all = [...upper.spots, ...spots].map((s) => s.x);
  const group = upper.spots.map((s) => `M${s.x} ${s.y + box.height / 2}V${bus}`).join('') + spots.map((s) => `M${s.x} ${bus}V${top(y)}`).join('')
    + `M${Math.min(...all)} ${bus}H${Math.max(...all)}`;
  return { ...upper, height: y + box.height / 2 + 18, spots: [...upper.spots, ...spots], group };
}

function stack(nodes: Node[], width: number): Layout {
  const rail = 22;
  const x = rail + 24 + (width - rail - 24) / 2;
  const spots = nodes.map((node, i) => ({ node, x, y: 16 + clients.height + 28 + box.height / 2 + i * (box.height + 16) }));
  const lines = spots.map((s) => ({ node: s.node, d: `M${rail} ${s.y}H${s.x - (width - rail - 24) / 2}`, pill: null }));
  const end = spots.at(-1)?.y ?? 0;
  const group = end ? `M${rail} ${16 + clients.height}V${end}` : '';
  return { height: end + box.height / 2 + 14, clients: [clients.width / 2, 16 + clients.height / 2], spots, lines, group };
}

export function layout(nodes: Node[], width: number, flavour: string): Layout {
  if (width < 560) return stack(nodes, width);
  const fits = Math.floor(width / (box.width + 16));
  if (flavour === 'singlestore') {
    const leaves = nodes.filter((n) => n.roles.includes('leaf')).length;
    return Math.max(leaves, nodes.length - leaves) <= fits ? tiers(nodes, width) : stack(nodes, width);
  }
  return nodes.length <= Math.min(4, fits) ? row(nodes, width) : ring(nodes, width);
}
