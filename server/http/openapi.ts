import { z } from 'zod'
import type { Route } from './route.ts'
import { problemBody } from './schema.ts'

type Json = Record<string, unknown>

const schemaOf = (shape: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _, ...schema } = z.toJSONSchema(shape, { io, unrepresentable: 'any' }) as Json
  return schema
}

/** Each property of an object schema as a parameter of the request. */
function parameters(shape: z.ZodType | undefined, where: 'path' | 'query'): Json[] {
  if (!shape) return []
  const schema = schemaOf(shape, 'input')
  const required = new Set((schema.required as string[] | undefined) ?? [])
  return Object.entries((schema.properties as Record<string, Json> | undefined) ?? {}).map(
    ([name, property]) => ({
      name,
      in: where,
      required: where === 'path' || required.has(name),
      schema: property,
    }),
  )
}

function pathParameters(route: Route): Json[] {
  const declared = parameters(route.params, 'path')
  const names = [...route.path.matchAll(/:(\w+)/g)].map((m) => m[1])
  return names.map(
    (name) =>
      declared.find((p) => p.name === name) ?? {
        name,
        in: 'path',
        required: true,
        schema: { type: 'string' },
      },
  )
}

const content = (schema: Json, type = 'application/json') => ({ content: { [type]: { schema } } })

function success({ answer, produces, status }: Route): Json {
  const description = 'Success'
  if (answer) return { [status]: { description, ...content(schemaOf(answer, 'output')) } }
  if (produces)
    return { [status]: { description, ...content({ type: 'string', format: 'binary' }, produces) } }
  return { [status === 200 ? 204 : status]: { description } }
}

/** A form with a file and perhaps other fields. */
function formOf(fields: true | z.ZodObject): Json {
  const { required = [], properties = {} } = fields === true ? {} : schemaOf(fields, 'input')
  return {
    type: 'object',
    required: ['file', ...(required as string[])],
    properties: { file: { type: 'string', format: 'binary' }, ...(properties as Json) },
  }
}

function operation(route: Route): Json {
  const problem = {
    description: 'A problem',
    ...content({ $ref: '#/components/schemas/Problem' }, 'application/problem+json'),
  }
  return {
    summary: route.summary,
    tags: [route.path.split('/')[1] ?? ''],
    parameters: [...pathParameters(route), ...parameters(route.query, 'query')],
    ...(route.multipart
      ? { requestBody: { required: true, ...content(formOf(route.multipart), 'multipart/form-data') } }
      : {}),
    ...(route.body ? { requestBody: { required: true, ...content(schemaOf(route.body, 'input')) } } : {}),
    responses: {
      ...success(route),
      default: problem,
    },
    ...(route.permission === 'public'
      ? { security: [] }
      : route.sessionOnly
        ? { security: [{ session: [] }] }
        : {}),
    'x-permission': route.permission,
  }
}

/** The API description, OpenAPI 3.1, made from the routes that the server runs. */
export function openApi(routes: readonly Route[], version: string): Json {
  const paths: Record<string, Json> = {}
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method]: operation(route) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Fleet ledger',
      version,
      description: 'The place of record for a city’s fleet-electrification plan.',
    },
    servers: [{ url: '/api/v1' }],
    security: [{ session: [] }, { token: [] }],
    paths,
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'fleet.sid' },
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'A token made under /me/tokens; it begins with flt_',
        },
      },
      schemas: { Problem: schemaOf(problemBody, 'output') },
    },
  }
}
