/** The civil month of a day, `YYYY-MM`. Takes `YYYY-MM-DD`. */
export const monthOf = (day: string): string => day.slice(0, 7)

/** The month so many months after another (before it when negative). Takes and gives `YYYY-MM`. */
export function monthAfter(month: string, months: number): string {
  const [year = 0, of = 1] = month.split('-').map(Number)
  const at = year * 12 + (of - 1) + months
  return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`
}
