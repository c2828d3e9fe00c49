/** A hook for browser tests on a part whose type knows no data attributes. */
export const testId = (id: string): Record<never, never> => ({ 'data-testid': id })
