// What is public of Netlify: the server of files and the reader of `_headers` that `netlify dev` has, and the
// program that its hosts match `_redirects` by. `node netlify.mjs FOLDER PORT`.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { HeadersHandler } from '@netlify/headers'
import { StaticHandler } from '@netlify/static'
import redirector from 'netlify-redirector'

const [folder, port] = process.argv.slice(2)
const refuse = (message) => {
  throw new Error(message)
}
const files = new StaticHandler({ directory: folder })
const headers = new HeadersHandler({ projectDir: folder, logger: { error: refuse } })
const redirects = await redirector.parsePlain(readFileSync(`${folder}/_redirects`, 'utf8'), {})

// A file goes before a rule that does not say that it is forced.
async function answer(request) {
  const url = new URL(request.url)
  const file = await files.match(request)
  if (file) return file.handle()
  const place = { scheme: 'http', host: url.hostname, path: url.pathname, query: url.search.slice(1) }
  const rule = redirects.match({ ...place, headers: {}, cookieValues: {}, getHeader: () => '', getCookie: () => '' })
  if (!rule) return new Response(null, { status: 404 })
  if (rule.status !== 200) return new Response(null, { status: rule.status, headers: { location: rule.to } })
  const other = await files.match(new Request(new URL(rule.to, url)))
  return other ? other.handle() : new Response(null, { status: 404 })
}

createServer(async (asked, answers) => {
  const request = new Request(`http://localhost:${port}${asked.url}`)
  const response = await answer(request)
  await headers.apply(request, response)
  answers.writeHead(response.status, Object.fromEntries(response.headers))
  answers.end(Buffer.from(await response.arrayBuffer()))
}).listen(Number(port), '127.0.0.1')
