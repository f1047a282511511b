// What the console's pages need beyond htmx: a chosen or dropped file is named, and its way is shown.
(() => {
  'use strict'
  const size = bytes => bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} KB` : `${(bytes / 1e6).toFixed(1)} MB`

  // After hands.js, which takes a file out again that is too big.
  document.addEventListener('change', event => {
    const name = event.target.closest?.('.drop')?.querySelector('[data-file-name]')
    if (!name) return
    const [file] = event.target.files
    name.textContent = file ? `${file.name}, ${size(file.size)}` : name.dataset.none
  })
  for (const kind of ['dragover', 'dragleave', 'drop']) {
    document.addEventListener(kind, event => {
      event.target.closest?.('.drop')?.classList.toggle('over', kind === 'dragover')
    })
  }

  // Bytes on their way to us, then the wait for Bitrix24. The answer's own bytes come after that.
  document.addEventListener('htmx:xhr:progress', event => {
    const box = event.target.querySelector?.('[data-progress]')
    const { lengthComputable, loaded, total } = event.detail
    if (!box || !lengthComputable || box.dataset.sent !== undefined) return
    const bar = box.querySelector('progress')
    box.hidden = false
    if (loaded < total) { bar.value = loaded / total; return }
    box.dataset.sent = ''
    bar.removeAttribute('value')
    box.querySelector('[data-going]').hidden = true
    box.querySelector('[data-gone]').hidden = false
  })
  document.addEventListener('htmx:afterRequest', event => {
    const box = event.target.querySelector?.('[data-progress]')
    if (!box) return
    box.hidden = true
    delete box.dataset.sent
  })
})()
