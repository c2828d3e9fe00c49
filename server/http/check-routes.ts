import { PERMISSIONS } from '../accounts/permissions.ts'
import type { Route } from './route.ts'

const OPEN: readonly unknown[] = ['public', 'signed-in', ...PERMISSIONS]

type Head = Pick<Route, 'method' | 'path' | 'permission'>

/**
 * Refuses routes that would be open or dead: one without a permission that there is, and one that another takes the
 * requests of, being declared before it.
 * @throws Error naming every such route
 */
export function checkRoutes(routes: readonly Head[]): void {
  const faults: string[] = []
  for (const [index, route] of routes.entries()) {
    const name = `${route.method.toUpperCase()} ${route.path}`
    if (!OPEN.includes(route.permission)) faults.push(`${name} declares no permission`)
    const before = routes.slice(0, index).find((other) => takesAll(other, route))
    if (before) faults.push(`${name} is never reached: ${before.path} comes before it`)
  }
  if (faults.length > 0) throw new Error(`Routes are wrong:\n${faults.map((f) => `- ${f}`).join('\n')}`)
}

/** Whether a route takes every request that another is declared for. */
function takesAll(first: Head, other: Head): boolean {
  if (first.method !== other.method) return false
  const [own, theirs] = [first.path.split('/'), other.path.split('/')]
  return own.length === theirs.length && own.every((step, i) => step === theirs[i] || /^:\w+$/.test(step))
}

/** The methods that routes have for a path, in capitals; none when there is no such path. */
export function methodsFor(routes: readonly Head[], path: string): string[] {
  const steps = path.replace(/\/$/, '').split('/')
  const fits = (route: Head) => {
    const own = route.path.split('/')
    return own.length === steps.length && own.every((step, i) => step.includes(':') || step === steps[i])
  }
  const methods = new Set(routes.filter(fits).map(({ method }) => method.toUpperCase()))
  if (methods.has('GET')) methods.add('HEAD')
  return [...methods].sort()
}
