import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** The browser application: built into dist/client, which the service hands out. */
export default defineConfig({
  root: 'client',
  plugins: [react()],
  server: {
    port: 5173,
    proxy: { '/api': { target: process.env.API_URL ?? 'http://127.0.0.1:3000' } },
  },
  build: {
    outDir: '../dist/client',
    emptyOutDir: true,
    // The strict content security policy allows fonts and pictures as data addresses, but not scripts.
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      output: {
        // What changes with a release of ours is kept apart from what changes with a release of theirs.
        codeSplitting: {
          groups: [
            { name: 'chart', test: /node_modules[\\/](chart\.js|react-chartjs-2|@kurkle)[\\/]/, priority: 3 },
            {
              name: 'react',
              test: /node_modules[\\/](react|react-dom|react-router|react-router-dom|scheduler)[\\/]/,
              priority: 3,
            },
            { name: 'base', test: /node_modules[\\/](@tanstack|i18next|react-i18next)[\\/]/, priority: 2 },
          ],
        },
      },
    },
  },
})
