import { z } from 'zod'
import { LANGUAGES } from '../accounts/schema.ts'

export const openDataQuery = z.object({ language: z.enum(LANGUAGES).optional() })

/** A column, as Frictionless' Table Schema tells it. */
export const openField = z.object({
  name: z.string(),
  type: z.string(),
  description: z.string(),
  /** codes with their words, where the values are of a closed set */
  categories: z.array(z.object({ value: z.string(), label: z.string() })).optional(),
  constraints: z.object({ required: z.boolean() }).optional(),
})
export type OpenField = z.infer<typeof openField>

/** What the open data are: a Data Package (https://datapackage.org), so that programs can read it, too. */
export const openData = z.object({
  $schema: z.string(),
  name: z.string(),
  title: z.string(),
  description: z.string(),
  version: z.string(),
  /** the instant as known at which the files would be made now */
  created: z.iso.datetime(),
  resources: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      description: z.string(),
      path: z.string(),
      type: z.literal('table'),
      format: z.literal('csv'),
      mediatype: z.literal('text/csv'),
      encoding: z.literal('utf-8'),
      schema: z.object({ fields: z.array(openField), missingValues: z.array(z.string()) }),
    }),
  ),
})
export type OpenData = z.infer<typeof openData>
export type OpenResource = OpenData['resources'][number]
