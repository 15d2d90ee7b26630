// What lies in files that somebody drops: certificates and keys in PEM, by their armour alone. opsd reads the rest.
export interface PemFile {
  name: string;
  certificates: string[];
  keys: string[];
  encrypted: boolean;
  trouble: string | null;
}

const block = /-----BEGIN ([A-Z0-9 ]+)-----[^-]+-----END \1-----/g;
const largest = 1 << 20;

function why(name: string, bytes: Uint8Array, text: string): string {
  if (/-----BEGIN CERTIFICATE REQUEST-----/.test(text)) return `${name} holds a certificate request, not a certificate.`;
  if (/-----BEGIN PUBLIC KEY-----/.test(text)) return `${name} holds a public key alone.`;
  if (/-----BEGIN OPENSSH PRIVATE KEY-----/.test(text)) return `${name} is an SSH key; TLS needs one in PEM: PKCS#8, SEC1 or PKCS#1.`;
  if (bytes[0] === 0x30) return `${name} is binary (DER or PKCS#12). Turn it into PEM first: openssl x509 -inform DER, or openssl pkcs12.`;
  return `${name} holds no PEM block.`;
}

export async function readPemFile(file: File): Promise<PemFile> {
  const found: PemFile = { name: file.name, certificates: [], keys: [], encrypted: false, trouble: null };
  if (file.size > largest) return { ...found, trouble: `${file.name} is larger than 1 MB.` };
  const bytes = new Uint8Array(await file.arrayBuffer());
  return { ...found, ...readPem(new TextDecoder().decode(bytes), file.name, bytes) };
}

export function readPem(text: string, name: string, bytes = new TextEncoder().encode(text)): Omit<PemFile, 'name'> {
  const certificates: string[] = [];
  const keys: string[] = [];
  for (const [whole, label] of text.replace(/\r\n?/g, '\n').matchAll(block)) {
    if (label === 'CERTIFICATE' || label === 'X509 CERTIFICATE' || label === 'TRUSTED CERTIFICATE') certificates.push(`${whole}\n`);
    else if (label!.endsWith('PRIVATE KEY') && label !== 'OPENSSH PRIVATE KEY') keys.push(`${whole}\n`);
  }
  const encrypted = keys.some((k) => k.includes('ENCRYPTED'));
  const trouble = certificates.length + keys.length ? null : why(name, bytes, text);
  return { certificates, keys, encrypted, trouble };
}

export const isEncrypted = (key: string): boolean => key.includes('ENCRYPTED');
