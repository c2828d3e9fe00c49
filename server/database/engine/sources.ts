/**
 * Reading where this machine's apt gets its packages from, out of `sources.list` (one line an entry) and
 * `*.sources` (deb822) files, so that one package of a newer release can be asked of the same mirror.
 */

/** One place packages come from. `signedBy` and `trusted` are taken over as they stand. */
export interface AptSource {
  uri: string
  suite: string
  components: string[]
  signedBy?: string
  trusted?: string
}

/**
 * Reads a one-line-style file.
 * @returns the enabled `deb` entries; what is not understood is left out
 */
export function parseSourcesList(text: string): AptSource[] {
  const found: AptSource[] = []
  for (const raw of text.split('\n')) {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s*([^#]*)/.exec(raw)
    if (!match) continue
    const [, options = '', uri = '', suite = '', components = ''] = match
    const option = (name: string) => new RegExp(`(?:^|\\s)${name}=(\\S+)`, 'i').exec(options)?.[1]
    found.push({
      uri,
      suite,
      components: components.split(/\s+/).filter(Boolean),
      ...optional('signedBy', option('signed-by')),
      ...optional('trusted', option('trusted')),
    })
  }
  return found
}

/**
 * Reads a deb822-style file.
 * @returns an entry for every URI and suite of the enabled `deb` paragraphs
 */
export function parseDeb822(text: string): AptSource[] {
  const found: AptSource[] = []
  const lines = text.split(/\r?\n/).filter((line) => !line.startsWith('#'))
  for (const paragraph of lines.join('\n').split(/\n[ \t]*\n/)) {
    const fields = readFields(paragraph)
    const words = (name: string) => (fields.get(name) ?? '').split(/\s+/).filter(Boolean)
    if (!words('types').includes('deb') || /^(no|false|0|off)$/i.test(fields.get('enabled') ?? '')) continue
    for (const uri of words('uris')) {
      for (const suite of words('suites')) {
        found.push({
          uri,
          suite,
          components: words('components'),
          ...optional('signedBy', fields.get('signed-by')),
          ...optional('trusted', fields.get('trusted')),
        })
      }
    }
  }
  return found
}

/** The fields of one paragraph, names in lower case, continued lines kept as they are. */
function readFields(paragraph: string): Map<string, string> {
  const fields = new Map<string, string>()
  let last = ''
  for (const line of paragraph.split('\n')) {
    const field = /^([A-Za-z][\w-]*):[ \t]*(.*)$/.exec(line)
    if (field) {
      last = (field[1] ?? '').toLowerCase()
      fields.set(last, (field[2] ?? '').trimEnd())
    } else if (last && /^[ \t]/.test(line)) {
      fields.set(last, `${fields.get(last) ?? ''}\n${line.trimEnd()}`)
    }
  }
  return fields
}

/**
 * The entries that are the distribution's own archive, likeliest first: a `main` component under the
 * release's own name (or `stable` and the like), of a mirror that can be fetched from.
 * @param codename the machine's release, e.g. `bookworm`
 */
export function distributionSources(sources: AptSource[], codename: string): AptSource[] {
  const aliases = new Set([codename, 'stable', 'oldstable', 'oldoldstable', 'testing'])
  const own = sources.filter(
    (source) =>
      aliases.has(source.suite) && source.components.includes('main') && !source.uri.startsWith('cdrom:'),
  )
  // Other vendors publish under the same release names; a path that ends as the archives' do comes first.
  const rank = (source: AptSource) => (/\/(debian|ubuntu|ubuntu-ports)\/?$/.test(source.uri) ? 0 : 1)
  return [...own].sort((a, b) => rank(a) - rank(b))
}

/** Writes one source as a deb822 paragraph for another release. */
export function formatDeb822(source: AptSource, suite: string): string {
  const lines = ['Types: deb', `URIs: ${source.uri}`, `Suites: ${suite}`, 'Components: main']
  if (source.signedBy) lines.push(`Signed-By: ${source.signedBy.replaceAll(',', ' ')}`)
  if (source.trusted) lines.push(`Trusted: ${source.trusted}`)
  return `${lines.join('\n')}\n`
}

function optional<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return (value ? { [key]: value } : {}) as { [P in K]?: string }
}
