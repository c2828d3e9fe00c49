/** True if two values made of plain objects, arrays and simple values are equal, whatever the order of their keys. */
export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const [x, y] = [a, b] as [Record<string, unknown>, Record<string, unknown>]
  const said = (o: Record<string, unknown>) => Object.keys(o).filter((key) => o[key] !== undefined)
  const keys = said(x)
  return keys.length === said(y).length && keys.every((key) => isSame(x[key], y[key]))
}
