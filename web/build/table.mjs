// Prints the C file that holds the bundle: the assembler takes the bytes in from the files, so that the
// compiler never sees them. @DIST@ stands for the folder, since paths count from where the compiler runs.
const symbol = (row, what) => `opsd_asset_${row.etag}_${what}`;

const bytes = (name, file) => `  INCLUDE("${name}", "${file}")`;

function row(r) {
  const gzip = r.gzip ? `${symbol(r, 'gzip')}, ${r.gzipSize}` : 'NULL, 0';
  return `  { "/${r.file}", "${r.type}", "\\"${r.etag}\\"", ${symbol(r, 'plain')}, ${r.size}, ${gzip}, ${r.immutable} },`;
}

export function table(rows) {
  const parts = rows.flatMap((r) => [[symbol(r, 'plain'), r.file], ...(r.gzip ? [[symbol(r, 'gzip'), `${r.file}.gz`]] : [])]);
  return `/* Printed by web/build.mjs. */
#include "http/asset.h"

#define INCLUDE(name, file) \\
  ".globl " name "\\n.hidden " name "\\n.balign 16\\n" name ":\\n.incbin \\"@DIST@/" file "\\"\\n"

__asm__(".section .rodata,\\"a\\"\\n"
${parts.map(([name, file]) => bytes(name, file)).join('\n')}
  ".previous\\n");

${parts.map(([name]) => `extern const unsigned char ${name}[];`).join('\n')}

const struct http_asset http_assets[] = {
${rows.map(row).join('\n')}
};
const size_t http_asset_count = sizeof http_assets / sizeof http_assets[0];
`;
}
