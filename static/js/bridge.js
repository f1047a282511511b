// The bridge to the portal's page: messages only to and from the window that frames us, only at the
// origin that the server has verified; every call ends, and the frame shrinks as well as it grows.
(() => {
  'use strict'
  const root = document.documentElement
  const verified = root.dataset.portalOrigin || ''
  const [host = '', secure = '', sid = ''] = (window.name || '').split('|')
  const origin = `${secure === '1' ? 'https' : 'http'}://${host.replace(/:(80|443)$/, '')}`
  const inFrame = window.parent !== window && Boolean(host && sid) && origin === verified

  const waiting = new Map()
  addEventListener('message', event => {
    if (event.source !== window.parent || event.origin !== verified) return
    if (typeof event.data !== 'string') return
    const colon = event.data.indexOf(':')
    const done = colon > 0 && waiting.get(event.data.slice(0, colon))
    if (!done) return
    waiting.delete(event.data.slice(0, colon))
    const text = event.data.slice(colon + 1)
    try { done(text ? JSON.parse(text) : undefined) } catch { done(undefined) }
  })

  // Resolves with the portal's answer, or with undefined when it stays silent for `patience` ms.
  const send = (command, params, patience = 2000) => new Promise(done => {
    if (!inFrame) { done(undefined); return }
    const id = crypto.getRandomValues(new Uint32Array(4)).join('')
    if (patience) {
      waiting.set(id, done)
      setTimeout(() => { if (waiting.delete(id)) done(undefined) }, patience)
    } else { done(undefined) }
    window.parent.postMessage(`${command}:${params ? JSON.stringify(params) : ''}:${id}:${sid}`, verified)
  })

  let height = 0
  const fit = () => {
    const node = document.querySelector('[data-b24-fit]')
    if (!node) return
    const wanted = Math.ceil(node.getBoundingClientRect().bottom + window.scrollY)
    if (wanted === height) return
    height = wanted
    send('resizeWindow', { width: '100%', height: wanted }, 0)
  }
  const watch = new ResizeObserver(fit)
  const follow = () => {
    watch.disconnect()
    const node = document.querySelector('[data-b24-fit]')
    if (node) { watch.observe(node); fit() }
  }
  addEventListener('DOMContentLoaded', follow)

  window.bridge = {
    inFrame,
    host,
    secure,
    sid,
    follow,
    init: () => send('getInitData', null, 10000),
    refreshAuth: () => send('refreshAuth', null, 10000),
    finishInstall: () => send('setInstallFinish', {}, 0),
    // Resolves when the slider is closed again, with {result: 'close'}, or at once with an error; a
    // card may stay open for a day.
    openPath: path => send('openPath', { path }, 24 * 3600 * 1000),
    reloadCard: () => send('reloadData', {}, 0),
  }
})()
