import { policy } from '../policy.ts'

const ITEM = '南政规〔2024〕8号 第二部分(一)第6项'
const NEW_ENERGY = { energies: ['BEV', 'PHEV', 'FCEV'] }
const oldDieselTruck = { categories: ['truck'], energies: ['diesel'], emissionAtMost: 3 }

const fleet = (id: string, zh: string, en: string, categories: string[]) => ({
  id,
  kind: 'rising-share',
  title: { zh, en },
  source: ITEM,
  fleet: { categories },
  counted: NEW_ENERGY,
})

/** Nanping's plan for transport, 2024 to 2027. */
export const nanping2024 = policy.parse({
  id: 'nanping-2024',
  version: 1,
  title: {
    zh: '南平市交通运输领域设备更新(2024—2027年)',
    en: 'Nanping transport equipment renewal, 2024–2027',
  },
  issuer: '南平市人民政府',
  number: '南政规〔2024〕8号',
  issuedOn: '2024-05-11',
  region: '3507',
  period: { from: '2024-01-01', to: '2027-12-31' },
  rules: [
    {
      id: 'bus-renewal',
      kind: 'share',
      title: { zh: '更新公交车新能源占比', en: 'New-energy share of replaced buses' },
      source: ITEM,
      over: { kinds: ['replaced'], of: 'vehicle', where: { categories: ['bus'] } },
      counted: NEW_ENERGY,
      target: 100,
    },
    {
      id: 'taxi-renewal',
      kind: 'share',
      title: { zh: '更新出租车新能源占比', en: 'New-energy share of replaced taxis' },
      source: ITEM,
      readings: [{ zh: '巡游出租车与网约车合并计算', en: 'Cruising taxis and ride-hailing pooled' }],
      over: { kinds: ['replaced'], of: 'vehicle', where: { categories: ['cruising-taxi', 'ride-hailing'] } },
      counted: NEW_ENERGY,
      target: 70,
    },
    {
      id: 'old-diesel-trucks-retired',
      kind: 'count',
      title: { zh: '淘汰老旧营运柴油货车', en: 'Old diesel trucks retired' },
      source: ITEM,
      readings: [
        { zh: '“老旧”指国三及以下', en: '“Old” means emission standard 3 or lower' },
        {
          zh: '报废、注销和被更新的计入,转出不计',
          en: 'Scrapped, deregistered or replaced count; transferred out does not',
        },
      ],
      sum: [
        { kinds: ['retired'], reasons: ['scrapped', 'deregistered'], of: 'vehicle', where: oldDieselTruck },
        { kinds: ['replaced'], of: 'replaced-vehicles', where: oldDieselTruck },
      ],
      unit: 'vehicles',
      target: 400,
    },
    {
      id: 'freight-vehicles-added',
      kind: 'count',
      title: { zh: '新增营运货车', en: 'Freight vehicles added' },
      source: ITEM,
      readings: [{ zh: '更新的车辆不计入新增', en: 'A replacement does not also count as added' }],
      sum: [{ kinds: ['added'], of: 'vehicle', where: { categories: ['truck'] } }],
      unit: 'vehicles',
      target: 2000,
    },
    {
      id: 'bus-batteries-swapped',
      kind: 'count',
      title: { zh: '更换公交车动力电池', en: 'Bus batteries swapped' },
      source: ITEM,
      readings: [{ zh: '按电池块数计,不按车辆数计', en: 'Counted in packs, not in vehicles' }],
      sum: [
        {
          kinds: ['battery-swap'],
          of: 'vehicle',
          where: { categories: ['bus'], ...NEW_ENERGY },
          weight: 'packs',
        },
      ],
      unit: 'packs',
      target: 2000,
    },
    fleet('bus-fleet', '在营公交车新能源占比', 'New-energy share of buses in service', ['bus']),
    fleet('taxi-fleet', '在营出租车新能源占比', 'New-energy share of taxis in service', [
      'cruising-taxi',
      'ride-hailing',
    ]),
    fleet('freight-fleet', '在营货车新能源占比', 'New-energy share of trucks in service', ['truck']),
    fleet('sanitation-fleet', '在营环卫车新能源占比', 'New-energy share of sanitation vehicles in service', [
      'sanitation',
    ]),
    {
      id: 'vessels-retired',
      kind: 'count',
      title: { zh: '淘汰老旧柴油船舶', en: 'Old diesel vessels retired' },
      source: ITEM,
      sum: [
        {
          kinds: ['retired'],
          reasons: ['scrapped', 'deregistered'],
          of: 'vehicle',
          where: { categories: ['vessel'], energies: ['diesel'] },
        },
        {
          kinds: ['replaced'],
          of: 'replaced-vehicles',
          where: { categories: ['vessel'], energies: ['diesel'] },
        },
      ],
      unit: 'vehicles',
    },
    {
      id: 'green-vessels-added',
      kind: 'count',
      title: { zh: '新增绿色船舶', en: 'Green vessels added' },
      source: ITEM,
      readings: [{ zh: '绿色船舶指新能源和天然气动力船舶', en: 'Green: new-energy or gas-powered' }],
      sum: [
        {
          kinds: ['added', 'replaced'],
          of: 'vehicle',
          where: { categories: ['vessel'], energies: ['BEV', 'PHEV', 'FCEV', 'gas'] },
        },
      ],
      unit: 'vehicles',
    },
  ],
})
