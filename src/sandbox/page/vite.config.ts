import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

/** Builds the page into `dist/page/`, which the workspace process serves at `/`. Run from the root: `vite build src/sandbox/page`. */
export default defineConfig({
  base: './',
  plugins: [preact({ devToolsEnabled: false })],
  build: { outDir: '../../../dist/page', emptyOutDir: true, target: 'es2023' },
});
