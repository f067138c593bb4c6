// Starts a local Looker of the test's own, and plays the browser that a person signs in with.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { webcrypto } from 'node:crypto'

// Node.js 18 has it, but not where browsers have it and libraries look for it.
globalThis.crypto ??= webcrypto

export const redirectUri = 'http://localhost:8080/authenticated'

/** Runs the program named by LOCAL_LOOKER on free ports; `stop()` ends it and waits for that. */
export async function startLooker() {
  const program = process.env.LOCAL_LOOKER
  if (!program) throw new Error('Set LOCAL_LOOKER to the local-looker program, for example ../../target/debug/local-looker.')
  const child = spawn(program, ['--json', '--looker', '127.0.0.1:0', '--api', '127.0.0.1:0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    ended.then(([code]) => {
      throw new Error(`${program} ended with ${code} before it said where it listens`)
    }),
  ])
  const { looker_url, base_url } = JSON.parse(line)
  return {
    looker_url,
    base_url,
    async steer(path, body) {
      const response = await fetch(`${looker_url}/_local/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      if (response.status !== 204) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    },
    async requests() {
      return (await fetch(`${looker_url}/_local/requests`)).json()
    },
    async stop() {
      child.kill('SIGINT')
      const [code] = await ended
      return code
    },
  }
}

/** Follows an authorization URL over login and disclosure to the redirect back to the app. */
export async function signIn(authorizationUrl, { email = 'ada@example.com', answer = 'allow' } = {}) {
  let cookie
  const send = async (url, form) => {
    const response = await fetch(url, {
      redirect: 'manual',
      method: form ? 'POST' : 'GET',
      headers: cookie ? { cookie } : {},
      body: form && new URLSearchParams(form),
    })
    cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie
    return response
  }
  let url = new URL(authorizationUrl)
  let response = await send(url)
  for (let step = 0; step < 6; step += 1) {
    if (response.status === 303) {
      url = new URL(response.headers.get('location'), url)
      if (url.href.startsWith(redirectUri)) return url
      response = await send(url)
      continue
    }
    const html = await response.text()
    if (response.status !== 200) throw new Error(`${url.pathname}: ${response.status} ${html}`)
    const fields = Object.fromEntries(
      [...html.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [
        name,
        value.replaceAll('&amp;', '&'),
      ]),
    )
    url = new URL(html.match(/action="([^"]+)"/)[1], url)
    response = html.includes('id="allow"')
      ? await send(url, { ...fields, answer })
      : await send(url, { ...fields, email, password: 'looker' })
  }
  throw new Error('no redirect to the app')
}
