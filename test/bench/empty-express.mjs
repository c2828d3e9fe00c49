// The smallest answer that Express can give: what any service pays before it does anything.
import express from 'express'

const app = express()
app.disable('x-powered-by')
app.get('/', (_req, res) => {
  res.json({})
})
const server = app.listen(0, '127.0.0.1', () => {
  console.log(`Ready http://127.0.0.1:${server.address().port}`)
})
