// Keeps the action bar in sight where the frame is as tall as its content and the portal's page
// scrolls: sticky has nothing to stick to then, and a frame cannot read its parent's scroll. A ladder
// of empty rungs under an IntersectionObserver tells which part is in sight, across origins too.
(() => {
  'use strict'
  const STEP = 24
  const root = document.documentElement
  const inSight = new Map()
  let ladder, observer, main

  const place = () => {
    if (!inSight.size) return
    const rects = [...inSight.values()]
    const bottom = Math.max(...rects.map(rect => rect.bottom))
    root.style.setProperty('--dock', `${Math.max(0, root.clientHeight - bottom)}px`)
    root.style.setProperty('--dock-top', `${Math.max(0, Math.min(...rects.map(rect => rect.top)))}px`)
  }
  const climb = () => {
    const rungs = Math.ceil(main.offsetHeight / STEP)
    while (ladder.children.length < rungs) observer.observe(ladder.appendChild(document.createElement('i')))
    while (ladder.children.length > rungs) {
      inSight.delete(ladder.lastChild)
      observer.unobserve(ladder.lastChild)
      ladder.lastChild.remove()
    }
  }
  const grown = new ResizeObserver(climb)
  const start = () => {
    main = document.querySelector('main')
    grown.disconnect()
    grown.observe(main)
  }
  addEventListener('DOMContentLoaded', () => {
    ladder = document.body.appendChild(document.createElement('div'))
    ladder.className = 'ladder'
    ladder.setAttribute('aria-hidden', 'true')
    observer = new IntersectionObserver(entries => {
      for (const entry of entries) {
        if (entry.isIntersecting) inSight.set(entry.target, entry.intersectionRect)
        else inSight.delete(entry.target)
      }
      place()
    }, { threshold: [0, 0.25, 0.5, 0.75, 1] })
    start()
    document.addEventListener('htmx:afterSettle', start)
    addEventListener('resize', place)
  })
})()
