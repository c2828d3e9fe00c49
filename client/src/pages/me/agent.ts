import { UAParser } from 'ua-parser-js'

/**
 * A browser and its system in short, as in "Edge 137 · Windows 10".
 * @param agent a User-Agent header
 * @returns '' when it says nothing; of a program that is no browser the first word, as in "curl/8.5.0"
 */
export function deviceOf(agent: string): string {
  const { browser, os, device } = new UAParser(agent).getResult()
  const named = [
    [browser.name, browser.version?.split('.')[0]],
    [os.name, os.version],
    [device.vendor, device.model],
  ]
    .map((parts) => parts.filter(Boolean).join(' '))
    .filter((part) => part !== '')
  return named.length > 0 ? named.join(' · ') : (agent.trim().split(/\s+/)[0] ?? '').slice(0, 60)
}
