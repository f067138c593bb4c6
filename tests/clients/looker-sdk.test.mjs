// Looker's own TypeScript SDK.
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { Looker40SDK } from '@looker/sdk'
import sdkNode from '@looker/sdk-node'
import sdkRtl from '@looker/sdk-rtl'
import { redirectUri, signIn, startLooker } from './support.mjs'

const { LookerNodeSDK, NodeCryptoHash, NodeSettings, NodeTransport } = sdkNode
const { ApiSettings, OAuthSession } = sdkRtl

// It says on every request that AbortSignal.timeout is missing, which is not so.
console.debug = () => {}

let looker
before(async () => {
  looker = await startLooker()
})
beforeEach(() => looker.steer('reset', {}))
after(async () => assert.equal(await looker.stop(), 0))

// The session keeps its code_verifier where a browser would.
const kept = new Map()
globalThis.sessionStorage = {
  getItem: (name) => kept.get(name) ?? null,
  setItem: (name, value) => kept.set(name, String(value)),
  removeItem: (name) => kept.delete(name),
}

function oauthSession() {
  const config = {
    base_url: looker.base_url,
    looker_url: looker.looker_url,
    client_id: 'sightline',
    redirect_uri: redirectUri,
  }
  class Settings extends ApiSettings {
    readConfig() {
      return config
    }
  }
  const settings = new Settings(config)
  const transport = new NodeTransport(settings)
  return new OAuthSession({ settings, transport, crypto: new NodeCryptoHash() })
}

async function signedIn() {
  const session = oauthSession()
  const url = await session.createAuthCodeRequestUrl('cors_api', 'a state of ours')
  const back = await signIn(url)
  assert.equal(back.searchParams.get('state'), 'a state of ours')
  await session.redeemAuthCode(back.searchParams.get('code'))
  return session
}

test('the SDK signs in by OAuth and calls', async () => {
  const session = await signedIn()
  assert.equal(session.isAuthenticated(), true)
  const sdk = new Looker40SDK(session)
  const me = await sdk.ok(sdk.me())
  assert.equal(me.display_name, 'Ada Lovelace')
  const versions = await sdk.ok(sdk.versions())
  assert.equal(versions.web_server_url, looker.looker_url)
})

for (const rotate_refresh of [true, false]) {
  test(`the SDK refreshes when its token expires (rotate_refresh: ${rotate_refresh})`, async () => {
    await looker.steer('answers', { rotate_refresh, expires_in: 1 })
    const session = await signedIn()
    const old = session.activeToken.access_token
    // Its own clock decides; an hour is not waited for.
    session.activeToken.expiresAt = new Date(0)
    assert.equal(session.isAuthenticated(), false)
    await looker.steer('answers', { expires_in: 3600 })
    const sdk = new Looker40SDK(session)
    assert.equal((await sdk.ok(sdk.me())).email, 'ada@example.com')
    assert.notEqual(session.activeToken.access_token, old)
    assert.ok(session.activeToken.refresh_token)
    const calls = (await looker.requests()).filter(({ path }) => path === '/api/token')
    assert.deepEqual(
      calls.map(({ status }) => status),
      [200, 200],
    )
  })
}

test('the SDK logs out of an OAuth session', async () => {
  const session = await signedIn()
  const { access_token } = session.activeToken
  assert.equal(await session.logout(), true)
  const response = await fetch(`${looker.base_url}/api/4.0/user`, {
    headers: { authorization: `token ${access_token}` },
  })
  assert.equal(response.status, 401)
})

function nodeSdk(client_secret = 'local-client-secret') {
  const settings = new NodeSettings('LOCAL_LOOKER_TEST', {
    base_url: looker.base_url,
    client_id: 'local-client-id',
    client_secret,
  })
  settings.readConfig = () => ({ base_url: looker.base_url, client_id: 'local-client-id', client_secret })
  return LookerNodeSDK.init40(settings)
}

test('the SDK logs in with API3 credentials, calls, acts as somebody else, and logs out', async () => {
  const sdk = nodeSdk()
  assert.equal((await sdk.ok(sdk.me('id,email'))).email, 'ada@example.com')
  const users = await sdk.ok(sdk.all_users({ fields: 'id,first_name' }))
  assert.deepEqual(
    users.map(({ first_name }) => first_name),
    ['Ada', 'Grace'],
  )
  const grace = users.find(({ first_name }) => first_name === 'Grace')
  await sdk.authSession.login(grace.id)
  assert.equal((await sdk.ok(sdk.me())).first_name, 'Grace')
  await sdk.authSession.logout()
  assert.equal((await sdk.ok(sdk.me())).first_name, 'Ada')
  assert.equal(await sdk.authSession.logout(), true)
  assert.equal(sdk.authSession.isAuthenticated(), false)
})

test('the SDK registers, reads, changes and removes an app', async () => {
  const sdk = nodeSdk()
  const app = { redirect_uri: 'https://mine.example/', display_name: 'Mine', description: 'Mine alone', enabled: true }
  await sdk.ok(sdk.register_oauth_client_app('mine', app))
  await sdk.ok(sdk.update_oauth_client_app('mine', { display_name: 'Ours' }))
  assert.equal((await sdk.ok(sdk.oauth_client_app('mine'))).display_name, 'Ours')
  await sdk.ok(sdk.activate_app_user('mine', '2'))
  assert.equal((await sdk.ok(sdk.oauth_client_app('mine'))).activated_users[0].first_name, 'Grace')
  await sdk.ok(sdk.deactivate_app_user('mine', '2'))
  await sdk.ok(sdk.invalidate_tokens('mine'))
  await sdk.ok(sdk.delete_oauth_client_app('mine'))
  await assert.rejects(sdk.ok(sdk.oauth_client_app('mine')), /Not found/)
  const setting = { embed_config: { domain_allowlist: ['https://a.example'] } }
  const changed = await sdk.ok(sdk.set_setting(setting))
  assert.deepEqual(changed.embed_config.domain_allowlist, ['https://a.example'])
})

test('the SDK is told when credentials are wrong', async () => {
  const sdk = nodeSdk('wrong')
  await assert.rejects(sdk.ok(sdk.me()), /Not found/)
})
