import { defineRoute } from '../http/route.ts'
import type { ScenarioFigures } from './figures.ts'
import {
  byId,
  changeScenario,
  mailedScenario,
  mailScenario,
  newScenario,
  previewScenario,
  recipients,
  type ScenarioView,
  scenarioPage,
  scenarioResult,
  scenariosQuery,
  scenarioView,
} from './schema.ts'
import type { ScenarioSending } from './sending.ts'
import type { ScenarioService } from './service.ts'

interface Parts {
  scenarios: ScenarioService
  scenarioFigures: ScenarioFigures
  scenarioSending: ScenarioSending
}

const target = ({ id, name }: ScenarioView) => ({ kind: 'scenario' as const, id, label: name })
const said = ({ name, note, inputs, basis }: ScenarioView) => ({ name, note, inputs, basis })

/** What if: every target at the period's end by what is planned; kept, changed, sent. */
export const scenarioRoutes = ({ scenarios, scenarioFigures, scenarioSending }: Parts) => [
  defineRoute({
    method: 'post',
    path: '/scenarios/preview',
    summary: 'Every rule at the period’s end by what is planned; records nothing',
    permission: 'scenario.read',
    audit: false,
    body: previewScenario,
    answer: scenarioResult,
    handle: async ({ body, caller, now }) => (await scenarioFigures.result(body, caller, now)).result,
  }),
  defineRoute({
    method: 'get',
    path: '/scenarios',
    summary: 'The scenarios that are kept, the latest changed first',
    permission: 'scenario.read',
    query: scenariosQuery,
    answer: scenarioPage,
    handle: ({ query, caller }) => scenarios.list(query, caller),
  }),
  defineRoute({
    method: 'post',
    path: '/scenarios',
    summary: 'Keep a scenario under a name, with the figures that it leads to',
    permission: 'scenario.write',
    audit: 'scenario.save',
    body: newScenario,
    status: 201,
    answer: scenarioView,
    handle: async ({ body, caller, now, audit }) => {
      const saved = await scenarios.save(body, caller, now)
      audit({ target: target(saved), before: null, after: said(saved) })
      return saved
    },
  }),
  // before /scenarios/:id, which would take the name for an id
  defineRoute({
    method: 'get',
    path: '/scenarios/recipients',
    summary: 'Who could be sent a scenario',
    permission: 'scenario.write',
    answer: recipients,
    handle: ({ caller }) => scenarioSending.recipients(caller),
  }),
  defineRoute({
    method: 'get',
    path: '/scenarios/:id',
    summary: 'One scenario',
    permission: 'scenario.read',
    params: byId,
    answer: scenarioView,
    handle: ({ params, caller }) => scenarios.get(params.id, caller),
  }),
  defineRoute({
    method: 'patch',
    path: '/scenarios/:id',
    summary: 'Change a scenario, or count it anew from today’s figures',
    permission: 'scenario.write',
    audit: 'scenario.change',
    params: byId,
    body: changeScenario,
    answer: scenarioView,
    handle: async ({ params, body, caller, now, audit }) => {
      const { before, after } = await scenarios.change(params.id, body, caller, now)
      audit({ target: target(after), before: said(before), after: said(after) })
      return after
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/scenarios/:id',
    summary: 'Delete a scenario; it can be restored',
    permission: 'scenario.write',
    audit: 'scenario.delete',
    params: byId,
    handle: async ({ params, caller, now, audit }) => {
      audit({ target: target(await scenarios.remove(params.id, caller, now)) })
    },
  }),
  defineRoute({
    method: 'post',
    path: '/scenarios/:id/restore',
    summary: 'Bring a deleted scenario back',
    permission: 'scenario.write',
    audit: 'scenario.restore',
    params: byId,
    answer: scenarioView,
    handle: async ({ params, caller, audit }) => {
      const restored = await scenarios.restore(params.id, caller)
      audit({ target: target(restored) })
      return restored
    },
  }),
  defineRoute({
    method: 'post',
    path: '/scenarios/:id/mail',
    summary: 'Send a scenario to colleagues by mail',
    permission: 'scenario.write',
    audit: 'scenario.mail',
    params: byId,
    body: mailScenario,
    status: 202,
    answer: mailedScenario,
    handle: async ({ params, body, caller, now, audit }) => {
      const { mailed, scenario } = await scenarioSending.mail(params.id, body, caller, now)
      audit({ target: target(scenario), detail: { to: mailed.queued.map((p) => p.name), note: body.note } })
      return mailed
    },
  }),
]
