import { existsSync } from 'node:fs'
import { join } from 'node:path'
import express, { Router } from 'express'

/** The browser application's files; any other address that a browser opens is the application's own page. */
export function clientRoutes(folder: string): Router {
  const router = Router()
  router.use(
    '/assets',
    express.static(join(folder, 'assets'), { immutable: true, maxAge: '1y', index: false }),
  )
  router.use(express.static(folder, { index: false }))
  router.get('/{*page}', (req, res, next) => {
    if (req.path.startsWith('/api/') || !req.accepts('html')) return next()
    const page = join(folder, 'index.html')
    if (!existsSync(page)) return next()
    res.set('Cache-Control', 'no-cache').sendFile(page)
  })
  return router
}
