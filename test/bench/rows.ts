import { faultyFile } from './lists.ts'
import { inTurn, report } from './measure.ts'
import { reach, type World } from './world.ts'

/** rows of the list beside which the long one is measured */
const SHORT = 1000
const TIMES = 25
const LIMIT = 2

async function checkedList({ client }: World, rows: number): Promise<string> {
  const list = await faultyFile(rows)
  try {
    const { body } = await client.send<{ id: string }>('POST', '/imports', await list.form())
    const { counts } = await reach(client, body.id, 'checked')
    if (counts.total !== rows || counts.error < rows / 20)
      throw new Error(`the list gave ${JSON.stringify(counts)}`)
    return body.id
  } finally {
    list.remove()
  }
}

/** The first page of the rows with errors of a long list, beside the same page of a short list. */
export async function benchRows(world: World, rows: number): Promise<void> {
  const short = await checkedList(world, SHORT)
  const long = await checkedList(world, rows)
  const page = (id: string) => async () => {
    const { status, body } = await world.client.get<{ items: unknown[] }>(
      `/imports/${id}/rows?outcome=error&limit=50`,
    )
    if (status !== 200 || body.items.length !== 50) throw new Error(`the page answered ${status}`)
  }
  await inTurn(3, page(long), page(short))
  const { a, b } = await inTurn(TIMES, page(long), page(short))
  const detail = `${a.toFixed(1)} ms beside ${b.toFixed(1)} ms of a list of ${SHORT.toLocaleString('en')}, ${TIMES} times in turn`
  report(`错误行首页 first page of rows with errors of ${rows.toLocaleString('en')}`, a / b, LIMIT, detail)
}
