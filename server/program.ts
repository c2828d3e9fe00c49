/** The programs that `scripts/run.mjs` can run, by name; the service unless told. */
const programs: Record<string, () => Promise<unknown>> = {
  main: () => import('./main.ts'),
  rebuild: () => import('./rebuild.ts'),
}

const wanted = process.argv[2] ?? 'main'
const program = programs[wanted]
if (program) program()
else {
  console.error(`没有程序 ${wanted} / There is no program ${wanted}: ${Object.keys(programs).join(', ')}`)
  process.exit(1)
}

export {}
