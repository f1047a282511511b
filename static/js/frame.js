// The frame's session, and what to say when a request fails. The token lives in this closure and
// nowhere else: not in an address, not in storage, not in the page.
(() => {
  'use strict'
  const root = document.documentElement
  const base = root.dataset.base
  const meta = document.querySelector('meta[name=frame-token]')
  let token = meta?.content || ''
  meta?.remove()
  // The page came by POST: without this, reload would post an old launch again.
  if (token && root.dataset.address) history.replaceState(null, '', root.dataset.address)
  // Longer than Bitrix24 may take for a document; a request that never ends is said to have failed.
  htmx.config.timeout = 90000

  const words = id => document.getElementById(`words-${id}`).content.cloneNode(true)
  const page = () => document.getElementById('page')
  const polls = elt => elt.matches('[hx-trigger^="every"]')

  // What stands between a request and its answer, for `explain`.
  const SILENT = Symbol('the portal hands out no key')
  const AWAY = Symbol('nobody answers, or somebody who is not us')

  // A card by name, in sight: next to the button where the page has a docked bar, else on top.
  const note = name => {
    clear()
    const place = page().querySelector('.bar') || page()
    place.prepend(words(name))
    show(document.getElementById(name))
  }
  const trouble = html => {
    clear()
    const card = document.createElement('section')
    card.className = 'card'
    card.id = 'trouble'
    // Our own server's fragment, escaped there; scripts in it could not run under the policy.
    card.append(new DOMParser().parseFromString(html, 'text/html').querySelector('.trouble') || words('offline'))
    const top = page().querySelector('.top')
    if (top) top.after(card)
    else page().prepend(card)
    show(card)
  }
  const show = card => {
    bridge.follow()
    card.scrollIntoView({ block: 'nearest' })
  }
  const clear = () => {
    for (const id of ['offline', 'locked', 'blocked', 'native', 'nocard', 'trouble']) document.getElementById(id)?.remove()
  }
  const explain = failure => {
    // Two requests may share the refusal of one renewal, and a body is read only once.
    if (failure instanceof Response) failure.clone().text().then(trouble, () => note('offline'))
    else note(failure === SILENT ? 'locked' : 'offline')
  }

  // A new session: the portal hands out fresh keys, the server checks them as it did at the launch.
  // Rejects with SILENT, AWAY, or the server's refusal. Many may ask at once, one is sent.
  let renewing = null
  let locked = false
  const renew = () => (renewing ??= exchange().finally(() => { renewing = null }))
  const exchange = async () => {
    const [keys, init] = await Promise.all([bridge.refreshAuth(), bridge.init()])
    locked = !keys || !init
    if (locked) throw SILENT
    const query = new URLSearchParams({ DOMAIN: bridge.host, PROTOCOL: bridge.secure, LANG: init.LANG || 'en', APP_SID: bridge.sid })
    const options = init.PLACEMENT_OPTIONS || {}
    const body = new URLSearchParams({
      AUTH_ID: keys.AUTH_ID, AUTH_EXPIRES: String(keys.AUTH_EXPIRES), REFRESH_ID: keys.REFRESH_ID,
      member_id: init.MEMBER_ID, status: 'L', PLACEMENT: init.PLACEMENT,
      PLACEMENT_OPTIONS: JSON.stringify(Array.isArray(options) ? {} : options),
    })
    const answer = await ask(`${base}session/?${query}`, { method: 'POST', body })
    token = (await answer.json()).token
  }
  // Rejects with AWAY, or with the answer where that is an error.
  const ask = async (path, init) => {
    const headers = { 'HX-Request': 'true', ...init.headers }
    const answer = await fetch(path, { ...init, headers, signal: AbortSignal.timeout(30000) }).catch(() => { throw AWAY })
    if (!answer.ok) throw answer
    return answer
  }

  // For the page's own script: a request with the session, renewed once when it has ended.
  const withSession = async path => {
    const post = () => ask(path, { method: 'POST', headers: { Authorization: `Frame ${token}` } })
    return post().catch(failure => {
      if (failure.status !== 401) throw failure
      return renew().then(post)
    })
  }
  window.session = { post: withSession, explain, note, clear }

  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'
  document.addEventListener('htmx:configRequest', event => {
    const { headers } = event.detail
    headers.Authorization = `Frame ${token}`
    headers['X-Time-Zone'] = zone
  })
  // Where the portal hands out no key, only a person's click asks it again: it may answer each
  // question with a box of its own.
  document.addEventListener('htmx:beforeRequest', event => {
    if (locked && polls(event.detail.elt)) event.preventDefault()
  })
  document.addEventListener('htmx:afterRequest', event => {
    const { xhr, elt } = event.detail
    const next = xhr.getResponseHeader('X-Frame-Token')
    if (next) token = next
    const isDone = xhr.status >= 200 && xhr.status < 400
    if (isDone && !polls(elt)) clear()
    if (!isDone && elt.type === 'checkbox') elt.checked = elt.defaultChecked
  })

  // 401 is never swapped: the page stays as it is, with all that was typed, and asks once more.
  document.addEventListener('htmx:responseError', event => {
    if (event.detail.xhr.status !== 401) return
    const { elt, requestConfig } = event.detail
    if (requestConfig.headers['X-Again']) { explain(SILENT); return }
    renew().then(() => again(elt, requestConfig), explain)
  })
  const again = (elt, config) => htmx.ajax(config.verb, config.path, {
    source: elt, target: config.target, headers: { 'X-Again': '1' }, values: config.formData,
  }).catch(() => {}) // `lost` has said it

  // Nobody answered, or a proxy with a page of its own: what is shown stays. Polls go on quietly;
  // a step of the installation, which nobody clicked, tries again by itself.
  const lost = event => {
    const { elt } = event.detail
    if (polls(elt)) return
    explain(AWAY)
    if (elt.matches('[hx-trigger="load"]')) setTimeout(() => htmx.trigger(elt, 'load'), 5000)
  }
  document.addEventListener('htmx:sendError', lost)
  document.addEventListener('htmx:timeout', lost)
  document.addEventListener('htmx:beforeSwap', event => {
    const { xhr } = event.detail
    // 422 is ours alone: a part of a page, with what was typed and the reason beside it.
    if (xhr.status < 400 || xhr.status === 422) return
    if (/class="(trouble|app)\b/.test(xhr.responseText)) return
    event.detail.shouldSwap = false
    if (xhr.status !== 401) lost(event)
  })

  // Back and Forward: htmx reads the page again. A session that has ended goes the way of reload.
  document.addEventListener('htmx:historyCacheMiss', event => {
    const { xhr } = event.detail
    xhr.setRequestHeader('Authorization', `Frame ${token}`)
    xhr.onerror = () => explain(AWAY)
  })
  document.addEventListener('htmx:historyCacheMissLoadError', () => location.reload())

  document.addEventListener('htmx:load', bridge.follow)

  // What only the pages after the first one need comes once this one is there.
  const fetchLater = () => {
    for (const address of document.querySelector('meta[name=later]')?.content.split(' ') ?? []) {
      const isStyle = /\.css$/.test(address)
      const part = document.createElement(isStyle ? 'link' : 'script')
      Object.assign(part, isStyle ? { rel: 'stylesheet', href: address } : { src: address })
      document.head.append(part)
    }
  }
  addEventListener('load', fetchLater)

  // The last step of an installation: the portal reloads its page, so no answer is waited for.
  document.addEventListener('htmx:afterSettle', () => {
    const done = document.querySelector('[data-finish-install]')
    if (done) { done.removeAttribute('data-finish-install'); bridge.finishInstall() }
  })

  // Opened by reload or Back: no token yet. Or opened outside of the portal: never one.
  // Who reloads wants to know now, even of a portal that was silent a moment ago.
  const arrive = () => renew()
    .then(() => htmx.ajax('GET', location.pathname + location.search, { target: '#page', swap: 'outerHTML', headers: { 'X-Now': '1' } }))
    .catch(failure => {
      const refused = failure instanceof Response
      page().replaceChildren(...(refused ? [] : [words('silent')]))
      if (refused) explain(failure)
    })
  addEventListener('DOMContentLoaded', () => {
    // Somebody new, or somebody on a journey: the times on the page are another clock's.
    const isStrange = root.dataset.zone !== undefined && root.dataset.zone !== zone
    if (isStrange) htmx.ajax('GET', root.dataset.address, { target: '#page', swap: 'outerHTML' })
    if (root.dataset.bounce === undefined) return
    if (bridge.inFrame) arrive()
    else page().replaceChildren(words('outside'))
  })
})()
