// What a person does in the page and htmx cannot: copy, open a file in a tab of its own, look for a
// field, take a change back. And two things nobody should notice: focus and typed text stay.
(() => {
  'use strict'

  // A file or a consent page: its address is asked for first, the tab is opened within the click.
  const ticket = async button => {
    const inTab = button.dataset.open !== 'here'
    const tab = inTab ? window.open('', '_blank') : null
    if (tab) tab.opener = null
    button.setAttribute('aria-disabled', 'true') // a second click would open a second tab
    try {
      const { address } = await (await session.post(button.dataset.ticket)).json()
      session.clear()
      if (tab) {
        tab.location.replace(address)
        if (button.dataset.open === 'print') print(tab, address)
      }
      else if (inTab) session.note('blocked')
      else location.assign(address)
    } catch (failure) {
      tab?.close()
      session.explain(failure)
    } finally {
      button.removeAttribute('aria-disabled')
    }
  }

  // Once the PDF is there, its tab is asked to print. Where the browser's viewer does not let us,
  // the PDF is open all the same, and the button's hint says how to print it.
  const print = (tab, address, tries = 60) => setTimeout(() => {
    try {
      if (tab.closed) return
      if (tab.location.pathname === address && tab.document.readyState === 'complete') tab.print()
      else if (tries) print(tab, address, tries - 1)
    } catch { /* the viewer is a page of the browser's own */ }
  }, 250)

  // Bitrix24's own page of the document, in its slider. Whoever comes back may have changed it there.
  const native = async button => {
    session.clear()
    const { pathname } = location
    const answer = await bridge.openPath(button.dataset.native)
    if (answer?.result === 'error') session.note('native')
    else if (answer && location.pathname === pathname) {
      htmx.ajax('GET', pathname, { target: '#page', swap: 'outerHTML' })
    }
  }

  // The portal's frame has no clipboard permission, so the old way comes first.
  const copy = button => {
    const field = document.getElementById(button.dataset.copy)
    field.closest('details')?.setAttribute('open', '') // only what is seen can be selected
    field.select()
    const done = document.execCommand('copy')
    document.getElementById(button.getAttribute('aria-describedby')).hidden = !done
    if (done) button.focus()
    else field.focus() // selected: the keyboard can copy it
  }

  // Switched on and copied with one press: what was answered is copied, while the press still counts
  // as one. Where the answer took too long for that, the address is selected.
  document.addEventListener('htmx:afterSettle', event => {
    const wanted = event.detail.requestConfig?.elt.dataset.thenCopy
    document.querySelector(`[data-copy="${wanted}"]`)?.click()
  })

  // By words in name or value, and by All, Changed or Empty.
  const filterFields = () => {
    const wanted = document.querySelector('[data-filter]')?.value.trim().toLowerCase()
    const only = document.querySelector('[data-show]:checked')?.value
    for (const group of document.querySelectorAll('.group')) {
      let any = false
      for (const field of group.querySelectorAll('.f, .tile')) {
        const value = field.querySelector('.input')?.value || ''
        const hit = (!wanted || `${field.textContent} ${value}`.toLowerCase().includes(wanted)) &&
          (!only || field.matches(`.${only}`))
        field.hidden = !hit
        any ||= hit
      }
      group.hidden = !any
      if ((wanted || only) && any) group.open = true
    }
  }
  const showOnly = button => {
    const choice = document.querySelector(`[data-show][value="${button.dataset.showOnly}"]`)
    choice.checked = true
    filterFields()
    choice.focus()
  }
  const plain = text => text.replace(/\r\n/g, '\n')
  const isTouched = input => input.dataset.shown !== undefined && plain(input.value) !== plain(input.dataset.shown)
  const markChanged = input => {
    const field = input.closest('.f, .tile')
    if (!field || input.dataset.shown === undefined) return
    const changed = isTouched(input)
    field.classList.toggle('changed', changed)
    if (input.value.trim()) field.classList.remove('blank')
    const back = field.querySelector('[data-undo]')
    if (back) back.hidden = !changed
  }
  const undo = button => {
    const input = document.getElementById(button.dataset.undo)
    input.value = input.dataset.shown
    input.readOnly = input.dataset.given !== undefined
    markChanged(input)
    input.focus()
    input.dispatchEvent(new Event('input', { bubbles: true }))
  }
  const typeOne = button => {
    const input = document.getElementById(button.dataset.typeOne)
    input.readOnly = false
    input.focus()
    input.select()
  }

  // A file that would be refused for its size is not sent first. Ours is only the quicker look.
  const weigh = input => {
    const isTooBig = [...input.files].some(file => file.size > Number(input.dataset.largest))
    document.getElementById(`b-${input.name}`).hidden = !isTooBig
    if (isTooBig) input.value = ''
    bridge.follow()
  }
  document.addEventListener('change', event => {
    if (event.target.matches('input[type=file][data-largest]')) weigh(event.target)
  })

  // A card of the portal, in its slider. Whoever comes back from it may have mended something there.
  const openCard = async link => {
    const done = await bridge.openPath(link.dataset.path)
    if (done?.result === 'error') session.note('nocard')
    else htmx.trigger(link.isConnected ? link : document.body, 'cardClosed')
  }

  // A word of a numerator's pattern goes in where the caret stands.
  const insert = button => {
    const input = document.getElementById(button.dataset.insert)
    input.setRangeText(button.value, input.selectionStart, input.selectionEnd, 'end')
    input.focus()
    input.dispatchEvent(new Event('input', { bubbles: true }))
  }

  const clicks = {
    copy, undo, typeOne, ticket, native, showOnly, insert,
    path: link => openCard(link),
    again: () => location.reload(),
    print: () => window.print(),
  }
  document.addEventListener('click', event => {
    const button = event.target.closest('button, a[data-path], [data-fixed]')
    if (!button) return
    // What was typed after the last check may have mended it: then the server says.
    const isStale = button.type === 'submit' && button.form?.dataset.typed !== undefined
    if (button.getAttribute('aria-disabled') === 'true' && !isStale) { event.preventDefault(); event.stopPropagation(); return }
    const name = Object.keys(clicks).find(key => button.dataset[key] !== undefined)
    if (name) { event.preventDefault(); clicks[name](button) }
  }, true)
  document.addEventListener('input', event => {
    const input = event.target
    if (input.matches('[data-filter], [data-show]')) filterFields()
    else markChanged(input)
    if (input.name && input.form?.method === 'post' && input.form.dataset.fleeting === undefined) keep(input.form)
  })

  // What was typed and not sent yet outlives Back (in memory) and reload (in the history entry).
  const typed = new Map()
  const keep = form => {
    const entry = [form.getAttribute('action'), touched(form)]
    typed.set(...entry)
    // Safari refuses more than a hundred in half a minute; the draft on the server has it then.
    try { history.replaceState({ ...history.state, typed: entry }, '') } catch { /* kept in memory */ }
  }
  // What nobody touched is not kept and not sent: its value may be a new one by then.
  const touched = form => [...new FormData(form)].filter(([name, value]) => {
    if (typeof value !== 'string') return false // a file
    const input = form.elements[name]
    const shown = (input?.dataset ?? input?.[0]?.dataset)?.shown
    return shown === undefined || plain(String(value)) !== plain(shown)
  })
  window.typing = { isTouched, markChanged, touched, filterFields }
  const retype = form => {
    const action = form.getAttribute('action')
    const reloaded = history.state?.typed
    const pairs = typed.get(action) || (reloaded?.[0] === action && reloaded[1])
    if (!pairs) return
    const values = new Map(pairs)
    for (const input of form.elements) {
      if (!input.name) continue
      if (input.type === 'file') continue // a browser lets nobody fill it in
      if (input.type === 'checkbox') input.checked = pairs.some(([name, value]) => name === input.name && value === input.value)
      else if (input.type === 'radio') { if (values.has(input.name)) input.checked = values.get(input.name) === input.value }
      else if (values.has(input.name) && input.value !== values.get(input.name)) {
        input.value = values.get(input.name)
        input.readOnly = false
        markChanged(input)
      }
    }
  }
  document.addEventListener('htmx:load', () => {
    const form = document.querySelector('form[method=post]')
    if (form) retype(form)
  })

  // Focus follows the content: where a swap took away what had it, what was written in its place
  // has it, problems first. A page that was merely opened takes it from nobody.
  let held = false
  let clicked = false
  const holds = () => document.hasFocus() && document.activeElement !== document.body
  const land = (root, options) => {
    const wanted = ['[data-focus]', '[role=alert] :is(h1, h2)', 'h1', 'a, button']
    const place = wanted.map(selector => root.querySelector(selector)).find(Boolean)
    if (!place) return
    if (place.tabIndex < 0) place.tabIndex = -1
    place.focus(options)
  }
  // Before the swap is too late to ask: the pressed button may be disabled by then.
  document.addEventListener('htmx:beforeRequest', event => {
    const { elt, requestConfig } = event.detail
    if (elt.matches('[hx-trigger^="every"]')) return
    held = holds()
    clicked = Boolean(requestConfig.triggeringEvent)
  })
  document.addEventListener('htmx:beforeSwap', event => {
    held ||= event.detail.target.contains(document.activeElement) && holds()
  })
  document.addEventListener('htmx:afterSettle', event => {
    const isHeld = held && document.activeElement === document.body
    // Nobody is pulled up to a heading by what the page did on its own.
    if (isHeld && event.target.querySelector) land(event.target, { preventScroll: !clicked })
    held = clicked = false
  })
  document.addEventListener('htmx:historyRestore', () => {
    if (document.hasFocus()) land(document)
  })
})()
