import type { TextKey } from '../../i18n/index.ts'

/** How hard a password is to guess. */
export interface Strength {
  /** 0 far too easy … 4 strong */
  level: 0 | 1 | 2 | 3 | 4
  /** what makes it easy; null when nothing stands out */
  warning: TextKey | null
}

const WARNINGS = [
  ...['straightRow', 'keyPattern', 'simpleRepeat', 'extendedRepeat', 'sequences', 'recentYears', 'dates'],
  ...['topTen', 'topHundred', 'common', 'similarToCommon', 'wordByItself', 'namesByThemselves'],
  ...['commonNames', 'userInputs'],
]

type Judge = (password: string, own: readonly string[]) => Strength

let judge: Promise<Judge> | undefined

/** The judge of passwords, fetched when one is first chosen: its list of common passwords is large. */
export function passwordJudge(): Promise<Judge> {
  judge ??= load().catch((error) => {
    // A broken line now is no reason not to try again later.
    judge = undefined
    throw error
  })
  return judge
}

async function load(): Promise<Judge> {
  const [{ ZxcvbnFactory }, common] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ])
  const zxcvbn = new ZxcvbnFactory({ dictionary: common.dictionary, graphs: common.adjacencyGraphs })
  return (password, own) => {
    const { score, feedback } = zxcvbn.check(password, [...own, 'fleet', 'ledger', '车辆更新台账'])
    // Without translations of its own the library gives the name of the warning.
    const known = feedback.warning !== null && WARNINGS.includes(feedback.warning)
    return { level: score, warning: known ? (`strength.${feedback.warning}` as TextKey) : null }
  }
}

/** The pieces of a person's name and address, which their password should not hold. */
export const ownWords = (person: { email: string; name: string }): string[] => [
  person.name,
  ...person.email.split(/[@._-]/).filter((word) => word.length > 2),
]
