// The check page: after a pause in typing the form is looked at again, and what comes back is put in
// without taking away focus, caret, or a word that was typed.
(() => {
  'use strict'
  const form = () => document.getElementById('make')
  const run = () => document.getElementById('run')
  const isInput = elt => elt?.matches('input, textarea, select')
  const soon = () => form()?.dispatchEvent(new Event('recheck'))
  const now = () => form()?.dispatchEvent(new Event('recheckNow'))

  document.addEventListener('input', event => {
    const { target } = event
    if (!target.name || target.form?.id !== 'make' || target.matches('[data-show]')) return
    target.form.dataset.typed = ''
    soon()
  })
  document.addEventListener('click', event => {
    const button = event.target.closest('[data-use], [data-recheck], a[href*="#f-"], a[href*="#finding-"]')
    if (!button) return
    if (button.matches('[data-recheck]')) { now(); return }
    if (button.matches('a')) { goTo(event, button); return }
    const input = document.getElementById(button.dataset.use)
    input.value = button.value
    input.focus()
    input.dispatchEvent(new Event('input', { bubbles: true }))
  })
  // To a field or a finding of this page: its group is opened, its input has the focus.
  const goTo = (event, link) => {
    const place = document.getElementById(decodeURIComponent(link.hash.slice(1)))
    if (!place) return
    event.preventDefault()
    event.stopPropagation()
    for (let fold = place.closest('details'); fold; fold = fold.parentElement.closest('details')) fold.open = true
    const wanted = place.querySelector('.input, input, button, a') || place
    place.scrollIntoView({ block: 'center' })
    wanted.focus({ preventScroll: true })
  }

  // Of an update: one press chooses for every field that differs; each can be chosen otherwise then.
  // Caught on its way down: what is chosen here is kept with what was pressed.
  document.addEventListener('input', event => {
    const { target } = event
    if (target.name !== 'rest' || target.form?.id !== 'make') return
    const wanted = target.value === 'keep' ? 'printed' : target.value
    for (const seg of target.form.querySelectorAll('.tri .seg')) {
      const radio = seg.querySelector(`[value="${wanted}"]`) || seg.querySelector('[value="printed"]')
      radio.checked = true
    }
    bridge.follow()
  }, true)

  // Back from a card, or a value saved to the CRM: both may have changed something.
  document.addEventListener('cardClosed', now)
  document.addEventListener('itemChanged', () => bridge.reloadCard())
  const renew = () => {
    if (run()?.dataset.old === undefined) return
    delete run().dataset.old
    now()
  }
  document.addEventListener('htmx:load', renew)
  renew()

  // A document being made is not to be overtaken by a look, nor a look to go on beside it.
  document.addEventListener('htmx:confirm', event => {
    const { elt } = event.detail
    if (elt.id === 'run' && form()?.classList.contains('htmx-request')) event.preventDefault()
    if (elt.id === 'make' && run()) htmx.trigger(run(), 'htmx:abort')
  })
  document.addEventListener('htmx:configRequest', event => {
    const { elt, formData } = event.detail
    const page = form()
    if (!page || !(page === elt || page.contains(elt)) || event.detail.verb !== 'post') return
    const kept = new Map(typing.touched(page))
    for (const name of [...formData.keys()]) if (name.startsWith('f-') && !kept.has(name)) formData.delete(name)
    formData.delete('show')
    if (elt !== page) {
      delete page.dataset.typed
      formData.set('held', held())
    }
  })
  // Where the input with the focus stands, so that nothing moves it.
  const held = () => {
    const input = document.activeElement
    if (!isInput(input) || !input.name?.startsWith('f-')) return ''
    return `${input.closest('.finding') ? 'above' : 'here'}:${input.name.slice(2)}`
  }

  document.addEventListener('htmx:oobBeforeSwap', event => {
    const { target, fragment } = event.detail
    const fresh = fragment.firstElementChild
    if (target.id === 'findings') event.detail.shouldSwap = !aroundFocus(target, fresh)
    else if (target.dataset.print !== undefined) event.detail.shouldSwap = putIn(target, fresh)
    else if (target.isEqualNode(fresh)) event.detail.shouldSwap = false
  })
  document.addEventListener('htmx:oobAfterSwap', event => {
    const { target } = event.detail
    if (target.id !== 'why-not') return
    const button = document.getElementById('go')
    const blocks = document.getElementById('why-not').dataset.blocks !== undefined
    if (blocks) button.setAttribute('aria-disabled', 'true')
    else button.removeAttribute('aria-disabled')
    if (document.querySelector('[data-show]:checked')?.value || document.querySelector('[data-filter]')?.value) typing.filterFields()
  })

  // One field. Untouched, it takes the new value; touched, it keeps what was typed. Answers whether
  // the whole of it is to be put in anew.
  const putIn = (target, fresh) => {
    const input = target.querySelector('.input')
    const next = fresh.querySelector('.input')
    if (target.dataset.print === fresh.dataset.print && !(input && typing.isTouched(input))) return false
    if (!input || !next) return true
    const typed = typing.isTouched(input) ? input.value : null
    if (input === document.activeElement) {
      aroundInput(target, fresh, input, next)
      return false
    }
    if (typed !== null && next.tagName !== 'SELECT') next.value = typed
    if (typed !== null) next.readOnly = false
    const hadFocus = target.contains(document.activeElement)
    if (hadFocus) setTimeout(() => document.getElementById(next.id)?.focus())
    const fold = target.querySelector('details')
    if (fold?.open) fresh.querySelector('details')?.setAttribute('open', '')
    return true
  }
  // Everything but the input, for somebody is writing in it.
  const aroundInput = (target, fresh, input, next) => {
    const isTouched = typing.isTouched(input)
    input.dataset.shown = next.dataset.shown
    if (!isTouched && input.value !== next.value && input.tagName !== 'SELECT') input.value = next.value
    if (next.hasAttribute('aria-invalid')) input.setAttribute('aria-invalid', 'true')
    else input.removeAttribute('aria-invalid')
    target.className = fresh.className
    target.dataset.print = fresh.dataset.print
    for (const part of ['.side', '.under']) {
      const [was, is] = [target.querySelector(part), fresh.querySelector(part)]
      if (was && is) { was.replaceWith(is); htmx.process(is) }
    }
    typing.markChanged(input)
  }
  // The findings, around the one whose input has the focus. False where none has.
  const aroundFocus = (target, fresh) => {
    const active = document.activeElement
    const kept = isInput(active) && active.closest('#findings .finding')
    // The input stands in its field, and the answer would put a second one up here.
    const twice = isInput(active) && !kept && active.name && fresh.querySelector(`[name="${CSS.escape(active.name)}"]`)
    if (twice) twice.closest('.row, fieldset').remove()
    if (!kept) return false
    const twin = fresh.querySelector(`#${CSS.escape(kept.id)}`)
    const items = [...fresh.querySelectorAll(':scope > ul > li')]
    const at = items.indexOf(twin)
    target.querySelector('.card-h').replaceWith(fresh.querySelector('.card-h'))
    for (const item of [...kept.parentNode.children]) if (item !== kept) item.remove()
    kept.before(...items.slice(0, Math.max(at, 0)))
    kept.after(...items.slice(at + 1))
    if (twin) {
      kept.className = twin.className
      kept.querySelector('.m').replaceWith(twin.querySelector('.m'))
      const [was, is] = [kept.querySelector('p, legend'), twin.querySelector('p, legend')]
      if (was && is && !was.contains(active)) was.replaceWith(is)
      for (const small of kept.querySelectorAll('small')) small.remove()
      for (const small of twin.querySelectorAll('small')) {
        const label = small.closest('.opt').querySelector('input').id
        document.getElementById(label)?.nextElementSibling.append(small)
      }
      const next = twin.querySelector('.input')
      if (next) active.toggleAttribute('aria-invalid', false)
    }
    htmx.process(target)
    return true
  }
})()
