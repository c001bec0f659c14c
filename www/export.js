// Taking the run along in other formats. Loaded when the library is opened, and the core when the
// first format is asked for.

const FORMATS = [
  ['svg', 'Diagram, SVG'],
  ['png', 'Diagram, PNG'],
  ['mermaid', 'Mermaid'],
  ['shiviz', 'ShiViz log'],
  ['itf', 'ITF trace'],
  ['tla', 'TLA+ model'],
];

/** Pixels for each unit of the drawing: sharp also when it is printed. */
const SHARP = 2;

/** The session that the page shows, as text. */
function session() {
  const detail = { session: null };
  window.dispatchEvent(new CustomEvent('paxos:author', { detail }));
  return detail.session;
}

function save(name, blob) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** A drawing as a picture of points, on white: where it is shown may be dark. */
async function picture(svg) {
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth * SHARP;
    canvas.height = image.naturalHeight * SHARP;
    const context = canvas.getContext('2d');
    context.fillStyle = '#fff';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise(done => canvas.toBlob(done, 'image/png'));
    if (!blob) throw new Error('the diagram is too large for a picture: take the SVG');
    return blob;
  } finally {
    URL.revokeObjectURL(address);
  }
}

async function take(format) {
  const [{ load, guarded }, core] = await Promise.all([import('./core.js'), import('./paxos_core.js')]);
  await load();
  const files = guarded(() => core.export_session(session(), format === 'png' ? 'svg' : format));
  const names = [];
  for (const { name, mediaType, text } of files) {
    const png = format === 'png';
    const shown = png ? name.replace(/\.svg$/, '.png') : name;
    save(shown, png ? await picture(text) : new Blob([text], { type: mediaType }));
    names.push(shown);
  }
  return names.join(' and ');
}

customElements.define('paxos-export', class extends HTMLElement {
  connectedCallback() {
    const said = document.createElement('p');
    said.setAttribute('role', 'status');
    const actions = document.createElement('div');
    actions.className = 'actions';
    for (const [format, label] of FORMATS) {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = label;
      button.addEventListener('click', async () => {
        said.textContent = 'Writing…';
        try {
          said.textContent = `${await take(format)}: saved.`;
        } catch (error) {
          said.textContent = `That could not be written: ${error.message}.`;
        }
      });
      actions.append(button);
    }
    this.replaceChildren(actions, said);
  }
});
