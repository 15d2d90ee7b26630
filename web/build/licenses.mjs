// What others made and the bundle holds, with the terms under which it does.
import fs from 'node:fs';
import path from 'node:path';

const held = [
  ['preact', 'LICENSE'],
  ['@preact/signals', 'LICENSE'],
  ['@preact/signals-core', 'LICENSE'],
  ['@fortawesome/free-solid-svg-icons', 'LICENSE.txt'],
];

const mit = `MIT License

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`;

const heading = (text) => `${'='.repeat(78)}\n${text}\n${'='.repeat(78)}\n\n`;

export function licenses(folder) {
  const version = (name) => JSON.parse(fs.readFileSync(path.join(folder, 'node_modules', name, 'package.json'), 'utf8')).version;
  const texts = held.map(([name, file]) =>
    heading(`${name} ${version(name)}`) + fs.readFileSync(path.join(folder, 'node_modules', name, file), 'utf8'));
  texts.push(`${heading(`@patternfly/patternfly ${version('@patternfly/patternfly')}`)}Copyright (c) Red Hat, Inc.\n\n${mit}`);
  texts.push(`${heading('Red Hat fonts')}Copyright 2021 The Red Hat Project Authors (https://github.com/RedHatOfficial/RedHatFont)
Licensed under the SIL Open Font License, Version 1.1, whose text is above, in the license of the icons.\n`);
  return texts.join('\n');
}
