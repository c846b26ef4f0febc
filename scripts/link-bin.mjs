// npm links the commands of dependencies, not those of the package itself: without this, `npx fettle` in a clone of the
// repository finds nothing. Run by npm after each install.
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../node_modules/.bin/', import.meta.url));
if (existsSync(fileURLToPath(new URL('../node_modules/', import.meta.url)))) {
  mkdirSync(bin, { recursive: true });
  if (process.platform === 'win32') {
    writeFileSync(`${bin}fettle.cmd`, '@node "%~dp0\\..\\..\\bin\\fettle.mjs" %*\r\n');
  } else {
    rmSync(`${bin}fettle`, { force: true });
    symlinkSync('../../bin/fettle.mjs', `${bin}fettle`);
  }
}
