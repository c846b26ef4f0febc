import { globSync } from 'node:fs';
import { defineConfig } from 'tsdown';

// One file in, one file out: paths relative to a module (assets, package.json) stay right, and rooms load when used.
export default defineConfig({
  entry: globSync('src/**/*.ts').filter((file) => !/\.test\.ts$|__fixtures__|\/testing\//.test(file)),
  format: 'esm',
  platform: 'node',
  target: 'node24',
  unbundle: true,
  dts: true,
  outDir: 'dist',
  fixedExtension: false,
});
