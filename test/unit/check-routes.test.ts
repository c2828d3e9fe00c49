import { describe, expect, it } from 'vitest'
import { checkRoutes, methodsFor } from '../../server/http/check-routes.ts'

const route = (method: 'get' | 'post' | 'patch' | 'delete', path: string, permission: unknown = 'read') =>
  ({ method, path, permission }) as Parameters<typeof checkRoutes>[0][number]

describe('routes', () => {
  it('with a permission each, that reach their own handlers, are taken', () => {
    const routes = [
      route('get', '/a'),
      route('post', '/a', 'change.write'),
      route('get', '/a/new', 'signed-in'),
      route('get', '/a/:id', 'public'),
      route('get', '/a/:id/b'),
    ]
    expect(() => checkRoutes(routes)).not.toThrow()
  })

  it.each([undefined, '', 'everything', null, 'Read'])('with the permission %s are refused', (permission) => {
    expect(() =>
      checkRoutes([route('get', '/a'), { ...route('get', '/b'), permission: permission as never }]),
    ).toThrow(/GET \/b declares no permission/)
  })

  it.each([
    [route('get', '/a/:id'), route('get', '/a/new')],
    [route('get', '/a/:id'), route('get', '/a/:other')],
    [route('post', '/a'), route('post', '/a')],
  ])('that another takes the requests of are refused: %o', (first, second) => {
    expect(() => checkRoutes([first, second])).toThrow(/is never reached/)
  })

  it('say which methods a path has', () => {
    const routes = [route('get', '/a/:id'), route('patch', '/a/:id'), route('post', '/a')]
    expect(methodsFor(routes, '/a/5')).toEqual(['GET', 'HEAD', 'PATCH'])
    expect(methodsFor(routes, '/a')).toEqual(['POST'])
    expect(methodsFor(routes, '/a/')).toEqual(['POST'])
    expect(methodsFor(routes, '/b')).toEqual([])
  })
})
