import { InfoCircleOutlined } from '@ant-design/icons'
import type { NoteName } from '../../../../../server/imports/reading/notes.ts'
import type { ImportNote, ImportView } from '../../../../../server/imports/schema.ts'
import { type Text, useText } from '../../../i18n/index.ts'

const NAMED = 5

/** What the sender should know of the file: what was left out, what was read all the same. */
export function Notes({ view }: { view: ImportView }) {
  const text = useText()
  if (view.notes.length === 0) return null
  const several = view.sheets.filter((s) => s.chosen).length > 1
  return (
    <ul className="notes" aria-label={text.t('fileNote.title')} data-testid="import-notes">
      {view.notes.map((note) => (
        <li key={`${note.code} ${note.sheet}`}>
          <InfoCircleOutlined aria-hidden /> {sentence(note, several, text)}
        </li>
      ))}
    </ul>
  )
}

function sentence(note: ImportNote, several: boolean, { t, label, language }: Text): string {
  const named = note.rows.slice(0, NAMED).join(language === 'en' ? ', ' : '、')
  const whole = note.rows.length === note.count && note.rows.length <= NAMED
  const rows = named === '' ? '' : t(whole ? 'fileNote.rows' : 'fileNote.rowsMore', { rows: named })
  const about = Object.hasOwn(WHOLE_SHEET, note.code) || several
  const sheet = about && note.sheet ? t('fileNote.sheet', { sheet: note.sheet }) : ''
  const name = note.code.replace(/^note\./, '')
  // A newer service may know more kinds; their code is better than nothing.
  const known = label('note', name) !== name
  return sheet + (known ? t(`note.${name as NoteName}`, { ...note.params, count: note.count }) : name) + rows
}

/** Notes that are about a sheet as a whole, so that its name belongs to them. */
const WHOLE_SHEET: Readonly<Record<string, true>> = {
  'note.no-header-sheet': true,
  'note.hidden-sheet': true,
}
