/** `npm run demo`: the service on a data folder of its own, with a made-up city to look around in. */
process.env.DATA_DIR ??= 'data-demo'
process.env.ADMIN_EMAIL ??= 'demo@example.com'
process.env.ADMIN_PASSWORD ??= 'demonstration'
process.env.LOAD_SAMPLE = 'true'
await import('./main.ts')

export {}
