import { z } from 'zod'
import { defineRoute } from '../http/route.ts'
import type { PolicyPublishing } from './publishing.ts'
import {
  draftOfPolicy,
  newVersion,
  policyDocument,
  policyPreview,
  policyVersion,
  policyVersions,
  policyView,
} from './schema.ts'

/** The rules and targets, and their versions. */
export const policyRoutes = (publishing: PolicyPublishing) => [
  defineRoute({
    method: 'get',
    path: '/policy',
    summary: 'The policy of now: its document, the rules as figures are made by them, and all versions',
    permission: 'read',
    answer: policyView,
    handle: () => publishing.view(),
  }),
  defineRoute({
    method: 'get',
    path: '/policy/versions',
    summary: 'The policy’s versions, the newest first, each with what it changed',
    permission: 'read',
    answer: policyVersions,
    handle: async () => ({ items: await publishing.versions() }),
  }),
  defineRoute({
    method: 'get',
    path: '/policy/versions/:version',
    summary: 'One version’s document',
    permission: 'read',
    params: z.object({ version: z.coerce.number().int().min(1).max(100_000) }),
    answer: policyDocument,
    handle: ({ params }) => publishing.document(params.version),
  }),
  defineRoute({
    method: 'post',
    path: '/policy/preview',
    summary: 'How every rule stands today, and how it would by a draft; records nothing',
    permission: 'policy.manage',
    audit: false,
    body: draftOfPolicy,
    answer: policyPreview,
    handle: ({ body, now }) => publishing.preview(body.policy, now),
  }),
  defineRoute({
    method: 'post',
    path: '/policy/versions',
    summary:
      'Publish a draft: it is the policy from now on; its `version` is that of the one it was made from',
    permission: 'policy.manage',
    audit: 'policy.publish',
    body: newVersion,
    status: 201,
    answer: policyVersion,
    handle: async ({ body, caller, now, audit }) => {
      const made = await publishing.publish(body.policy, body.note, caller, now)
      const { id, title } = body.policy
      audit({
        target: { kind: 'policy', id: `${id}@${made.version}`, label: title.zh },
        before: { version: made.version - 1 },
        after: { version: made.version },
        detail: { note: made.note, changed: made.changed },
      })
      return made
    },
  }),
]
