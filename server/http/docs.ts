import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Router } from 'express'

const START = `window.onload = () => SwaggerUIBundle({ url: '/api/v1/openapi.json', dom_id: '#docs', deepLinking: true })`
const PAGE = `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>API</title>
<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="docs/swagger-ui.css"></head>
<body><div id="docs"></div><script src="docs/swagger-ui-bundle.js"></script><script src="docs/start.js"></script></body></html>`

/** The page on which the API description is read. */
export function docsRoutes(): Router {
  const files = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
  const router = Router({ strict: true })
  router.get('/docs', (_req, res) => {
    res.type('html').send(PAGE)
  })
  router.get('/docs/start.js', (_req, res) => {
    res.type('js').send(START)
  })
  for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js'])
    router.get(`/docs/${name}`, (_req, res) => res.sendFile(join(files, name)))
  return router
}
