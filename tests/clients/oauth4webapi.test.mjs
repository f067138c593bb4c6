// A certified OAuth client library, as strict as it can be made.
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import * as oauth from 'oauth4webapi'
import { redirectUri, signIn, startLooker } from './support.mjs'

const client = { client_id: 'sightline' }
// Only because the servers are on this machine without TLS.
const insecure = { [oauth.allowInsecureRequests]: true }

let looker, server
before(async () => {
  looker = await startLooker()
})
beforeEach(async () => {
  await looker.steer('reset', {})
  server = await discovered()
})
after(async () => assert.equal(await looker.stop(), 0))

async function discovered() {
  const issuer = new URL(looker.looker_url)
  const response = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure })
  const metadata = await response.clone().json()
  // The library compares with the URL's own spelling, which ends in a slash for a bare host.
  assert.equal(metadata.issuer, looker.looker_url)
  return oauth.processDiscoveryResponse(issuer, response)
}

async function authorize(change = {}) {
  const verifier = oauth.generateRandomCodeVerifier()
  const state = oauth.generateRandomState()
  const url = new URL(server.authorization_endpoint)
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: client.client_id,
    redirect_uri: redirectUri,
    scope: 'cors_api',
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...change,
  })
  return { url, verifier, state }
}

async function redeem({ parameters, verifier }) {
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    parameters,
    redirectUri,
    verifier,
    insecure,
  )
  return oauth.processAuthorizationCodeResponse(server, client, response)
}

async function refresh(token) {
  const response = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), token, insecure)
  return oauth.processRefreshTokenResponse(server, client, response)
}

async function signedIn() {
  const { url, verifier, state } = await authorize()
  const parameters = oauth.validateAuthResponse(server, client, await signIn(url), state)
  return { parameters, verifier, tokens: await redeem({ parameters, verifier }) }
}

for (const issuer_in_redirect of [false, true]) {
  test(`code flow, call and refresh (issuer in the redirect: ${issuer_in_redirect})`, async () => {
    await looker.steer('answers', { issuer_in_redirect })
    server = await discovered()
    assert.equal(server.authorization_response_iss_parameter_supported, issuer_in_redirect)
    const { tokens } = await signedIn()
    assert.equal(tokens.token_type, 'bearer')
    const url = new URL(`${looker.base_url}/api/4.0/user`)
    const user = await oauth.protectedResourceRequest(tokens.access_token, 'GET', url, undefined, undefined, insecure)
    assert.equal((await user.json()).email, 'ada@example.com')
    const renewed = await refresh(tokens.refresh_token)
    assert.notEqual(renewed.access_token, tokens.access_token)
    await assert.rejects(refresh(tokens.refresh_token), { error: 'invalid_grant', status: 400 })
  })
}

test('a wrong issuer in the redirect is noticed', async () => {
  await looker.steer('answers', { issuer_in_redirect: true, wrong_issuer: true })
  await assert.rejects(signedIn(), /iss/)
})

test('a code used twice is invalid_grant, and its tokens end', async () => {
  const { parameters, verifier, tokens } = await signedIn()
  await assert.rejects(redeem({ parameters, verifier }), { error: 'invalid_grant', status: 400 })
  await assert.rejects(refresh(tokens.refresh_token), { error: 'invalid_grant' })
})

test('a wrong verifier is invalid_grant', async () => {
  const { url, state } = await authorize()
  const parameters = oauth.validateAuthResponse(server, client, await signIn(url), state)
  const verifier = oauth.generateRandomCodeVerifier()
  await assert.rejects(redeem({ parameters, verifier }), { error: 'invalid_grant' })
})

for (const [change, answer, error] of [
  [{}, 'deny', 'access_denied'],
  [{ scope: 'openid' }, 'allow', 'invalid_scope'],
  [{ code_challenge_method: 'plain' }, 'allow', 'invalid_request'],
  [{ response_type: 'token' }, 'allow', 'unsupported_response_type'],
]) {
  test(`${JSON.stringify(change)} and ${answer} come back as ${error}`, async () => {
    const { url, state } = await authorize(change)
    const back = await signIn(url, { answer })
    assert.throws(() => oauth.validateAuthResponse(server, client, back, state), (thrown) => {
      assert.equal(thrown.error, error)
      assert.ok(thrown.error_description)
      return true
    })
  })
}
