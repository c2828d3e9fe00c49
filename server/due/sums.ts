import { CATEGORIES, type Category } from '../domain/vocabulary.ts'

interface Amounts {
  total: number
  overdue: number
  undetermined: number
}

/** Amounts with the total by category. */
export interface DueSum extends Amounts {
  categories: { category: Category; total: number; overdue: number }[]
}

class Sum implements Amounts {
  total = 0
  overdue = 0
  undetermined = 0
  private readonly byCategory = new Map<Category, { total: number; overdue: number }>()

  add(category: Category, { total, overdue, undetermined }: Amounts): void {
    this.total += total
    this.overdue += overdue
    this.undetermined += undetermined
    const own = this.byCategory.get(category) ?? { total: 0, overdue: 0 }
    own.total += total
    own.overdue += overdue
    this.byCategory.set(category, own)
  }

  shown(): DueSum {
    const { total, overdue, undetermined } = this
    const categories = CATEGORIES.flatMap((category) => {
      const own = this.byCategory.get(category)
      return own && own.total > 0 ? [{ category, ...own }] : []
    })
    return { total, overdue, undetermined, categories }
  }
}

/** Vehicles that must go, added up under keys and in all. */
export class DueSums {
  private readonly all = new Sum()
  private readonly keys = new Map<string, Sum>()

  /** @param key null for what belongs to the whole only */
  add(key: string | null, category: Category, amounts: Amounts): void {
    this.all.add(category, amounts)
    if (key === null) return
    const sum = this.keys.get(key) ?? new Sum()
    sum.add(category, amounts)
    this.keys.set(key, sum)
  }

  whole(): DueSum {
    return this.all.shown()
  }

  parts(): ({ key: string } & DueSum)[] {
    return [...this.keys].map(([key, sum]) => ({ key, ...sum.shown() }))
  }
}
