// Loopback addresses of one's own: servers listen on their usual fixed ports, each on another 127.x.y.z, so no two tests
// meet and no port is drawn by lot. An address is claimed by a listener that this process keeps for as long as it lives.
import { createServer } from 'node:net';

const CLAIM_PORT = 61061; // beyond the ephemeral ports
const claims = [];

const listen = (address, port) =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', reject);
    server.listen({ host: address, port, exclusive: true }, () => {
      server.unref();
      resolve(server);
    });
  });

function nth(n) {
  return `127.${64 + ((n >> 16) & 63)}.${(n >> 8) & 255}.${1 + (n % 254)}`;
}

let next = (process.pid * 17) & 0x3fffff;

export async function ownAddress() {
  for (let tries = 0; tries < 4096; tries++) {
    const address = nth(next++ & 0x3fffff);
    try {
      claims.push(await listen(address, CLAIM_PORT));
      return address;
    } catch (error) {
      if (error.code !== 'EADDRINUSE') throw error;
    }
  }
  throw new Error('no free loopback address');
}
