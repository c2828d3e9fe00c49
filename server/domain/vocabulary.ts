/**
 * The field's standard terms: the closed sets that every other part of the product speaks in.
 * The values are what the API, the database and the English interface use.
 */

/** Vehicle categories: 城市公交, 巡游出租车, 网约车, 营运货车, 环卫车, 内河船舶. */
export const CATEGORIES = ['bus', 'cruising-taxi', 'ride-hailing', 'truck', 'sanitation', 'vessel'] as const
export type Category = (typeof CATEGORIES)[number]

/** Energy kinds. `BEV`, `PHEV` (range extenders included) and `FCEV` are new-energy, the others are not. */
export const ENERGIES = ['BEV', 'PHEV', 'FCEV', 'HEV', 'diesel', 'gasoline', 'gas', 'other'] as const
export type Energy = (typeof ENERGIES)[number]

/** Emission standards 国零–国六; a battery-electric or fuel-cell vehicle has none. */
export const EMISSIONS = ['0', '1', '2', '3', '4', '5', '6'] as const
export type Emission = (typeof EMISSIONS)[number]

/** Kinds of change, the ledger's entries. */
export const KINDS = ['stock', 'added', 'replaced', 'retired', 'battery-swap', 'transferred'] as const
export type Kind = (typeof KINDS)[number]

/** Why a vehicle left: 报废, 注销, 转出. */
export const REASONS = ['scrapped', 'deregistered', 'transferred-out'] as const
export type Reason = (typeof REASONS)[number]

/** What a traction battery's cells are made of: 磷酸铁锂, 三元, 锰酸锂, 钛酸锂, 其他. */
export const CHEMISTRIES = ['LFP', 'NCM', 'LMO', 'LTO', 'other'] as const
export type Chemistry = (typeof CHEMISTRIES)[number]

/** Whether a vehicle is in service today. */
export const STATUSES = ['active', 'retired'] as const
export type Status = (typeof STATUSES)[number]

/** True for the three energies that the plan calls new-energy (BEV, PHEV, FCEV). */
export const isNewEnergy = (energy: Energy): boolean =>
  energy === 'BEV' || energy === 'PHEV' || energy === 'FCEV'

/** Whether a vehicle of an energy can have an emission standard: a battery-electric or fuel-cell one has no exhaust. */
export const hasExhaust = (energy: Energy): boolean => energy !== 'BEV' && energy !== 'FCEV'

/** True for a kind that brings a vehicle into service. */
export const isEntry = (kind: Kind): boolean => kind === 'stock' || kind === 'added' || kind === 'replaced'
