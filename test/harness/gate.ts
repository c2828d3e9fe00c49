/** Something that is waited for until a test lets it go on. */
export interface Gate {
  /** over once the gate is open */
  passed: Promise<void>
  open(): void
}

export function gate(): Gate {
  let open = () => {}
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { passed, open }
}
