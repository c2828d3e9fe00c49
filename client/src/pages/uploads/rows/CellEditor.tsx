import { AutoComplete, Select } from 'antd'
import { type KeyboardEvent, useRef, useState } from 'react'
import { testId } from '../../../components/testId.ts'
import { useText } from '../../../i18n/index.ts'
import { type FieldOption, isDate, isOperator, optionFor, useFieldOptions } from '../fields.ts'

/** Where to go on after a cell is saved. */
export type Move = 'stay' | 'down' | 'left' | 'right'

interface Props {
  field: string
  text: string
  label: string
  /** begin with an empty cell, as somebody began to type on it */
  fresh: boolean
  onCommit: (text: string, move: Move) => void
  onCancel: () => void
}

/** Edits one cell: a choice for coded fields, proposals for operators, plain text for the rest. */
export function CellEditor(props: Props) {
  const options = useFieldOptions()(props.field)
  if (options === null) return <TextEditor {...props} />
  return isOperator(props.field) ? (
    <NameEditor {...props} options={options} />
  ) : (
    <ChoiceEditor {...props} options={options} />
  )
}

/** Commits or cancels once, whatever key or loss of focus comes first. */
function useOnce({ onCommit, onCancel }: Pick<Props, 'onCommit' | 'onCancel'>) {
  const done = useRef(false)
  const once = (action: () => void) => {
    if (done.current) return
    done.current = true
    action()
  }
  return {
    commit: (text: string, move: Move) => once(() => onCommit(text, move)),
    cancel: () => once(onCancel),
  }
}

/** What a key means while editing; keys that an input method is composing with are its own. */
function moveOf(event: KeyboardEvent): Move | 'cancel' | null {
  if (event.nativeEvent.isComposing) return null
  if (event.key === 'Escape') return 'cancel'
  if (event.key === 'Tab') return event.shiftKey ? 'left' : 'right'
  return event.key === 'Enter' ? 'down' : null
}

function TextEditor({ field, text, label, fresh, ...actions }: Props) {
  const { t } = useText()
  const { commit, cancel } = useOnce(actions)
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    event.stopPropagation()
    const move = moveOf(event)
    if (move === null) return
    event.preventDefault()
    if (move === 'cancel') cancel()
    else commit(event.currentTarget.value, move)
  }
  return (
    <input
      className="cell-input"
      // biome-ignore lint/a11y/noAutofocus: editing begins by a key or a click on this very cell
      autoFocus
      defaultValue={fresh ? '' : text}
      maxLength={500}
      aria-label={label}
      placeholder={isDate(field) ? t('grid.dateHint') : undefined}
      title={isDate(field) ? t('grid.dateHint') : undefined}
      onFocus={(event) => event.currentTarget.select()}
      onKeyDown={onKeyDown}
      onBlur={(event) => commit(event.currentTarget.value, 'stay')}
      data-testid="cell-editor"
    />
  )
}

function ChoiceEditor({ text, label, options, ...actions }: Props & { options: FieldOption[] }) {
  const { commit, cancel } = useOnce(actions)
  const current = optionFor(options, text)?.word
  const lit = useRef<string | undefined>(undefined)
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation()
    const move = moveOf(event)
    if (move === 'cancel') cancel()
    if (move !== 'left' && move !== 'right') return
    event.preventDefault()
    commit(lit.current ?? text, move)
  }
  return (
    <Select<string>
      autoFocus
      defaultOpen
      showSearch={{ optionFilterProp: 'label' }}
      size="small"
      className="cell-select"
      popupMatchSelectWidth={false}
      {...(current ? { defaultValue: current } : {})}
      placeholder={text}
      aria-label={label}
      options={options.map((o) => ({ value: o.word, label: o.label }))}
      onActive={(value) => {
        lit.current = typeof value === 'string' ? value : undefined
      }}
      onSelect={(word) => commit(word, 'down')}
      onKeyDown={onKeyDown}
      onBlur={cancel}
      {...testId('cell-editor')}
    />
  )
}

function NameEditor({ text, label, options, fresh, ...actions }: Props & { options: FieldOption[] }) {
  const { commit, cancel } = useOnce(actions)
  const [value, setValue] = useState(fresh ? '' : text)
  const chosen = useRef(false)
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation()
    const move = moveOf(event)
    if (move === null) return
    if (move === 'cancel') return cancel()
    // A lit proposal is taken by the list itself, which tells of it.
    if (move === 'down' && chosen.current) return
    event.preventDefault()
    commit(value, move)
  }
  return (
    <AutoComplete
      autoFocus
      defaultOpen
      size="small"
      className="cell-select"
      popupMatchSelectWidth={false}
      defaultActiveFirstOption={false}
      value={value}
      aria-label={label}
      options={options.map((o) => ({ value: o.word, label: o.label }))}
      showSearch={{ filterOption: (typed, option) => (option?.value ?? '').includes(typed.trim()) }}
      onChange={(next) => {
        setValue(next ?? '')
        chosen.current = false
      }}
      onActive={(active) => {
        chosen.current = active !== undefined && active !== null
      }}
      onSelect={(word) => commit(word, 'down')}
      onKeyDown={onKeyDown}
      onBlur={() => commit(value, 'stay')}
      {...testId('cell-editor')}
    />
  )
}
